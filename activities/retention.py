"""What ends of the sociale kaart: it holds no people, but a stranger's words or a refused line may name one."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from wor.retention.rules import Rule, Turn, ask, deleting, lasting, register, run
from wor.retention.terms import IMPORT_DAYS
from wor.tenancy.models import Region

_OLD_FILES = """
    SELECT f.id FROM tenancy_storedfile f JOIN activities_import i ON i.file_id = f.id AND i.region_id = f.region_id
    WHERE f.region_id = %s AND f.size > 0 AND i.created_at < %s"""


def _old(region: Region | None, now: dt.datetime) -> tuple[str, list]:
    """Lines and files alike, whether they were applied or left lying."""
    return "region_id = %s AND created_at < %s", _since(region, now)


def _since(region: Region | None, now: dt.datetime) -> list:
    return [region.pk, now - dt.timedelta(days=IMPORT_DAYS)] if region else []


def _count_files(region: Region | None, now: dt.datetime, using: str) -> int:
    return int(ask(using, f"SELECT count(*) FROM ({_OLD_FILES}) old", _since(region, now))[0][0])  # noqa: S608


def _turn_files(region: Region | None, now: dt.datetime, using: str) -> Turn:
    """The row stays, for the import names it; nothing of the content does."""
    gone = run(
        using,
        f"UPDATE tenancy_storedfile SET content = '', size = 0, sha256 = '' WHERE id IN ({_OLD_FILES})",  # noqa: S608
        _since(region, now),
    )
    return Turn(count=gone)


deleting("import_lines", _("Regels van ingelezen bestanden"), "activities_importline", _old)
register(Rule("import_files", _("Inhoud van ingelezen bestanden"), _count_files, _turn_files))
deleting(
    "provider_answers",
    _("Wat aanbieders wijzigden"),
    "activities_provideranswer",
    lasting("outbox", "created_at < %s"),
)
deleting(
    "provider_links",
    _("Verlopen links voor aanbieders"),
    "activities_providerlink",
    lasting("outbox", "expires_at < %s"),
)
