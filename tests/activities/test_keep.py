"""Keeping the sociale kaart: what a moderator does, and what nobody else may."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from activities import services
from activities.freshness import refresh
from activities.models import Activity, ActivityIndex, ActivityReport, Provider
from tests.activities.build import make_activity, make_provider, make_theme
from tests.counting import sql_at_most
from wor.audit.models import AccessLogEntry, Event
from wor.errors import DomainError, StaleError
from wor.tenancy.context import open_region

KEEP = "/beheer/sociale-kaart/"


@pytest.fixture
def moderator(client, world):
    return client.sign_in(world.coordinator)


def form(activity: Activity | None = None, **changed) -> dict:
    """What the form sends as it stands."""
    filled = {"title": "Koor", "schedule": "donderdag 19.30", "new_provider": "", "key": str(uuid.uuid4())}
    if activity is not None:
        filled |= {"title": activity.title, "schedule": activity.schedule, "version": activity.version}
        filled |= {"provider": str(activity.provider.reference)}
    return filled | changed


def is_found(activity: Activity) -> bool:
    return ActivityIndex.objects.filter(activity_id=activity.pk).exists()


# Writing


def test_add_makes_a_concept_that_nobody_finds(world, moderator):
    theme = make_theme(world.region)
    sent = form(
        new_provider="Zangvereniging", cost_cents="€ 2,50", contact_phone="06-1234 5678", postcode="4001 sa",
        weekdays=["4", "1"], themes=[str(theme.reference)], cells=[str(world.cell.reference)],
    )  # fmt: skip

    answer = moderator.send("/sociale-kaart/voorstellen/", sent)

    made = Activity.objects.get()
    assert answer["Location"] == f"{KEEP}{made.reference}/"
    assert (made.status, made.cost_cents, made.contact_phone) == ("draft", 250, "0612345678")
    assert (made.postcode, made.weekdays, made.provider.name) == ("4001SA", [1, 4], "Zangvereniging")
    assert list(made.themes.all()) == [theme]
    assert made.checked_at is None
    assert not is_found(made)
    assert Event.objects.filter(name="activity.created", subject_ref=made.reference).exists()


def test_add_twice_makes_one(world, moderator):
    sent = form(new_provider="Zangvereniging")

    moderator.send("/sociale-kaart/voorstellen/", sent)
    moderator.send("/sociale-kaart/voorstellen/", sent)

    assert (Activity.objects.count(), Provider.objects.count()) == (1, 1)


def test_coach_proposes_a_concept_for_a_moderator(world, client):
    client.sign_in(world.coach)

    answer = client.send("/sociale-kaart/voorstellen/", form(new_provider="Zangvereniging"), follow=True)

    made = Activity.objects.get()
    assert "Een beheerder kijkt je voorstel na" in answer.content.decode()
    assert client.get(f"/sociale-kaart/{made.reference}/").status_code == 404
    assert client.get(KEEP).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("cost_cents", "veel", "Schrijf een bedrag"),
        ("provider", "", "Kies een aanbieder uit de lijst"),
        ("ends_on", "1-1-2026", "vóór de eerste"),
        ("body", "Bel 111222333", "burgerservicenummer"),
        ("postcode", "12", "Schrijf de postcode zo"),
    ],
)
def test_add_says_how_to_mend_it(world, moderator, field, value, sentence):
    sent = form(provider=str(make_provider(world.region).reference), starts_on="1-2-2027") | {field: value}

    answer = moderator.send("/sociale-kaart/voorstellen/", sent)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Activity.objects.exists()


def test_change_is_found_at_once_and_confirms_nothing(world, moderator):
    activity = make_activity(world.region, "Koor", months=8, status="stale")
    before = activity.checked_at

    moderator.send(f"{KEEP}{activity.reference}/wijzigen/", form(activity, title="Zanggroep"))

    activity.refresh_from_db()
    assert (activity.title, activity.status, activity.checked_at) == ("Zanggroep", "stale", before)
    assert ActivityIndex.objects.get(activity_id=activity.pk).title == "Zanggroep"


def test_change_over_a_colleagues_is_refused_with_the_text(world, moderator):
    activity = make_activity(world.region, "Koor")
    Activity.objects.update(version=5)

    answer = moderator.send(f"{KEEP}{activity.reference}/wijzigen/", form(activity, title="Mijn eigen titel"))

    assert answer.status_code == 409
    assert "Mijn eigen titel" in answer.content.decode()
    activity.refresh_from_db()
    assert activity.title == "Koor"


def test_copy_begins_with_what_the_old_one_says(world, moderator):
    activity = make_activity(world.region, "Koor", cells=[world.cell], cost_cents=300)

    page = moderator.get(f"/sociale-kaart/voorstellen/?van={activity.reference}").content.decode()

    assert "Koor (kopie)" in page
    assert 'value="€ 3"' in page


def test_rename_of_a_provider_is_found(world, moderator):
    provider = make_provider(world.region, name="Oude naam")
    activity = make_activity(world.region, "Koor", provider=provider)

    answer = moderator.send(
        f"{KEEP}aanbieders/{provider.reference}/wijzigen/", {"name": "Zangvereniging", "version": 0}
    )

    assert answer.status_code == 302
    assert "zangvereniging" in ActivityIndex.objects.get(activity_id=activity.pk).words
    assert moderator.send(
        f"{KEEP}aanbieders/{provider.reference}/wijzigen/", {"name": "Nog anders", "version": 0}
    ).status_code == 409  # fmt: skip


def test_provider_is_there_once(world, moderator):
    make_provider(world.region, name="Zangvereniging")

    answer = moderator.send(f"{KEEP}aanbieders/nieuw/", {"name": "zangvereniging", "key": str(uuid.uuid4())})

    assert "Deze aanbieder staat er al" in answer.content.decode()


# States


def test_confirm_is_the_only_act_that_sets_checked(world, moderator):
    activity = make_activity(world.region, months=8, status="stale")

    moderator.send(f"{KEEP}{activity.reference}/bevestigen/")

    activity.refresh_from_db()
    assert activity.status == "live"
    assert timezone.now() - activity.checked_at < dt.timedelta(minutes=1)
    assert (activity.checked_by, activity.checked_by_kind) == (world.coordinator, "moderator")
    assert not ActivityIndex.objects.get(activity_id=activity.pk).is_stale


def test_looking_at_the_question_confirms_nothing(world, moderator):
    activity = make_activity(world.region, months=None, status="stale")

    moderator.get(f"{KEEP}{activity.reference}/bevestigen/")

    assert Activity.objects.get().checked_at is None


@pytest.mark.parametrize(("months", "status"), [(1, "live"), (8, "stale"), (None, "stale")])
def test_publish_carries_the_warning_when_nobody_confirmed_it(world, months, status):
    activity = make_activity(world.region, months=months, status="draft")

    services.publish(activity, by=world.coordinator)

    assert Activity.objects.get().status == status
    assert is_found(activity)


def test_pause_hides_it_until_the_day(world, moderator):
    activity = make_activity(world.region)
    until = timezone.localdate() + dt.timedelta(days=3)

    moderator.send(f"{KEEP}{activity.reference}/tijdelijk-niet/", {"until": f"{until:%d-%m-%Y}", "version": 0})

    assert not is_found(activity)
    assert refresh(world.region, timezone.now()) == 0
    assert refresh(world.region, timezone.now() + dt.timedelta(days=3)) == 1
    assert Activity.objects.get().status == "live"
    assert is_found(activity)


def test_retire_keeps_the_page_for_who_was_placed_there(world, moderator, client):
    activity = make_activity(world.region)

    moderator.send(f"{KEEP}{activity.reference}/stoppen/")

    assert not is_found(activity)
    assert "is gestopt" in client.sign_in(world.coach).get(f"/sociale-kaart/{activity.reference}/").content.decode()
    assert client.get(f"/r/rivierenland/sociale-kaart/{activity.reference}/").status_code == 404


@pytest.mark.parametrize(
    ("status", "deed"),
    [
        ("draft", "tijdelijk-niet"),
        ("retired", "tijdelijk-niet"),
        ("retired", "stoppen"),
        ("retired", "bevestigen"),
        ("live", "zichtbaar"),
        ("paused", "tijdelijk-niet"),
    ],
)
def test_deed_that_does_not_fit_the_status_is_refused(world, moderator, status, deed):
    activity = make_activity(world.region, status=status)

    assert moderator.send(f"{KEEP}{activity.reference}/{deed}/", {"version": 0}).status_code == 409
    assert Activity.objects.get().status == status


@pytest.mark.parametrize("status", Activity.Status)
def test_become_follows_the_table(world, status):
    for to in Activity.Status:
        activity = Activity(status=status)
        if to in Activity.BECOMES[status]:
            activity.become(to)
            assert activity.status == to
        else:
            with pytest.raises(DomainError):
                activity.become(to)


def test_pause_with_an_old_version_is_refused(world):
    activity = make_activity(world.region)
    Activity.objects.update(version=2)

    with pytest.raises(StaleError):
        services.pause(activity, until=None, version=0, by=world.coordinator)


# Days pass


def test_refresh_flags_what_nobody_confirmed_and_takes_it_back(world):
    old = make_activity(world.region, "Oud", months=7)
    never = make_activity(world.region, "Nooit", months=None)
    make_activity(world.region, "Vers", months=2)
    over = make_activity(world.region, "Voorbij", ends_on=timezone.localdate() - dt.timedelta(days=1))

    assert refresh(world.region, timezone.now()) == 3

    assert dict(Activity.objects.values_list("title", "status")) == {
        "Oud": "stale", "Nooit": "stale", "Vers": "live", "Voorbij": "retired",
    }  # fmt: skip
    assert ActivityIndex.objects.filter(is_stale=True).count() == 2
    assert not is_found(over)
    assert Event.objects.filter(name="activity.aged").count() == 2
    world.region.settings = {"activity_stale_months": 9, "activity_hidden_months": 12}
    assert refresh(world.region, timezone.now()) == 1
    old.refresh_from_db()
    never.refresh_from_db()
    assert (old.status, never.status) == ("live", "stale")


def test_refresh_takes_no_more_queries_for_more(world, django_assert_max_num_queries):
    for number in range(12):
        make_activity(world.region, f"Oud {number}", months=7)

    with django_assert_max_num_queries(16):
        assert refresh(world.region, timezone.now()) == 12


def test_refresh_leaves_another_region_alone(world, elsewhere):
    with open_region(elsewhere.region.pk):
        make_activity(elsewhere.region, months=7)

    assert refresh(world.region, timezone.now()) == 0


# The lists


def test_list_shows_what_is_to_confirm_oldest_first(world, moderator):
    make_activity(world.region, "Vers", months=1)
    make_activity(world.region, "Acht maanden", months=8, status="stale")
    make_activity(world.region, "Nooit", months=None, status="stale")
    make_activity(world.region, "Concept", months=None, status="draft")

    page = moderator.get(KEEP).content.decode()

    assert page.index("Nooit") < page.index("Acht maanden")
    assert "Vers" not in page
    assert 'Te bevestigen <span class="tab-count">2</span>' in page
    assert 'Concepten <span class="tab-count">1</span>' in page
    assert "Concept" in moderator.get(f"{KEEP}?lijst=concept").content.decode()
    assert "Acht maanden" in moderator.get(f"{KEEP}?zoek=acht").content.decode()


@pytest.mark.parametrize("tab", ["te-bevestigen", "zichtbaar"])
def test_list_walks_on_without_gap_or_double(world, moderator, tab):
    for number in range(60):
        make_activity(world.region, f"Oud {number:02}", months=None if number < 30 else 7 + number / 10, status="stale")
    seen, query = [], f"?lijst={tab}"
    while query:
        answer = moderator.get(KEEP + query)
        seen += [row["title"] for row in answer.context["rows"]]
        query = answer.context["next_url"]

    assert len(seen) == len(set(seen)) == 60


def test_lists_take_at_most_twelve_queries(world, moderator):
    for number in range(30):
        made = make_activity(world.region, f"Oud {number:02}", months=8, status="stale", cells=[world.cell])
        services.report(made, key=uuid.uuid4(), body="Klopt niet.", by=None)

    for path in (KEEP, f"{KEEP}?zoek=oud&lijst=zichtbaar", f"{KEEP}meldingen/", f"{KEEP}aanbieders/"):
        with sql_at_most(12):
            assert moderator.get(path).status_code == 200
    with sql_at_most(16):
        moderator.get(f"{KEEP}{made.reference}/")


# Who may


@pytest.mark.parametrize("person", ["referrer", "coach", "core_team", "funder"])
def test_who_does_not_keep_the_map_is_refused(world, client, person):
    activity = make_activity(world.region)
    client.sign_in(getattr(world, person))

    for path in (KEEP, f"{KEEP}{activity.reference}/", f"{KEEP}{activity.reference}/bevestigen/", f"{KEEP}meldingen/"):
        assert client.get(path).status_code == 403
        assert client.send(path).status_code == 403


def test_other_regions_activity_is_not_there(world, elsewhere, moderator):
    with open_region(elsewhere.region.pk):
        foreign = make_activity(elsewhere.region)

    for deed in ("", "wijzigen/", "bevestigen/", "zichtbaar/", "tijdelijk-niet/", "stoppen/"):
        assert moderator.get(f"{KEEP}{foreign.reference}/{deed}").status_code == 404
        assert moderator.send(f"{KEEP}{foreign.reference}/{deed}").status_code in (404, 405)


# Reports


def test_report_of_a_colleague_is_handled(world, client):
    activity = make_activity(world.region)
    client.sign_in(world.referrer)
    key = {"body": "De tijd is anders.", "key": str(uuid.uuid4())}
    client.send(f"/sociale-kaart/{activity.reference}/melden/", key)
    client.send(f"/sociale-kaart/{activity.reference}/melden/", key)
    [report] = ActivityReport.objects.all()
    client.sign_in(world.region_admin)

    assert "De tijd is anders." in client.get(f"{KEEP}meldingen/").content.decode()
    client.send(f"{KEEP}meldingen/{report.reference}/", {"outcome": "corrected"})

    report.refresh_from_db()
    assert (report.outcome, report.handled_by, report.by) == ("corrected", world.region_admin, world.referrer)
    assert client.send(f"{KEEP}meldingen/{report.reference}/", {"outcome": "fine"}).status_code == 409
    assert AccessLogEntry.objects.filter(object_type="activityreport", kind="list").exists()


def test_reports_about_one_activity_do_not_pile_up(world):
    activity = make_activity(world.region)
    for _turn in range(services.MOST_REPORTS):
        services.report(activity, key=uuid.uuid4(), body="Klopt niet.", by=None)

    with pytest.raises(DomainError, match="al meldingen"):
        services.report(activity, key=uuid.uuid4(), body="Klopt niet.", by=None)
