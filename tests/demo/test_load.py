"""The demo's data, loaded once into a database of its own."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connections, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from activities.models import Activity, ActivityIndex, PostcodeArea
from coaches.capacity import refresh_region
from coaches.models import Action, Contact, Intake
from referrals.models import Client, Consent, Feedback, Message, PracticeIntake, Referral, ReferralDraft, Status
from referrals.models.referral import OPEN, TRANSITIONS
from tests.conftest import clone_database, drop_database
from wor.accounts.models import Membership, User
from wor.audit.models import AccessLogEntry, Event
from wor.bsn import holds_bsn
from wor.calendar import local_day
from wor.demo.context import PEOPLE
from wor.demo.load import load
from wor.demo.paths import STARTED_SOMETHING
from wor.outbox import reminders
from wor.outbox.models import Effect, Notice, Reminder
from wor.tenancy.context import open_region
from wor.tenancy.models import Municipality, Organisation, Region

ALIASES = ("default", "owner")


@pytest.fixture(scope="module", autouse=True)
def said(django_db_setup, django_db_blocker):
    """What loading said. The tests of this file read as the owner, past the policies."""
    former = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    name = f"{former['default']}_demo"
    with django_db_blocker.unblock():
        clone_database(name)
        _use(dict.fromkeys(ALIASES, name))
        Region.objects.using("owner").all().delete()
        told: list[str] = []
        assert load(told.append)
        yield told
        _use(former)
        drop_database(name)
        connections["owner"].settings_dict["NAME"] = former["owner"]


def _use(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def rows(model):
    return model._default_manager.using("owner")


def test_load_says_in_dutch_what_it_made(said):
    assert any("Rivierenland" in line and "verzonnen" in line for line in said)
    assert said[-1].endswith("Alles is fictief.")


def test_load_twice_changes_nothing():
    before = (rows(Referral).count(), rows(Event).count(), rows(User).count())
    told: list[str] = []

    assert load(told.append) is False

    assert "niets veranderd" in told[0]
    assert (rows(Referral).count(), rows(Event).count(), rows(User).count()) == before


def test_load_that_fails_halfway_leaves_nothing(monkeypatch):
    connections["owner"].close()
    name = connections["owner"].settings_dict["NAME"]
    try:
        clone_database(f"{name}_half")
        connections["owner"].settings_dict["NAME"] = f"{name}_half"
        rows(Region).all().delete()
        monkeypatch.setattr("wor.demo.load._copy", lambda *args: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            load(lambda line: None)

        assert not rows(Region).exists()
        assert not rows(User).exists()
    finally:
        drop_database(f"{name}_half")
        connections["owner"].settings_dict["NAME"] = name


@pytest.mark.parametrize("slug", ["rivierenland", "heideland"])
def test_each_region_has_its_organisations(slug):
    kinds = rows(Organisation).filter(region__slug=slug).values_list("kind").annotate(Count("id"))

    number = dict(kinds)
    assert number["practice"] == 5
    assert number["welfare"] == 2
    assert number["municipality"] == number["insurer"] == number["support"] == 1
    assert rows(Region).get(slug=slug).is_fictional


@pytest.mark.parametrize("slug", ["rivierenland", "heideland"])
def test_each_region_has_the_people_to_sign_in_as(slug):
    for who in PEOPLE:
        user = rows(User).get(email=f"{who}@{slug}.example")
        assert user.check_password("Welkom-in-de-demo-1")
    coach = rows(User).get(email=f"coach@{slug}.example")
    assert set(rows(Membership).filter(user=coach).values_list("role", flat=True)) == {"coach", "core_team"}
    assert rows(Membership).filter(region__slug=slug, valid_until__gt=timezone.localdate()).exists()


def test_every_practice_has_a_gp_and_every_welfare_organisation_a_contact_point():
    for practice in rows(Organisation).filter(kind="practice"):
        assert practice.memberships.using("owner").filter(role="referrer", function="gp").exists()
    for organisation in rows(Organisation).filter(kind__in=["practice", "welfare", "municipality"]):
        assert organisation.memberships.using("owner").filter(is_contact_point=True).count() == 1


def test_municipalities_of_the_country_are_there_and_the_fictional_ones_say_so():
    assert rows(Municipality).exclude(gm_code__startswith="GM9").count() == 342
    assert all("fictief" in each.name for each in rows(Municipality).filter(gm_code__startswith="GM9"))


@pytest.mark.parametrize("slug", ["rivierenland", "heideland"])
def test_the_shares_are_those_that_were_published(slug):
    referrals = list(rows(Referral).filter(region__slug=slug).select_related("client", "closing_reason"))

    women = sum(each.sex == "f" for each in referrals) / len(referrals)
    age = sum(each.client.age_on(local_day(each.sent_at)) for each in referrals) / len(referrals)
    ended = [each for each in referrals if each.closing_reason is not None]
    started = sum(each.closing_reason.code in STARTED_SOMETHING for each in ended) / len(ended)
    assert 0.70 <= women <= 0.78
    assert 56 <= age <= 62
    assert 0.40 <= started <= 0.55


def test_every_practice_refers_by_its_size_over_two_years():
    for practice in rows(Organisation).filter(kind="practice"):
        number = rows(Referral).filter(practice=practice).count()
        a_year = 44 * practice.registered_patients / 5300
        if practice.name != "Huisartsen aan de Singel":
            assert 0.85 * 2 * a_year - 2 <= number <= 1.15 * 2 * a_year + 2, practice.name
    silent = rows(Referral).filter(practice__name="Huisartsen aan de Singel")
    assert not silent.filter(sent_at__gt=timezone.now() - dt.timedelta(days=60)).exists()


def test_every_status_occurs():
    assert set(rows(Referral).values_list("status", flat=True)) == set(Status.values)


def test_no_text_holds_a_bsn():
    for model in (Referral, Client, Contact, Intake, Action, Feedback, Message, Consent):
        for row in rows(model).values_list(*model.personal):
            assert not any(holds_bsn(text) for text in row if isinstance(text, str)), model
    assert not any(holds_bsn(str(each.payload)) for each in rows(ReferralDraft))


def test_numbers_and_postcodes_are_not_in_use():
    for client in rows(Client):
        assert client.phone[:7] in ("", "0612345")
        assert client.postcode[4:] in ("SA", "SD", "SS")


def test_nothing_lies_in_the_future():
    now = timezone.now()
    for model, name in ((Event, "at"), (AccessLogEntry, "at"), (Contact, "at"), (Feedback, "sent_at")):
        assert not rows(model).filter(**{f"{name}__gt": now}).exists(), model
    assert rows(Message).filter(created_at__lt=now - dt.timedelta(days=200)).exists()


# An event that moves a referral → the status it moves it to.
MOVES = {
    "referral.sent": "sent",
    "referral.accepted": "accepted",
    "referral.waitlisted": "waitlisted",
    "referral.paused": "paused",
    "referral.follow_up_planned": "follow_up",
    "referral.completed": "completed",
    "referral.stopped": "stopped",
    "referral.not_started": "not_started",
    "referral.declined": "declined",
    "referral.withdrawn": "withdrawn",
    "referral.entered_in_error": "entered_in_error",
    "referral.transferred": "sent",
    "referral.reopened": "active",
    "intake.written": "active",
}


def test_the_events_tell_the_same_as_the_referral():
    told: dict[int, list[Event]] = {}
    for event in rows(Event).order_by("at", "id"):
        told.setdefault(event.referral_id, []).append(event)
    for referral in rows(Referral):
        names = [event.name for event in told[referral.pk]]
        assert names[0] == "referral.sent"
        if referral.accepted_at is not None:
            assert "referral.accepted" in names
        closing = f"referral.{referral.status}"
        if closing in ("referral.completed", "referral.declined", "referral.not_started", "referral.withdrawn"):
            assert names[-1] in (closing, "feedback.read")
        if referral.feedback_at is not None:
            assert "feedback.sent" in names


def test_the_events_follow_the_table_of_statuses():
    for referral in rows(Referral):
        reached = "sent"
        for event in rows(Event).filter(referral_id=referral.pk).order_by("at", "id"):
            status = MOVES.get(event.name)
            if status in (None, reached) or (reached == "accepted" and status == "paused"):
                continue
            if reached == "paused" or (reached, status) in (("accepted", "follow_up"), ("accepted", "completed")):
                reached = status  # resumed, or a first talk of which no intake was written
                continue
            passes_active = reached in ("accepted", "waitlisted") and status in TRANSITIONS["active"]
            assert status in TRANSITIONS[reached] or passes_active, (reached, event.name)
            reached = status


def test_the_moments_of_a_referral_are_in_order():
    wrong = rows(Referral).filter(
        Q(accepted_at__lt=F("sent_at")) & Q(transfers__isnull=True)
        | Q(first_contact_at__lt=F("accepted_at"))
        | Q(first_talk_at__lt=F("first_contact_at"))
        | Q(feedback_at__lt=F("first_talk_at"))
        | Q(closed_at__lt=F("sent_at"))
        | Q(last_news_at__gt=timezone.now())
    )
    assert not wrong.exists()


def test_every_referral_was_agreed_to_and_every_change_is_in_the_log():
    assert not rows(Referral).annotate(given=Count("consents")).filter(given=0).exists()
    changes = rows(AccessLogEntry).filter(kind="change").count()
    assert changes == rows(Event).count()


@pytest.mark.parametrize("slug", ["rivierenland", "heideland"])
def test_the_demo_people_find_something_to_do(slug):
    coach = rows(Membership).get(user__email=f"coach@{slug}.example", role="coach")
    gp = rows(Membership).get(user__email=f"huisarts@{slug}.example")
    coordinator = rows(Membership).get(user__email=f"coordinator@{slug}.example")
    mine = rows(Referral).filter(coach=coach, status__in=OPEN)

    assert mine.filter(attention_at__lt=timezone.now() - dt.timedelta(days=1)).count() >= 2
    assert rows(Referral).filter(welfare_organisation=coach.organisation, status="sent", coach=None).count() >= 2
    assert rows(Feedback).filter(practice=gp.organisation, read_at__isnull=True).count() >= 2
    assert rows(ReferralDraft).filter(practice=gp.organisation).count() == 2
    assert coordinator.organisation_id == coach.organisation_id


@pytest.mark.parametrize("slug", ["rivierenland", "heideland"])
def test_the_inboxes_hold_reminders_in_the_order_of_time(slug):
    told = rows(Notice).filter(region__slug=slug, kind__in=reminders.notices())
    coach = rows(Membership).get(user__email=f"coach@{slug}.example", role="coach")
    times = list(rows(Notice).filter(membership=coach).order_by("id").values_list("created_at", flat=True))

    expected = {"unanswered", "first_contact_due", "feedback_due", "follow_up_due"}
    assert expected <= {*told.values_list("kind", flat=True)}
    assert max(Counter(told.values_list("membership_id", flat=True)).values()) < 25
    assert told.filter(membership=coach).exists()
    assert times == sorted(times)
    assert not rows(Reminder).filter(region__slug=slug, done_at__isnull=True, due_at__lt=told.latest("id").created_at)
    assert rows(Effect).filter(region_id=coach.region_id, kind=reminders.SUMMARY).exists()


def test_the_things_that_seldom_happen_happen_once():
    assert rows(Client).filter(deceased_at__isnull=False).count() == 2
    assert rows(Referral).filter(consent_withdrawn_at__isnull=False).count() == 2
    assert rows(Referral).filter(is_shielded=True).count() == 2
    assert rows(Referral).filter(transfers__isnull=False).count() == 2


STORIES = {
    "Huisartsenpraktijk De Linde – Van der Meer": {"open", "waiting_list"},
    "Huisartsenpraktijk Waalzicht": {"waiting_list", "open"},
    "Dorpspraktijk Zandloo": {"closed"},
    "Huisartsenpraktijk De Brink": {"open"},
    "Huisartsenpraktijk Veenrand": {"open"},
}


def test_capacity_lines_tell_the_stories_and_follow_the_rule():
    """What stands there is what the rule, or the coordinator's own word, says: another refresh changes nothing."""
    lines = list(rows(PracticeIntake).select_related("practice", "cover"))
    states = {each.pk: each.state for each in lines}
    for region in rows(Region):
        with transaction.atomic(), open_region(region.pk):
            refresh_region()

    assert {each.pk: each.state for each in rows(PracticeIntake)} == states
    for name, expected in STORIES.items():
        assert {each.state for each in lines if each.practice.name == name} == expected, name
    covered = next(each for each in lines if each.practice.name == "Huisartsenpraktijk Veenrand")
    assert covered.cover.display_name == "Daan Mulder"


@pytest.mark.parametrize("slug", ["rivierenland", "heideland"])
def test_each_region_has_its_fictional_sociale_kaart(slug):
    mine = rows(Activity).filter(region__slug=slug)
    shown = mine.filter(status__in=Activity.SHOWN)

    assert mine.count() == 300
    assert set(shown.values_list("pk", flat=True)) == set(
        rows(ActivityIndex).filter(region_id=rows(Region).get(slug=slug).pk).values_list("activity_id", flat=True)
    )
    assert set(mine.values_list("status", flat=True)) == set(Activity.Status.values)
    assert shown.filter(status="stale", checked_at__lt=timezone.now() - dt.timedelta(days=365)).exists()
    assert rows(Activity).filter(region__slug=slug, cells__isnull=False).values("cells").distinct().count() == 11
    assert all(pc4[4:] in ("SA", "SD", "SS") for pc4 in mine.values_list("postcode", flat=True))
    assert not rows(PostcodeArea).filter(region__slug=slug, latitude__isnull=True).exists()
