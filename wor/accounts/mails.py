"""What the mails say: only that something is ready, and where. Nothing about whom, in any part of the mail."""

from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from wor.accounts.models import Invitation, Membership, Role, User
from wor.calendar import local_day, start_of
from wor.outbox import relay, reminders
from wor.outbox.models import Effect, Notice

COACH_SIDE = (Role.COACH, Role.COORDINATOR)


def register_mails() -> None:
    """Tell the relay who writes what. Called when the app is ready."""
    relay.register("notice", notice_mail, merge=True)
    relay.register(reminders.SUMMARY, reminder_mail, at_most_once=True)
    relay.register("invitation", invitation_mail)
    relay.register("password_forgotten", password_forgotten_mail)
    relay.register("password_changed", account_mail)
    relay.register("sign_in_changed", account_mail)


def notice_mail(effects: list[Effect]) -> relay.Mail | None:
    """One mail about all that waits for one person. None when it was read already, or the role has ended."""
    notices = Notice.objects.filter(reference__in=[each.subject_ref for each in effects], read_at__isnull=True)
    kinds = set(notices.values_list("kind", flat=True))
    membership = (
        Membership.objects.active().select_related("user").filter(pk=effects[0].recipient_membership_id or 0).first()
    )
    if not kinds or membership is None or not membership.user.is_active:
        return None
    return write(membership.user.email, _template(membership.role, kinds), address=_inbox_address(membership))


def reminder_mail(effects: list[Effect]) -> relay.Mail | None:
    """The one mail of the day that says that something waits; None when nothing does any more.

    Somebody with several roles is led to the one in which most recently something was told; that inbox shows in which
    others something is new too.
    """
    memberships = Membership.objects.active().select_related("user").filter(user_id=effects[0].recipient_user_id or 0)
    mine = {each.pk: each for each in memberships if each.user.is_active}
    waiting = Notice.objects.filter(membership__in=mine, kind__in=reminders.notices(), read_at__isnull=True).filter(
        created_at__gte=effects[0].created_at
    )
    told = [pk for pk in waiting.order_by("-id").values_list("membership_id", flat=True) if not _hears_anyway(mine[pk])]
    if not told:
        return None
    membership = mine[told[0]]
    template = "reminder_coach" if membership.role in COACH_SIDE else "reminder"
    return write(membership.user.email, template, address=_inbox_address(membership))


def _hears_anyway(membership: Membership) -> bool:
    """A practice gets one mail a day: its news of today leads to the same inbox (decision 0007)."""
    if membership.role != Role.REFERRER:
        return False
    news = Effect.objects.filter(kind="notice", recipient_membership_id=membership.pk)
    if news.filter(done_at__gte=start_of(local_day(timezone.now()))).exclude(message_id="").exists():
        return True
    ready = news.filter(done_at__isnull=True, failed_at__isnull=True, not_before__lte=timezone.now())
    return Notice.objects.filter(reference__in=ready.values("subject_ref"), read_at__isnull=True).exists()


def _template(role: str, kinds: set[str]) -> str:
    kind = Notice.Kind
    if role in COACH_SIDE:
        return "new_referral" if kinds <= {kind.NEW_REFERRAL, kind.ASSIGNED} else "coach_news"
    if role == Role.REFERRER:
        return "question" if kinds == {kind.QUESTION} else "practice_news"
    return "news"


def _inbox_address(membership: Membership) -> str:
    """Leads to the inbox in this role, after signing in."""
    return f"{settings.SITE_URL}/ga/{membership.reference}/?{urlencode({'next': reverse('notices')})}"


def invitation_mail(effects: list[Effect]) -> relay.Mail | None:
    """The invitation with its link. The token is made here and kept only as a hash."""
    from wor.accounts.services import issue_invitation_token

    invitation = Invitation.objects.select_related("region").filter(reference=effects[0].subject_ref).first()
    if invitation is None or not invitation.is_open:
        return None
    path = reverse("invitation", args=[invitation.region.slug, issue_invitation_token(invitation)])
    return write(invitation.email, "invitation", address=f"{settings.SITE_URL}{path}")


def password_forgotten_mail(effects: list[Effect]) -> relay.Mail | None:
    """The link to a new password, made when the mail is."""
    from wor.accounts.services import new_password_address

    user = User.objects.filter(pk=effects[0].recipient_user_id or 0, is_active=True).first()
    return write(user.email, "password_forgotten", address=new_password_address(user)) if user else None


def account_mail(effects: list[Effect]) -> relay.Mail | None:
    """Something about the account changed: whoever did not do that hears of it."""
    user = User.objects.filter(pk=effects[0].recipient_user_id or 0).first()
    return write(user.email, effects[0].kind, address=settings.SITE_URL + reverse("account")) if user else None


def write(to: str, template: str, *, address: str) -> relay.Mail:
    """A mail from ``templates/mail/``: its first line is the subject, the rest the text."""
    text = render_to_string(f"mail/{template}.txt", {"address": address}).strip()
    subject, _blank, body = text.partition("\n\n")
    return relay.Mail(to=to, subject=subject, body=body + "\n")
