"""*Gat in het aanbod*: what coaches could not find, for who keeps the sociale kaart."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.pages import show_day
from coaches import services
from coaches.models import Gap
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.audit.models import AccessLogEntry
from wor.forms import WorForm, bound, goes_well
from wor.pages import get_visible, page, parse_reference
from wor.region.paging import PER_PAGE, more_url

NAMES = ("target_cell__problem", "target_cell__target_group", "theme", "district", "by", "welfare_organisation")


@allow(Permission.MODERATE)
@require_safe
def gaps(request: MemberRequest) -> HttpResponse:
    """Oldest first: what waits longest is asked first."""
    found = Gap.objects.visible_to(request.membership).to_do().order_by("id")
    last = parse_reference(request.GET.get("na"))
    if last is not None:
        found = found.filter(id__gt=found.filter(reference=last).values("id")[:1])
    keys = list(found.values_list("pk", flat=True)[: PER_PAGE + 1])
    more = len(keys) > PER_PAGE
    entries = list(Gap.objects.filter(pk__in=keys[:PER_PAGE]).select_related(*NAMES).order_by("id"))
    if entries:
        audit.log(AccessLogEntry.Kind.LIST, by=request.membership, object_type="gap", count=len(entries))
    context = {
        "rows": [_row(each) for each in entries],
        "next_url": more_url(request, entries[-1].reference) if more else "",
        "first_url": reverse("gaps") if last else "",
    }
    return page(request, "coaches/gaps.html", context)


def _row(gap: Gap) -> dict:
    cell = gap.target_cell
    about = [f"{cell.target_group} × {cell.problem}" if cell else "", str(gap.theme or ""), str(gap.district or "")]
    who = gap.by.display_name if gap.by else ""
    return {
        "title": str(gap.get_kind_display()),
        "text": gap.note,
        "meta": " · ".join(part for part in about if part),
        "when": " · ".join(part for part in (show_day(gap.created_at), who, gap.welfare_organisation.name) if part),
        "handle_url": reverse("handle_gap", args=[gap.reference]),
    }


@allow(Permission.MODERATE)
def handle_gap(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Something was added to the sociale kaart, or nothing can be."""
    gap = get_visible(Gap, request, reference)
    form = bound(request, WorForm)
    if form.is_bound and form.is_valid() and goes_well(form, lambda: services.handle_gap(gap, by=request.membership)):
        messages.success(request, _("Het gat is afgehandeld."))
        return redirect("gaps")
    audit.log(AccessLogEntry.Kind.READ, gap, by=request.membership)
    return page(request, "coaches/handle_gap.html", {"gap": gap, "row": _row(gap)}, form=form)
