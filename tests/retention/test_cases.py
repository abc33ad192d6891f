"""What is left of a case when its term has ended: first no words, later nobody."""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.db import connections
from django.utils import timezone

from coaches.models import Action, Contact, Intake, Placement
from referrals import retention
from referrals.models import Client, ClientLink, Consent, Feedback, Message, Recusal, Referral, ReferralDraft, Status
from tests.factories import make_referral
from wor.audit.models import AccessLogEntry, Event
from wor.audit.services import record
from wor.outbox.models import Notice
from wor.retention.models import Erasure, RetentionRun
from wor.retention.rows import emptied, personal_fields
from wor.retention.services import run_region
from wor.tenancy.context import open_region, set_region

NOW = timezone.now()


def ago(months: int) -> dt.datetime:
    return NOW - dt.timedelta(days=31 * months)


def make_case(world, months: int, status=Status.COMPLETED, **fields) -> Referral:
    """A case that was closed so many months ago, with something of everything."""
    referral = make_referral(world, status=status, discussed="Slaapt slecht.", his_number="4711", **fields)
    inside = {"region": world.region, "referral": referral}
    mine = {**inside, "welfare_organisation": world.welfare}
    contact = Contact.objects.create(
        **mine, key=uuid.uuid4(), by=world.coach, at=ago(months), kind="talk", way="phone", line="Is verdrietig."
    )
    Intake.objects.create(**mine, held_at=ago(months), held_by=world.coach, wish="Wandelen.", wellbeing_t0=4)
    Action.objects.create(
        **mine, key=uuid.uuid4(), owner=world.coach, due_on=NOW.date(), text="Bel Jo.", done_in=contact
    )
    sides = {**inside, "by": world.coach}
    question = Message.objects.create(**sides, key=uuid.uuid4(), side="welfare", kind="question", body="Mag ik?")
    Message.objects.create(
        **sides, key=uuid.uuid4(), side="practice", kind="answer", body="Ja, haar zoon ook.", answers=question
    )
    Feedback.objects.create(
        **inside, practice=world.practice, key=uuid.uuid4(), moment="closing", body="Het gaat goed.", level="all",
        sent_at=ago(months), sent_by=world.coach,
    )  # fmt: skip
    Recusal.objects.create(**inside, membership=world.second_coach)
    ClientLink.objects.create(**inside, client=referral.client, kind="leaflet_page", token_hash=uuid.uuid4().hex)
    Notice.objects.create(
        region=world.region, membership=world.coach, kind="referral_new", subject_ref=referral.reference
    )
    record("referral.closed", referral, by=world.coach)
    referral.help_request = "Wil nog meer onder de mensen komen."
    if status not in retention.GUIDED + retention.NEVER_STARTED:
        referral.save()
        return referral
    referral.closed_at = ago(months)
    referral.save()
    return referral


@pytest.fixture
def make(kept):
    def made(months, status=Status.COMPLETED, **fields):
        with open_region(kept.region.pk):
            return make_case(kept, months, status, **fields)

    return made


def run(world) -> dict:
    assert run_region(world.region, NOW)
    with open_region(world.region.pk):
        return RetentionRun.objects.get(region=world.region).counts


def fresh(row):
    with open_region(row.region_id):
        return type(row).objects.get(pk=row.pk)


def ask(region, sql: str):
    with open_region(region.pk), connections["default"].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def left_of(world, model, words_only: bool) -> list:
    """Rows of this model that still hold something personal, with the fields that do."""
    fields = personal_fields(model, words_only=words_only)
    empty = [emptied(field).replace("= NULL", "IS NULL") for field in fields]
    full = " OR ".join(f"NOT coalesce({each}, true)" for each in empty)
    return ask(world.region, f'SELECT id FROM "{model._meta.db_table}" WHERE {full}') if full else []


def test_words_go_a_year_after_closing_and_the_person_stays(kept, make):
    referral = make(13)

    assert run(kept)["words"] == 1

    after, client = fresh(referral), fresh(referral.client)
    assert (after.help_request, after.discussed, after.his_number) == ("", "", "")
    assert after.text_erased_at is not None
    assert after.erased_at is None
    assert client.family_name.startswith("Vries")
    for model in {*retention.parts(), Referral} - {Consent}:
        assert left_of(kept, model, words_only=True) == [], model


def test_old_values_of_the_words_go_with_them(kept, make):
    make(13)
    assert ask(kept.region, "SELECT count(*) FROM referrals_referralevent") == [(1,)]

    run(kept)

    for model in [*retention.parts(), Referral]:
        if (table := retention.history_table(model)) and model is not Consent:
            assert ask(kept.region, f"SELECT count(*) FROM {table}") == [(0,)], table


def test_case_goes_two_years_after_closing_and_the_row_for_figures_stays(kept, make):
    referral = make(25)

    assert run(kept)["cases"] == 1

    after, client = fresh(referral), fresh(referral.client)
    assert after.erased_at is not None
    assert client.erased_at is not None
    assert (after.status, after.age_band, after.closed_at) == (referral.status, referral.age_band, referral.closed_at)
    assert [client.name, client.search_name, client.phone, client.postcode] == ["", "", "", ""]
    assert client.birth_date == dt.date(1900, 1, 1)


