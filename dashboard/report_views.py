"""Pages of the reports. Each look and each download is a row in the access log; no page holds anything of a person."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from dashboard import reports as services
from dashboard.choices import Subject, find_subject, subjects_of
from dashboard.figures import DEFINITION_VERSION, FIGURES
from dashboard.models import Publication, Report
from dashboard.published import Document, document, period_code, period_name, publications_for
from dashboard.report_forms import ChoiceForm, OrderForm
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.audit.models import AccessLogEntry
from wor.forms import bound
from wor.pages import get_visible, page


@allow(Permission.REPORTS)
@require_safe
def reports(request: MemberRequest) -> HttpResponse:
    """Choose a report and read it here."""
    subjects = subjects_of(request.membership)
    subject = _chosen(subjects, request.GET.get("over", ""))
    publications = publications_for(subject, request.region) if subject else []
    if subject is None or not publications:
        return render(request, "dashboard/reports_none.html", {"subject": subject})
    code = request.GET.get("periode", "")
    publication = next((each for each in publications if period_code(each) == code), publications[0])
    shown = document(subject, publication, request.region, among=publications)
    _log(request, shown)
    choice = {"over": subject.code, "periode": period_code(publication)}
    return render(
        request,
        "dashboard/reports.html",
        {
            "document": shown,
            "choice_form": ChoiceForm(initial=choice, subjects=subjects, publications=publications),
            "order_form": OrderForm(initial={**choice, "vorm": Report.Format.PDF}),
            "order_url": reverse("order_report", query=choice),
            "made": Report.objects.visible_to(request.membership).made_of(
                publication, unit_id=subject.unit_id, municipality_code=subject.municipality_code
            ),
            "printed_at": formats.date_format(timezone.localtime(), "j F Y, H.i"),
        },
    )


def _chosen(subjects: list[Subject], code: str) -> Subject | None:
    """The one asked for. Another's does not exist; without a choice the first."""
    if code and code not in {each.code for each in subjects}:
        raise Http404
    return next((each for each in subjects if each.code == code), subjects[0] if subjects else None)


@allow(Permission.REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def order_report(request: MemberRequest) -> HttpResponse:
    """Ask for a report as a file."""
    asked = {"over": request.GET.get("over", ""), "periode": request.GET.get("periode", ""), "vorm": Report.Format.PDF}
    form = bound(request, OrderForm, initial=asked)
    chosen = _publication(request, form["over"].value() or "", form["periode"].value() or "")
    if form.is_bound and form.is_valid():
        if chosen is None:
            raise Http404
        subject, publication = chosen
        made = services.order(subject, publication=publication, form=form.cleaned_data["vorm"], by=request.membership)
        return redirect("report", made.reference)
    names = {"subject": chosen[0], "period": period_name(chosen[1])} if chosen else {}
    return page(request, "dashboard/order_report.html", names, form=form)


def _publication(request: MemberRequest, over: str, code: str) -> tuple[Subject, Publication] | None:
    subject = find_subject(request.membership, over)
    publications = publications_for(subject, request.region) if subject else []
    found = next((each for each in publications if period_code(each) == code), None)
    return (subject, found) if subject and found else None


@allow(Permission.REPORTS)
@require_safe
def report(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """How far a report is, and the file once it is there. As a fragment: the progress alone."""
    found = get_visible(Report, request, reference)
    audit.log("read", found, by=request.membership)
    template = "dashboard/_report_state.html" if request.htmx else "dashboard/report.html"
    subject = _subject(request, found)
    context = {
        "report": found,
        "name": subject.name,
        "period": period_name(found.publication),
        "back_url": reverse("reports", query={"over": subject.code, "periode": period_code(found.publication)}),
    }
    return render(request, template, context)


@allow(Permission.REPORTS)
@require_safe
def report_file(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """The file of a report."""
    found = get_visible(Report, request, reference)
    if found.done_at is None:
        raise Http404
    audit.log(
        AccessLogEntry.Kind.EXPORT,
        found,
        by=request.membership,
        action=AccessLogEntry.Action.EXECUTE,
        count=found.rows,
        filter_codes=_codes(found.publication, _subject(request, found).code, found.format),
    )
    name = slugify(f"{_subject(request, found).name} {period_code(found.publication)}") or "rapport"
    response = HttpResponse(bytes(found.file.content), content_type=found.file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{found.format}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _subject(request: MemberRequest, found: Report) -> Subject:
    """What a visible report is about."""
    return next(
        each
        for each in subjects_of(request.membership)
        if (each.unit_id, each.municipality_code) == (found.unit_id, found.municipality_code)
    )


@allow(Permission.OWN_ACCOUNT)
@require_safe
def figure_words(request: MemberRequest) -> HttpResponse:
    """What each figure means."""
    figures = sorted(FIGURES.values(), key=lambda each: str(each.title))
    return render(request, "dashboard/figure_words.html", {"figures": figures, "version": DEFINITION_VERSION})


def _codes(publication: Publication, about: str, form: str) -> str:
    return f"periode={period_code(publication)} over={about} vorm={form}"


def _log(request: MemberRequest, shown: Document) -> None:
    """Which closed period was read: codes only."""
    audit.log(
        "list",
        by=request.membership,
        object_type="report",
        count=shown.rows,
        filter_codes=_codes(shown.publication, shown.subject.code, "scherm"),
    )
