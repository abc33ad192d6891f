"""*Klopt dit niet?* What visitors and colleagues say about entries, and what was done with it."""

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities import pages, services
from activities.forms import HandleReportForm
from activities.models import ActivityReport
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.audit.models import AccessLogEntry
from wor.errors import DomainError
from wor.forms import bound
from wor.outbox.services import mark_read
from wor.pages import get_visible, page, parse_reference
from wor.region.paging import PER_PAGE, more_url


@allow(Permission.MODERATE)
@require_safe
def activity_reports(request: MemberRequest) -> HttpResponse:
    """*Klopt dit niet?*, oldest first. Free text of strangers: who read it is written down."""
    found = ActivityReport.objects.visible_to(request.membership).to_do().order_by("id")
    last = parse_reference(request.GET.get("na"))
    if last is not None:
        found = found.filter(id__gt=found.filter(reference=last).values("id")[:1])
    shown = report_rows(request, found[: PER_PAGE + 1])
    more = len(shown) > PER_PAGE
    context = {
        "rows": shown[:PER_PAGE],
        "next_url": more_url(request, shown[PER_PAGE - 1]["reference"]) if more else "",
    }
    context["first_url"] = reverse("activity_reports") if last else ""
    return render(request, "activities/reports.html", context)


def report_rows(request: MemberRequest, found: QuerySet[ActivityReport]) -> list[dict]:
    rows = [
        {
            "reference": each.reference,
            "body": each.body,
            "title": each.activity.title,
            "url": reverse("keep_activity", args=[each.activity.reference]),
            "who": each.by.display_name if each.by else _("een bezoeker"),
            "when": pages.show_day(each.created_at),
            "handle_url": reverse("handle_report", args=[each.reference]),
        }
        for each in found.prefetch_related("activity", "by")
    ]
    if rows:
        kind = AccessLogEntry.Kind.LIST
        audit.log(kind, by=request.membership, object_type="activityreport", count=len(rows))
    return rows


@allow(Permission.MODERATE)
def handle_report(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """What was done with a report."""
    found = get_visible(ActivityReport.objects.select_related("activity"), request, reference)
    if found.handled_at is not None:
        if request.method != "POST":
            messages.info(request, _("Een collega heeft deze melding al afgehandeld."))
            return redirect("activity_reports")
        raise DomainError(_("Een collega heeft deze melding al afgehandeld."))
    form = bound(request, HandleReportForm)
    if form.is_bound and form.is_valid():
        services.handle_report(found, **form.values(), by=request.membership)
        messages.success(request, _("De melding is afgehandeld."))
        return redirect("activity_reports")
    audit.log(AccessLogEntry.Kind.READ, found, by=request.membership)
    mark_read(request.membership, subject_ref=found.reference)
    return page(request, "activities/handle_report.html", {"report": found, "activity": found.activity}, form=form)
