"""The region's own settings."""

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_referral
from wor.accounts.models import IdentityProvider
from wor.accounts.sealed import box
from wor.outbox.models import Effect, Notice
from wor.outbox.services import notify
from wor.region import services
from wor.region.colours import contrast, is_readable, nearest_readable
from wor.region.forms import BOUNDS, SWITCHES, TERM_WORDS
from wor.tenancy.models import REGION_SETTINGS, Region
from wor.tenancy.versions import version_of


@pytest.fixture
def admin(client, world):
    return client.sign_in(world.region_admin)


def look_form(world, **changes):
    version = version_of(world.region, services.LOOK_FIELDS)
    return {"name": "Rivierenland", "primary": "#0B5D63", "accent": "#C8502D", "version": version, **changes}


def care_form(world, **changes):
    terms = {name: world.region.setting(name) for name in BOUNDS}
    fixed = {"variant": "breed", "min_cell_core": 5, "min_cell_funder": 10}
    return {**terms, **fixed, "version": version_of(world.region, services.CARE_FIELDS), **changes}


def test_region_look_changes_name_and_colours(admin, world):
    admin.send(reverse("region_look"), look_form(world, name="Regio Anders", primary="004488"))

    world.region.refresh_from_db()
    assert (world.region.name, world.region.primary) == ("Regio Anders", "#004488")


def test_region_look_offers_the_nearest_readable_shade(admin, world):
    answer = admin.send(reverse("region_look"), look_form(world, primary="#55BBBB"))
    (offer,) = answer.context["form"].offers

    assert answer.status_code == 422
    assert f'value="primary={offer[1]}"' in answer.content.decode()
    assert is_readable(offer[1], "primary")

    admin.send(reverse("region_look"), look_form(world, primary="#55BBBB", take=f"primary={offer[1]}"))
    world.region.refresh_from_db()
    assert world.region.primary == offer[1]


@pytest.mark.parametrize("colour", ["rood", "#12", "}body{display:none", "#GGGGGG", ""])
def test_region_look_takes_nothing_but_a_colour(admin, world, colour):
    assert admin.send(reverse("region_look"), look_form(world, accent=colour)).status_code == 422


def test_region_look_refuses_what_a_colleague_changed(admin, world):
    form = look_form(world)
    Region.objects.filter(pk=world.region.pk).update(name="Net anders")

    assert admin.send(reverse("region_look"), form).status_code == 409


def test_nearest_readable_keeps_what_is_readable_and_darkens_no_more_than_needed():
    assert nearest_readable("#0B5D63", "primary") == "#0B5D63"
    assert 4.5 <= contrast(nearest_readable("#FFDD00", "primary"), "#FBFAF7") < 4.65
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_region_care_keeps_only_what_differs(admin, world):
    admin.send(reverse("region_care"), care_form(world, first_contact_days=10, variant="gericht", min_cell_core=8))

    world.region.refresh_from_db()
    assert world.region.settings == {"first_contact_days": 10}
    assert (world.region.variant, world.region.min_cell_core) == ("gericht", 8)


@pytest.mark.parametrize("changes", [{"min_cell_core": 4}, {"draft_days": 90}, {"unanswered_coach_working_days": 9}])
def test_region_care_keeps_within_bounds(admin, world, changes):
    assert admin.send(reverse("region_care"), care_form(world, **changes)).status_code == 422


def test_every_term_can_be_set_and_its_default_lies_within_bounds():
    assert set(BOUNDS) == set(TERM_WORDS)
    assert {*BOUNDS, *SWITCHES} == set(REGION_SETTINGS)
    for name, (least, most) in BOUNDS.items():
        assert least <= REGION_SETTINGS[name] <= most, name


