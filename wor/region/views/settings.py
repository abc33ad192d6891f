"""The region's own settings, in four forms, and mail that did not arrive."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wor.accounts.models import IdentityProvider, Invitation, Membership
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound
from wor.outbox.models import Effect, Notice
from wor.pages import page
from wor.region import services
from wor.region.forms import (
    BOUNDS,
    SWITCHES,
    TERM_WORDS,
    AgreementsForm,
    CareForm,
    LookForm,
    ProviderForm,
    RetentionForm,
)
from wor.retention.models import RetentionRun
from wor.retention.rules import label_of
from wor.retention.terms import TERMS, chosen, ground_of
from wor.tenancy.models import Region
from wor.tenancy.versions import version_of

# Longer than a mail server is away for a restart.
LATE = dt.timedelta(hours=1)


@allow(Permission.MANAGE_REGION)
@require_safe
def region_settings(request: MemberRequest) -> HttpResponse:
    """How the region is set now."""
    region = request.region
    agreements = [
        (_("DPIA vastgesteld"), region.dpia_adopted_on),
        (_("Verwerkersovereenkomsten getekend"), region.processing_agreements_on),
        (_("Onderlinge regeling (AVG artikel 26) getekend"), region.joint_arrangement_on),
        (_("Functionaris gegevensbescherming genoemd"), bool(region.data_protection_officer)),
        (_("Privacyverklaring geplaatst"), bool(region.privacy_statement)),
    ]
    terms = [(label, region.setting(name), unit) for name, (label, unit) in TERM_WORDS.items()]
    provider = IdentityProvider.objects.filter(region_id=region.pk).first()
    context = {"agreements": agreements, "terms": terms, "provider": provider, "problems": mail_problems(region)}
    context["retention"] = retention_now(region)
    return render(request, "region/settings.html", context)


@allow(Permission.MANAGE_REGION)
def region_look(request: MemberRequest) -> HttpResponse:
    """Name and colours. A refused colour comes with a button that takes the nearest readable one."""
    region = request.region
    sent = _with_offer(request.POST) if request.POST.get("take") else request.POST
    form = bound(request, LookForm, data=sent, initial=_initial(region, services.LOOK_FIELDS))
    if form.is_bound and form.is_valid():
        services.change_region(region, fields=services.LOOK_FIELDS, **form.values(), by=request.membership)
        messages.success(request, _("Naam en kleuren zijn bewaard."))
        return redirect("region_settings")
    return page(request, "region/look.html", form=form)


def _with_offer(data: QueryDict) -> QueryDict:
    """The form as it was sent, with the offered colour filled in: ``take`` is "primary=#0B5D63"."""
    name, _equals, colour = str(data["take"]).partition("=")
    changed = data.copy()
    if name in ("primary", "accent"):
        changed[name] = colour
    return changed


@allow(Permission.MANAGE_REGION)
def region_care(request: MemberRequest) -> HttpResponse:
    """Variant, terms and thresholds."""
    region = request.region
    initial = _initial(region, services.CARE_FIELDS) | {name: region.setting(name) for name in (*BOUNDS, *SWITCHES)}
    form = bound(request, CareForm, initial=initial)
    if form.is_bound and form.is_valid():
        services.change_region(
            region,
            fields=services.CARE_FIELDS,
            version=form.cleaned_data["version"],
            settings=form.settings() | {name: region.settings[name] for name in ("keep",) if name in region.settings},
            **{name: form.cleaned_data[name] for name in ("variant", "min_cell_core", "min_cell_funder")},
            by=request.membership,
        )
        messages.success(request, _("De werkwijze is bewaard. Zij geldt vanaf nu, ook voor wat loopt."))
        return redirect("region_settings")
    return page(request, "region/care.html", form=form)


@allow(Permission.MANAGE_REGION)
def region_retention(request: MemberRequest) -> HttpResponse:
    """How long what is kept, and why longer than usual."""
    region = request.region
    initial = _initial(region, services.RETENTION_FIELDS) | chosen(region) | {"ground": ground_of(region)}
    form = bound(request, RetentionForm, initial=initial)
    if form.is_bound and form.is_valid():
        services.change_region(
            region,
            fields=services.RETENTION_FIELDS,
            version=form.cleaned_data["version"],
            settings={**region.settings, "keep": form.keep()},
            by=request.membership,
        )
        messages.success(request, _("De bewaartermijnen zijn bewaard. Zij gelden vanaf de komende nacht."))
        return redirect("region_settings")
    return page(request, "region/retention.html", form=form)


def last_run(region: Region) -> RetentionRun | None:
    return RetentionRun.objects.filter(region_id=region.pk, finished_at__isnull=False).order_by("-on").first()


def retention_now(region: Region) -> dict:
    """The terms, and what the last nightly round took away."""
    run = last_run(region)
    return {
        "terms": [(TERMS[name].label, length, TERMS[name].unit) for name, length in chosen(region).items()],
        "ground": ground_of(region),
        "last": run,
        "counts": [(label_of(code), count) for code, count in (run.counts if run else {}).items()],
    }


@allow(Permission.MANAGE_REGION)
def region_agreements(request: MemberRequest) -> HttpResponse:
    """What has to be in place before the region may work with people's data."""
    region = request.region
    form = bound(request, AgreementsForm, initial=_initial(region, services.AGREEMENT_FIELDS))
    if form.is_bound and form.is_valid():
        changed = services.change_region(
            region, fields=services.AGREEMENT_FIELDS, **form.values(), by=request.membership
        )
        is_open = changed.is_open
        messages.success(request, _("Bewaard. De regio is open.") if is_open else _("Bewaard. De regio is nog dicht."))
        return redirect("region_settings")
    return page(request, "region/agreements.html", form=form)


