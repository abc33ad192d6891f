"""When the keeper works, what it says beforehand, and what it does after a restore."""

import datetime as dt
import json
import uuid
from contextlib import suppress
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from activities.models import ActivityReport
from referrals.models import Client, Referral, Status
from tests.factories import make_referral, make_world
from wor.accounts.models import Invitation
from wor.audit.models import SignInEvent
from wor.outbox.models import Effect, Notice
from wor.retention import services
from wor.retention.models import Erasure, RetentionRun
from wor.retention.terms import TERMS, chosen, ends_before, months_before
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

NOW = timezone.now()
NIGHT = NOW.replace(hour=2, minute=30)  # 3.30 or 4.30 in Amsterdam


@pytest.fixture
def kept(committed):
    """A database for each test: the nightly round goes over all regions."""
    with open_region(Region.objects.get(slug="rivierenland").pk):
        return make_world("rivierenland")


def close(world, months: int, **fields) -> Referral:
    closed_at = NOW - dt.timedelta(days=31 * months)
    return make_referral(world, status=Status.COMPLETED, closed_at=closed_at, **fields)


def erased_at(referral) -> dt.datetime | None:
    with open_region(referral.region_id):
        return Referral.objects.get(pk=referral.pk).erased_at


def call(name: str, *arguments, **options) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


# --- Each night ------------------------------------------------------------------------------------------------------


def test_tick_runs_each_region_once_a_day(kept):
    assert services.tick(NIGHT) == 2
    assert services.tick(NIGHT + dt.timedelta(minutes=10)) == 0
    assert services.tick(NIGHT + dt.timedelta(days=1)) == 2


def test_tick_waits_for_the_night(kept):
    services.tick(NIGHT)

    assert services.tick((NIGHT + dt.timedelta(days=1)).replace(hour=0, minute=30)) == 0


def test_tick_that_runs_out_of_time_goes_on_at_the_next(kept):
    assert services.tick(NIGHT, seconds=0) == 0
    with open_region(kept.region.pk):
        assert RetentionRun.objects.filter(finished_at__isnull=False).count() == 0

    assert services.tick(NIGHT + dt.timedelta(minutes=10)) == 2


def test_tick_without_the_keepers_address_says_what_is_missing(db, monkeypatch):
    monkeypatch.delitem(connections.settings, "keeper", raising=False)
    with suppress(AttributeError):  # there is one when the settings name it
        del connections["keeper"]
    with pytest.raises(ImproperlyConfigured, match="DATABASE_KEEPER_URL"):
        services.tick(NOW)


def test_beat_wakes_the_keeper():
    from django.conf import settings

    tasks = {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "wor.retention.tasks.end_what_lasted" in tasks


# --- Everything that is no case --------------------------------------------------------------------------------------


def test_outbox_invitations_and_remarks_go_after_their_term(kept):
    long_ago = NOW - dt.timedelta(days=91)
    with open_region(kept.region.pk):
        common = {"region_id": kept.region.pk, "subject_ref": uuid.uuid4()}
        Effect.objects.create(kind="notice", done_at=long_ago, **common)
        Effect.objects.create(kind="waits", **common)
        Notice.objects.create(membership=kept.coach, kind="question_asked", read_at=long_ago, **common)
        Notice.objects.create(membership=kept.coach, kind="question_asked", **common)
        person = {"region": kept.region, "organisation": kept.practice, "role": "referrer", "email": "a@b.example"}
        Invitation.objects.create(name="Oud", expires_at=long_ago, **person)
        Invitation.objects.create(name="Nieuw", expires_at=NOW + dt.timedelta(days=1), **person)

    services.run_region(kept.region, NOW)

    with open_region(kept.region.pk):
        assert [each.kind for each in Effect.objects.all()] == ["waits"]
        assert Notice.objects.get().read_at is None
        assert Invitation.objects.get().name == "Nieuw"


def test_words_of_a_stranger_go_after_a_year(kept):
    from wor.retention.rules import rule

    assert rule("remarks").count(kept.region, NOW, "default") == 0
    assert ActivityReport.kept == "remark"


def test_sign_ins_and_sessions_go_after_their_term(kept):
    SignInEvent.objects.create(kind="password", outcome="ok", at=NOW - dt.timedelta(days=370))
    SignInEvent.objects.create(kind="password", outcome="ok", at=NOW - dt.timedelta(days=300))
    Session.objects.create(session_key="old", session_data="x", expire_date=NOW - dt.timedelta(hours=1))
    Session.objects.create(session_key="new", session_data="x", expire_date=NOW + dt.timedelta(hours=1))

    services.run_general(NOW)

    assert SignInEvent.objects.count() == 1
    assert [each.session_key for each in Session.objects.all()] == ["new"]


def test_terms_are_those_of_the_design():
    assert {name: term.usual for name, term in TERMS.items()} == {
        "case": 24,
        "case_text": 12,
        "not_started": 12,
        "client_link": 30,
        "outbox": 90,
        "log": 60,
        "staff": 24,
    }
    assert (TERMS["staff"].least, TERMS["staff"].most) == (12, 60)
    assert TERMS["log"].least == 60


def test_log_is_kept_five_years_whatever_is_chosen(kept):
    kept.region.settings = {"keep": {"log": 61, "ground": ""}}

    assert chosen(kept.region)["log"] == 61
    assert ends_before(kept.region, "log", NOW) == months_before(NOW, 60)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [((2026, 3, 31), 1, (2026, 2, 28)), ((2026, 1, 15), 12, (2025, 1, 15)), ((2026, 5, 31), 60, (2021, 5, 31))],
)
def test_months_before_ends_in_a_day_that_exists(day, months, before):
    assert months_before(dt.datetime(*day, tzinfo=dt.UTC), months) == dt.datetime(*before, tzinfo=dt.UTC)