def test_region_agreements_open_the_region_once_all_are_there(admin, world):
    Region.objects.filter(pk=world.region.pk).update(is_fictional=False)
    form = {
        "dpia_adopted_on": "1-10-2026",
        "processing_agreements_on": "1-10-2026",
        "joint_arrangement_on": "1-10-2026",
        "data_protection_officer": "F. Gee, fg@voorbeeld.example",
        "version": version_of(world.region, services.AGREEMENT_FIELDS),
    }
    admin.send(reverse("region_agreements"), form)
    world.region.refresh_from_db()
    assert not world.region.is_open

    form |= {"privacy_statement": "Zo gaan wij om…", "version": version_of(world.region, services.AGREEMENT_FIELDS)}
    admin.send(reverse("region_agreements"), form)
    world.region.refresh_from_db()
    assert world.region.is_open


def test_region_agreements_refuse_a_day_to_come(admin, world):
    day = (timezone.localdate() + dt.timedelta(days=1)).strftime("%d-%m-%Y")
    version = version_of(world.region, services.AGREEMENT_FIELDS)

    answer = admin.send(reverse("region_agreements"), {"dpia_adopted_on": day, "version": version})
    assert answer.status_code == 422


@pytest.fixture
def keys(settings):
    if not settings.ENCRYPTION_KEYS:
        raise ImproperlyConfigured("ENCRYPTION_KEYS")


def provider_form(**changes):
    form = {"name": "Zorgkring", "issuer": "https://id.voorbeeld.example/", "client_id": "wor", "secret": "heel geheim"}
    return {**form, "is_active": "on", "version": 0, **changes}


def test_region_provider_keeps_the_secret_encrypted_and_never_shows_it(admin, world, keys):
    admin.send(reverse("region_provider"), provider_form())

    provider = IdentityProvider.objects.get()
    assert box().decrypt(provider.secret_encrypted.encode()) == b"heel geheim"
    assert "heel geheim" not in admin.get(reverse("region_provider")).content.decode()

    version = services.provider_version(provider)
    admin.send(reverse("region_provider"), provider_form(secret="", name="Anders", version=version))
    provider.refresh_from_db()
    assert (provider.name, box().decrypt(provider.secret_encrypted.encode())) == ("Anders", b"heel geheim")


@pytest.mark.parametrize("changes", [{"issuer": "http://id.example"}, {"issuer": "javascript:x"}, {"client_id": ""}])
def test_region_provider_says_what_is_wrong(admin, changes, keys):
    assert admin.send(reverse("region_provider"), provider_form(**changes)).status_code == 422


def test_region_provider_refuses_what_a_colleague_changed(admin, keys):
    admin.send(reverse("region_provider"), provider_form())

    assert admin.send(reverse("region_provider"), provider_form()).status_code == 409


def test_region_settings_of_another_region_stay_as_they_are(admin, world, elsewhere):
    admin.send(reverse("region_look"), look_form(world, name="Alleen hier"))

    elsewhere.region.refresh_from_db()
    assert elsewhere.region.name == "Heideland"


@pytest.mark.parametrize("name", ["region_settings", "region_look", "region_care", "region_agreements", "deliveries"])
@pytest.mark.parametrize("who", ["referrer", "coach", "coordinator", "core_team", "funder"])
def test_settings_are_for_the_administrator_only(client, world, who, name):
    assert client.sign_in(getattr(world, who)).get(reverse(name)).status_code == 403


@pytest.fixture
def failed(world):
    notify(Notice.Kind.NEW_REFERRAL, make_referral(world), [world.coach])
    Effect.objects.update(failed_at=timezone.now(), attempts=6)
    return Effect.objects.get()


def test_deliveries_shows_whom_a_mail_did_not_reach(admin, world, failed):
    assert world.coach.display_name in admin.get(reverse("deliveries")).content.decode()


def test_deliver_again_gives_a_mail_another_chance_once(admin, failed):
    url = reverse("deliver_again", args=[failed.subject_ref])
    assert admin.send(url).status_code == 302

    failed.refresh_from_db()
    assert (failed.failed_at, failed.attempts) == (None, 0)
    assert admin.send(url).status_code == 404


def test_deliver_again_leaves_another_region_alone(client, elsewhere, failed):
    client.sign_in(elsewhere.region_admin)

    assert client.send(reverse("deliver_again", args=[failed.subject_ref])).status_code == 404