def test_nothing_personal_of_an_ended_case_is_left_in_any_table(kept, make):
    make(25)

    run(kept)

    for model in {*retention.parts(), Referral, Client}:
        if model._meta.label_lower in {*retention.COUNTED, "referrals.referral", "referrals.client"}:
            assert left_of(kept, model, words_only=False) == [], model
        else:
            assert ask(kept.region, f'SELECT count(*) FROM "{model._meta.db_table}"') == [(0,)], model
        if table := retention.history_table(model):
            assert ask(kept.region, f"SELECT count(*) FROM {table}") == [(0,)], table
    with open_region(kept.region.pk):
        gone = (Message, Feedback, Action, Consent, Recusal, ClientLink, Notice)
        assert [model.objects.count() for model in gone] == [0] * len(gone)
        assert not Event.objects.filter(name="referral.closed").exists()
        assert (Contact.objects.count(), Intake.objects.count()) == (1, 1)


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DECLINED, Status.NOT_STARTED, Status.ENTERED_IN_ERROR])
def test_what_never_started_goes_after_a_year(kept, make, status):
    old, recent = make(13, status), make(11, status)

    assert run(kept)["cases"] == 1

    assert fresh(old).erased_at is not None
    assert fresh(old.client).erased_at is not None
    assert fresh(recent).help_request != ""


@pytest.mark.parametrize("status", [Status.SENT, Status.ACCEPTED, Status.WAITLISTED, Status.ACTIVE, Status.PAUSED])
def test_open_case_keeps_everything_however_old(kept, make, status):
    referral = make(0, status, sent_days_ago=4000)

    run(kept)

    assert fresh(referral).discussed == "Slaapt slecht."
    with open_region(kept.region.pk):
        assert Message.objects.count() == 2
        assert ClientLink.objects.count() == 1
        assert ask(kept.region, "SELECT count(*) FROM referrals_referralevent") == [(1,)]


def test_client_with_an_open_case_keeps_their_name_when_an_old_case_ends(kept, make):
    old = make(25)
    make(0, Status.ACTIVE, client=old.client)

    run(kept)

    assert fresh(old).erased_at is not None
    assert fresh(old.client).erased_at is None
    assert fresh(old.client).family_name != ""
    with open_region(kept.region.pk):
        assert Consent.objects.count() == 1


def test_last_case_that_ends_takes_the_client_along(kept, make):
    old = make(37)
    make(25, client=old.client)

    run(kept)

    assert fresh(old.client).erased_at is not None


def test_client_links_go_thirty_days_after_closing(kept, make):
    make(2)
    recent = make(0)

    assert run(kept)["client_links"] == 1

    with open_region(kept.region.pk):
        assert [link.referral_id for link in ClientLink.objects.all()] == [recent.pk]


def test_ended_case_is_seen_by_nobody(kept, make):
    referral = make(25)

    run(kept)

    with open_region(kept.region.pk):
        for person in (kept.referrer, kept.coach, kept.coordinator):
            assert not Referral.objects.visible_to(person).filter(pk=referral.pk).exists()
            assert not Client.objects.visible_to(person).filter(pk=referral.client_id).exists()


def test_longer_term_counts_only_with_a_written_ground(kept, make):
    referral = make(25)
    kept.region.settings = {"keep": {"case": 60, "case_text": 60}}
    run(kept)
    assert fresh(referral).erased_at is not None

    kept.region.settings["keep"]["ground"] = "Bestuursbesluit 12: onderzoek tot 2030."
    other = make(25)
    run(kept)
    assert fresh(other).discussed != ""


def test_shorter_term_never_ends_what_can_be_reopened(kept, make):
    kept.region.settings = {"keep": {"case_text": 3}, "reopen_months": 6}
    reopenable, old = make(5), make(8)

    run(kept)

    assert fresh(reopenable).discussed != ""
    assert fresh(old).discussed == ""


def test_other_region_is_left_alone(kept, make):
    from tests import factories
    from wor.tenancy.models import Region

    with open_region(Region.objects.get(slug="heideland").pk):
        set_region(Region.objects.get(slug="heideland").pk)
        elsewhere = factories.make_world("heideland")
        theirs = make_case(elsewhere, 25)

    run(kept)

    assert fresh(theirs).discussed != ""


def test_run_is_written_down_by_reference(kept, make):
    referral = make(25)

    counts = run(kept)

    with open_region(kept.region.pk):
        listed = dict(Erasure.objects.values_list("kind", "subject_ref"))
        assert listed == {"case": referral.reference, "client": referral.client.reference}
        row = AccessLogEntry.objects.get(purpose="retention.cases")
        assert (row.action, row.row_count, row.client_refs) == ("D", 1, [referral.client.reference])
        assert Event.objects.get(name="retention.finished").data == counts


def test_second_run_finds_nothing(kept, make):
    make(25)
    make(13)
    first = run(kept)

    assert run(kept) == first
    with open_region(kept.region.pk):
        assert Erasure.objects.count() == 3


def test_drafts_go_after_their_term(kept):
    with open_region(kept.region.pk):
        draft = ReferralDraft.objects.create(region=kept.region, practice=kept.practice, payload={"phone": "06"})
        ReferralDraft.objects.filter(pk=draft.pk).update(changed_at=NOW - dt.timedelta(days=15))

    assert run(kept)["drafts"] == 1


def test_more_than_a_turn_goes_in_turns(kept, make, monkeypatch):
    monkeypatch.setattr(retention, "CASES_PER_TURN", 2)
    for _each in range(5):
        make(25)

    assert run(kept)["cases"] == 5
    with open_region(kept.region.pk):
        assert AccessLogEntry.objects.filter(purpose="retention.cases").count() == 3


def test_each_model_of_a_case_is_reached():
    reached = {*retention.parts(), Referral, Client}
    by_reference = {"outbox.reminder"}

    for model in apps.get_models():
        if getattr(model, "kept", "") == "case" and not hasattr(model, "pgh_tracked_model"):
            assert model in reached or model._meta.label_lower in by_reference, model
    assert Placement in reached