# --- The command -----------------------------------------------------------------------------------------------------


def test_dry_run_says_what_would_go_and_leaves_it(kept):
    with open_region(kept.region.pk):
        old, words = close(kept, 25), close(kept, 13)

    said = call("retention", dry_run=True, regio="rivierenland")

    assert "1  Verwijzingen en begeleidingen, op de telling na" in said
    assert "2  Vrije tekst van begeleidingen" in said
    assert "Er is niets gewist." in said
    assert erased_at(old) is None
    assert erased_at(words) is None


def test_dry_run_needs_no_more_than_the_application_may(world):
    assert "Concepten" in call("retention", dry_run=True)


def test_command_ends_what_it_announced(kept):
    with open_region(kept.region.pk):
        old = close(kept, 25)

    call("retention")

    assert erased_at(old) is not None
    assert " 1  " not in call("retention", dry_run=True)


# --- After a restore -------------------------------------------------------------------------------------------------


def test_what_was_erased_is_erased_again_after_a_restore(kept, tmp_path, settings):
    settings.ERASURES_LIST = str(tmp_path / "gewist.jsonl")
    with open_region(kept.region.pk):
        old, words = close(kept, 25), close(kept, 13)
    services.run_region(kept.region, NOW)
    lines = (tmp_path / "gewist.jsonl").read_text().splitlines()
    assert {json.loads(each)["reference"] for each in lines} == {
        str(each) for each in (old.reference, old.client.reference, words.reference)
    }
    # As if the backup is from before: both are there again, and recent enough for the terms.
    with open_region(kept.region.pk):
        now = {"closed_at": NOW, "erased_at": None, "text_erased_at": None, "help_request": "Terug."}
        Referral.objects.filter(pk__in=[old.pk, words.pk]).update(**now)
        Client.objects.filter(pk=old.client_id).update(family_name="Terug", phone="0612345678", erased_at=None)

    said = call("after_restore", gewist=str(tmp_path / "gewist.jsonl"))

    with open_region(kept.region.pk):
        assert Client.objects.get(pk=old.client_id).family_name == ""
        assert [each.help_request for each in Referral.objects.order_by("pk")] == ["", ""]
        assert Referral.objects.get(pk=words.pk).erased_at is None
    assert "rivierenland: logboek in tijdvak 1; opnieuw gewist: 2" in said


def test_list_in_the_database_is_the_same_as_the_one_beside_it(kept, tmp_path, settings):
    settings.ERASURES_LIST = str(tmp_path / "gewist.jsonl")
    with open_region(kept.region.pk):
        close(kept, 25)
    services.run_region(kept.region, NOW)

    beside = (tmp_path / "gewist.jsonl").read_text().splitlines()
    inside = call("erasures").splitlines()
    without_time = [[{**json.loads(line), "at": ""} for line in lines] for lines in (beside, inside)]
    assert without_time[0] == without_time[1]


def test_list_that_cannot_be_written_stops_the_erasure(kept, tmp_path, settings):
    settings.ERASURES_LIST = str(tmp_path / "weg" / "gewist.jsonl")
    with open_region(kept.region.pk):
        old = close(kept, 25)

    with pytest.raises(OSError):
        services.run_region(kept.region, NOW)

    assert erased_at(old) is None


@pytest.mark.parametrize("line", ["{", "[]", '{"kind": "case", "region": "rivierenland", "reference": "Jansen"}'])
def test_list_that_is_damaged_is_refused(committed, tmp_path, line):
    (tmp_path / "list").write_text(line)

    with pytest.raises(CommandError, match="Regel 1 van de lijst"):
        call("after_restore", gewist=str(tmp_path / "list"))


def test_list_holds_references_only(kept):
    columns = {field.name for field in Erasure._meta.local_fields}

    assert columns == {"id", "region", "reference", "created_at", "at", "kind", "subject_ref"}
    assert connections["keeper"].settings_dict["USER"] == "wor_keeper"
    assert Region.objects.count() == 2
