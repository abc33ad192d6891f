"""Reports as files: asked for by a person, made by the worker, and kept.

A report is due while it has neither file nor failure. A worker takes one (``started_at``) and writes how far it is; one
that died is followed by another after ``TAKEN_FOR``. The rows that a report is made of never change, so making it twice
gives the same.
"""

import datetime as dt
import hashlib

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from dashboard import files
from dashboard.choices import REGION, Subject
from dashboard.figures import DEFINITION_VERSION
from dashboard.models import Audience, Publication, Report
from dashboard.published import document
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.tenancy.context import open_region
from wor.tenancy.models import Municipality, Region, StoredFile

TAKEN_FOR = dt.timedelta(minutes=2)
ATTEMPTS = 5

logger = structlog.get_logger(__name__)


@transaction.atomic
def order(subject: Subject, *, publication: Publication, form: str, by: Membership) -> Report:
    """Ask for a report. The same choice gives the one that was made before; a failed one is tried again."""
    choice = {
        "region": by.region,
        "publication": publication,
        "audience": subject.audience,
        "unit_id": subject.unit_id,
        "municipality_code": subject.municipality_code,
        "format": form,
    }
    former = Report.objects.filter(**choice).exclude(definition_version=DEFINITION_VERSION).count()
    report, is_new = Report.objects.get_or_create(
        **choice, definition_version=DEFINITION_VERSION, defaults={"by": by, "version": former + 1}
    )
    if is_new:
        record("report.created", report, by=by, format=form)
    elif report.failed_at:
        Report.objects.filter(pk=report.pk).update(failed_at=None, started_at=None, attempts=0, progress=0)
    return report


def build_due(region: Region) -> int:
    """Make what was asked for in a region. How many were made."""
    made = 0
    while (report_id := _take(region)) is not None:
        made += _build_safely(region, report_id)
    return made


def _build_safely(region: Region, report_id: int) -> bool:
    """One report that cannot be made keeps no other waiting. Its page says that it takes longer."""
    try:
        return _build(region, report_id)
    except Exception:
        logger.error("report-not-made", region_id=region.pk, exc_info=True)
        _show(region, report_id, 0)
        return False


def _take(region: Region) -> int | None:
    """Take the oldest that nobody works on. Committed before the work begins."""
    now = timezone.now()
    with open_region(region.pk):
        free = Q(started_at__isnull=True) | Q(started_at__lt=now - TAKEN_FOR)
        due = Report.objects.filter(free, region=region, done_at__isnull=True, failed_at__isnull=True)
        report = due.order_by("id").select_for_update(skip_locked=True).first()
        if report is None:
            return None
        if report.attempts >= ATTEMPTS:
            Report.objects.filter(pk=report.pk).update(failed_at=now)
            return _take(region)
        Report.objects.filter(pk=report.pk).update(started_at=now, attempts=F("attempts") + 1, progress=5)
        return report.pk


def _build(region: Region, report_id: int) -> bool:
    with open_region(region.pk), translation.override("nl"):
        report = Report.objects.select_related("publication", "unit").get(pk=report_id)
        content = document(_subject(report, region), report.publication, region)
    _show(region, report_id, 40)
    with translation.override("nl"):
        body = files.WRITERS[report.format](content, report)
    _show(region, report_id, 80)
    digest = hashlib.sha256(body).hexdigest()
    with open_region(region.pk):
        held = Report.objects.select_for_update().get(pk=report_id)
        if held.done_at is not None:
            return False  # another worker was first, with the same numbers
        held.file = StoredFile.objects.create(
            region=region,
            kind="report",
            sha256=digest,
            content_type=files.CONTENT_TYPES[held.format],
            size=len(body),
            content=body,
        )
        held.checksum, held.rows, held.progress, held.done_at = digest, content.rows, 100, timezone.now()
        held.save(update_fields=["file", "checksum", "rows", "progress", "done_at"])
        record("report.written", held, format=held.format)
    return True


def _show(region: Region, report_id: int, progress: int) -> None:
    with open_region(region.pk):
        Report.objects.filter(pk=report_id).update(progress=progress)


def _subject(report: Report, region: Region) -> Subject:
    """What the report is about, as it is called now."""
    if report.unit is not None:
        return Subject(str(report.unit.reference), report.unit.name, report.audience, (), report.unit_id)
    code = report.municipality_code
    if not code:
        return Subject(REGION, region.name, Audience.FUNDER, ())
    name = Municipality.objects.filter(pk=code).values_list("name", flat=True).first() or code
    return Subject(code, name, Audience.FUNDER, (), municipality_code=code)