@allow(Permission.MANAGE_REGION)
def region_provider(request: MemberRequest) -> HttpResponse:
    """Signing in through the region's own OpenID Connect provider."""
    provider = IdentityProvider.objects.filter(region_id=request.region.pk).first()
    now = {name: getattr(provider, name) for name in services.PROVIDER_FIELDS} if provider else {"is_active": True}
    initial = now | {"version": services.provider_version(provider)}
    form = bound(request, ProviderForm, initial=initial)
    if form.is_bound and form.is_valid():
        services.change_identity_provider(request.region, **form.values(), by=request.membership)
        messages.success(request, _("De aanbieder is bewaard."))
        return redirect("region_settings")
    back = request.build_absolute_uri(reverse("openid_connect_callback", args=[request.region.slug]))
    return page(request, "region/provider.html", {"provider": provider, "callback_url": back}, form=form)


def _initial(region: Region, fields: tuple[str, ...]) -> dict:
    return {name: getattr(region, name) for name in fields} | {"version": version_of(region, fields)}


# --- Mail that did not arrive ----------------------------------------------------------------------------------------


def mail_problems(region: Region) -> dict[str, int]:
    """How many mails were given up, and how many wait longer than they should."""
    mine = Effect.objects.filter(region_id=region.pk, done_at__isnull=True)
    return {
        "failed": mine.filter(failed_at__isnull=False).count(),
        "late": mine.filter(failed_at__isnull=True, not_before__lt=timezone.now() - LATE).count(),
    }


@allow(Permission.MANAGE_REGION)
@require_safe
def deliveries(request: MemberRequest) -> HttpResponse:
    """Mails that the mail server kept refusing: to whom, since when, and another try."""
    refused = Effect.objects.filter(region_id=request.region.pk, failed_at__isnull=False)
    failed = list(refused.order_by("-failed_at")[:50])
    people = Membership.objects.visible_to(request.membership).prefetch_related("organisation")
    names = people.in_bulk([each.recipient_membership_id for each in failed if each.recipient_membership_id])
    users = {each.user_id: each for each in people.filter(user__in=[each.recipient_user_id for each in failed])}
    refs = [each.subject_ref for each in failed if each.kind == "invitation"]
    invited = {
        each.reference: each for each in Invitation.objects.visible_to(request.membership).filter(reference__in=refs)
    }
    rows = [
        {
            "who": _who(
                names.get(each.recipient_membership_id or 0) or users.get(each.recipient_user_id or 0),
                invited.get(each.subject_ref),
            ),
            "kind": _("Uitnodiging") if each.kind == "invitation" else _("Bericht dat er iets klaarstaat"),
            "when": formats.date_format(timezone.localtime(each.failed_at), "j F, H.i"),
            "url": reverse("deliver_again", args=[each.subject_ref]),
        }
        for each in failed
    ]
    return render(request, "region/deliveries.html", {"rows": rows, "problems": mail_problems(request.region)})


def _who(person: Membership | None, invitation: Invitation | None) -> str:
    if person is not None:
        return f"{person.display_name}, {person.organisation.name}"
    return invitation.name if invitation is not None else _("Onbekend")


@allow(Permission.MANAGE_REGION)
def deliver_again(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Try a refused mail again."""
    effect = Effect.objects.filter(region_id=request.region.pk, subject_ref=reference, failed_at__isnull=False).first()
    if effect is None:
        raise Http404
    if request.method == "POST":
        services.send_again(effect, by=request.membership)
        Notice.objects.filter(
            membership=request.membership, kind=Notice.Kind.FAILED, subject_ref=reference, read_at__isnull=True
        ).update(read_at=timezone.now())
        messages.success(request, _("We proberen de e-mail opnieuw te versturen."))
    return redirect("deliveries")
