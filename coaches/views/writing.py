"""Words to the practice: terugkoppeling, questions and answers."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from coaches import forms, services
from coaches.drafting import fixed_sentence
from coaches.views.shared import deed, done, drafted, is_fixed, level_note, open_case, sent
from referrals import services as exchange
from referrals.models import Feedback, Message
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound, goes_well


@allow(Permission.GUIDE)
def feedback(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Drafted from the log: read, change, send."""
    referral = open_case(request, reference)
    me = request.membership
    moment = Feedback.Moment.INTAKE if referral.feedback_at is None else Feedback.Moment.INTERIM
    fixed = is_fixed(referral)
    body = "" if fixed or request.method == "POST" else drafted(referral, me, moment)
    form = bound(request, forms.FeedbackForm, initial={"moment": moment, "body": body}, is_fixed=fixed)
    if sent(form) and goes_well(form, lambda: services.send_feedback(referral, **form.values(), by=me)):
        return done(request, referral, _("Verstuurd. De verwijzer krijgt bericht."))
    return deed(
        request,
        referral,
        form,
        title=_("Terugkoppeling"),
        submit=_("Versturen"),
        template="coaches/feedback.html",
        fixed=fixed_sentence(referral) if fixed else "",
        note=level_note(referral),
    )


@allow(Permission.GUIDE)
def ask(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.MessageForm)
    if sent(form) and goes_well(form, lambda: exchange.ask(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Vraag gesteld. De praktijk krijgt bericht."))
    return deed(request, referral, form, title=_("Vraag aan de praktijk"), submit=_("Vraag versturen"))


@allow(Permission.GUIDE)
def answer(request: MemberRequest, reference: uuid.UUID, question: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    asked = get_object_or_404(
        Message, referral=referral, reference=question, kind=Message.Kind.QUESTION, side=Message.Side.PRACTICE
    )
    asked.referral = referral
    if request.method != "POST" and Message.objects.filter(answers=asked).exists():
        messages.info(request, _("Deze vraag is al beantwoord."))
        return redirect("case", referral.reference)
    form = bound(request, forms.MessageForm)
    form.fields["body"].label = _("Je antwoord")
    if sent(form) and goes_well(form, lambda: services.answer(asked, **form.values(), by=request.membership)):
        return done(request, referral, _("Antwoord verstuurd."))
    return deed(
        request, referral, form, title=_("Vraag beantwoorden"), submit=_("Antwoord versturen"), quote=asked.body
    )
