"""Who left: after the term nobody in the region reads the name, and an account without a name left is nobody's."""

import datetime as dt
import itertools
import uuid
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from tests import factories
from tests.accounts.people import type_password
from tests.factories import PASSWORD, make_membership, make_user
from tests.retention.conftest import make_region
from wor.accounts.models import FORMER, Membership, Role, User
from wor.accounts.photos import KIND
from wor.accounts.services import accept_invitation, invite
from wor.audit.models import AccessLogEntry
from wor.errors import DomainError
from wor.retention import services
from wor.retention.models import Erasure, RetentionRun
from wor.retention.people import OVER_AT, all_roles_of
from wor.retention.rows import history_table
from wor.retention.rules import KEEPER, ask, rule
from wor.tenancy.context import open_region
from wor.tenancy.models import Region, StoredFile

NOW = timezone.now()
_count = itertools.count(1)


def ago(months: int) -> dt.datetime:
    return NOW - dt.timedelta(days=31 * months)


def person(world, months: int | None, *, organisation=None, role=Role.COACH, **fields) -> Membership:
    """Somebody whose last day was so many months ago, None for who works here still."""
    ended_at = None if months is None else ago(months)
    fields = {"display_name": "Anne van der Meer", "phone": "0612345678", "ended_at": ended_at, **fields}
    with open_region(world.region.pk):
        return make_membership(organisation or world.welfare, role, **fields)


def with_photo(world, months: int) -> Membership:
    with open_region(world.region.pk):
        pixels = {"content_type": "image/jpeg", "size": 5, "content": b"pixel"}
        file = StoredFile.objects.create(region=world.region, kind=KIND, sha256="0", **pixels)
    return person(world, months, photo=file)


def run(world) -> int:
    """How many names the nightly round took."""
    assert services.run_region(world.region, NOW)
    with open_region(world.region.pk):
        return RetentionRun.objects.get(region=world.region).counts.get("staff", 0)


def fresh(membership) -> Membership:
    with open_region(membership.region_id):
        return Membership.objects.get(pk=membership.pk)


def account_of(membership) -> User:
    return User.objects.get(pk=membership.user_id)


def in_table(membership) -> tuple:
    """What the row itself holds."""
    columns = "display_name, phone, photo_id"
    with open_region(membership.region_id), connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM accounts_membership WHERE id = %s", [membership.pk])
        return cursor.fetchone()


@pytest.fixture
def other(kept):
    """A second region."""
    slug = f"elders-{next(_count)}"
    make_region(slug)
    with open_region(Region.objects.get(slug=slug).pk):
        return factories.make_world(slug)


# --- In a region -----------------------------------------------------------------------------------------------------


def test_name_telephone_and_photo_go_two_years_after_the_last_day(kept):
    gone = with_photo(kept, 25)

    assert run(kept) == 1

    assert in_table(gone) == ("", "", None)
    with open_region(kept.region.pk):
        assert StoredFile.objects.count() == 0


def test_role_organisation_and_reference_stay(kept):
    gone = person(kept, 25, organisation=kept.practice, role=Role.REFERRER, function="gp")

    run(kept)

    after, fields = fresh(gone), ("reference", "role", "function", "organisation_id", "user_id", "ended_at")
    assert [getattr(after, name) for name in fields] == [getattr(gone, name) for name in fields]
    assert (after.display_name, after.who) == (str(FORMER), f"{FORMER} (huisarts)")


@pytest.mark.parametrize("months", [23, None])
def test_name_stays_before_the_term_and_of_who_works_here(kept, months):
    here = with_photo(kept, months)

    assert run(kept) == 0
    assert in_table(here) == ("Anne van der Meer", "0612345678", here.photo_id)


@pytest.mark.parametrize(("months", "goes"), [(25, True), (23, False)])
def test_locum_left_on_the_last_day_that_was_given(kept, months, goes):
    locum = person(kept, None, valid_until=ago(months).date())

    run(kept)

    assert fresh(locum).is_former is goes


def test_locum_who_was_ended_later_left_on_the_earlier_day(kept):
    locum = person(kept, 3, valid_until=ago(25).date())

    assert run(kept) == 1
    assert fresh(locum).is_former


@pytest.mark.parametrize(
    ("keep", "months", "goes"),
    [
        ({"staff": 12}, 13, True),
        ({"staff": 12}, 11, False),
        ({"staff": 60, "ground": "Besluit 12: klachten tot vijf jaar terug."}, 58, False),
        ({"staff": 60, "ground": "Besluit 12: klachten tot vijf jaar terug."}, 61, True),
        ({"staff": 60}, 25, True),
    ],
)
def test_region_chooses_its_own_term_and_a_longer_one_with_a_ground(kept, keep, months, goes):
    kept.region.settings = {"keep": keep}
    gone = person(kept, months)

    run(kept)

    assert fresh(gone).is_former is goes


@pytest.mark.parametrize("later", [None, 1, 23])
def test_who_went_on_in_the_same_organisation_keeps_the_name_in_both_roles(kept, later):
    old = person(kept, 40)
    person(kept, later, role=Role.COORDINATOR, user=old.user)

    assert run(kept) == 0
    assert not fresh(old).is_former


def test_both_roles_in_an_organisation_end_after_the_last_one(kept):
    old = person(kept, 40)
    last = person(kept, 25, role=Role.COORDINATOR, user=old.user)

    assert run(kept) == 2
    assert fresh(old).is_former
    assert fresh(last).is_former


def test_who_works_in_another_organisation_left_this_one(kept):
    old = person(kept, 25)
    now = person(kept, None, organisation=kept.practice, role=Role.CORE_TEAM, user=old.user)

    assert run(kept) == 1
    assert fresh(old).is_former
    assert not fresh(now).is_former


def test_log_keeps_the_name_that_it_wrote_itself(kept):
    gone = person(kept, 25)
    with open_region(kept.region.pk):
        AccessLogEntry.objects.create(
            region=kept.region, action="R", kind="read", membership_id=gone.pk, actor_name=gone.display_name
        )

    run(kept)

    with open_region(kept.region.pk):
        assert AccessLogEntry.objects.get(membership_id=gone.pk).actor_name == "Anne van der Meer"
        row = AccessLogEntry.objects.get(purpose="retention.staff")
        assert (row.action, row.row_count, row.client_refs) == ("D", 1, None)


def test_more_than_a_turn_of_names_goes_in_turns(kept, monkeypatch):
    monkeypatch.setattr("wor.retention.people.PEOPLE_PER_TURN", 2)
    for _each in range(5):
        person(kept, 25)

    assert run(kept) == 5
    with open_region(kept.region.pk):
        assert AccessLogEntry.objects.filter(purpose="retention.staff").count() == 3


def test_dry_run_counts_names_and_accounts_as_the_application(kept):
    with_photo(kept, 25)

    def counted(rows) -> dict:
        return {each.code: count for each, count in rows}

    before = counted(services.general_report(NOW))["accounts"]
    assert counted(services.report(kept.region, NOW))["staff"] == 1
    run(kept)
    assert counted(services.report(kept.region, NOW))["staff"] == 0
    assert counted(services.general_report(NOW))["accounts"] == before + 1
    services.run_general(NOW)
    assert counted(services.general_report(NOW))["accounts"] == 0


def test_what_is_shown_of_nobody_is_the_word_in_lists_and_lookups_too(kept):
    gone = person(kept, 25)
    run(kept)

    with open_region(kept.region.pk):
        rows = Membership.objects.filter(pk=gone.pk)
        assert list(rows.values_list("display_name", flat=True)) == [str(FORMER)]
        assert str(rows.get()) == str(FORMER)
        assert list(rows.named()) == []


def test_row_that_is_saved_again_does_not_keep_the_word(kept):
    gone = person(kept, 25)
    run(kept)

    with open_region(kept.region.pk):
        fresh(gone).save()

    assert in_table(gone)[0] == ""


def test_nothing_else_remembers_the_name_of_who_works_here():
    """With old values a name would be left there: the rules would have to empty those as well."""
    assert [history_table(model) for model in (Membership, User)] == [None, None]


# --- The account -----------------------------------------------------------------------------------------------------


def with_everything(world, months: int) -> Membership:
    """Somebody with each thing that belongs to signing in."""
    gone = person(world, months, user=make_user(email=f"weg{uuid.uuid4().hex}@test.example"))
    user, key = gone.user, uuid.uuid4().hex
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Passkey 1"})
    SocialAccount.objects.create(user=user, provider=world.region.slug, uid=key)
    Session.objects.create(session_key=key, session_data="x", expire_date=NOW + dt.timedelta(hours=1))
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", user_agent="x", last_seen_at=NOW)
    User.objects.filter(pk=user.pk).update(last_login=NOW)
    return gone


def run_all(*worlds) -> None:
    for each in worlds:
        run(each)
    services.run_general(NOW)


def test_account_without_a_name_left_says_only_that_there_was_somebody(kept):
    gone = with_everything(kept, 25)

    run_all(kept)

    after = account_of(gone)
    assert after.email.startswith("weg-")
    assert after.email.endswith("@invalid")
    assert (after.name, after.is_active, after.last_login, after.has_usable_password()) == ("", False, None, False)
    for model in (EmailAddress, Authenticator, SocialAccount, UserSession):
        assert not model.objects.filter(user_id=gone.user_id).exists(), model


def test_open_sessions_of_an_erased_account_are_ended(kept):
    gone = with_everything(kept, 25)
    key = UserSession.objects.get(user_id=gone.user_id).session_key

    run_all(kept)

    assert not Session.objects.filter(session_key=key).exists()


def test_erased_person_cannot_sign_in(kept, client):
    gone = with_everything(kept, 25)
    address = gone.user.email

    run_all(kept)

    assert type_password(client, address, PASSWORD).status_code == 422
    assert type_password(client, account_of(gone).email, PASSWORD).status_code == 422
    assert "_auth_user_id" not in client.session


def test_new_invitation_to_the_same_address_makes_a_new_account(kept):
    gone = with_everything(kept, 25)
    run_all(kept)

    with open_region(kept.region.pk):
        invitation = invite(kept.welfare, email=gone.user.email, name="Anne", role=Role.COACH, by=kept.region_admin)
        again = accept_invitation(invitation, name="Anne van der Meer", password=PASSWORD)

    assert again.user_id != gone.user_id
    assert fresh(gone).is_former
    assert not account_of(gone).is_active


def test_invitation_is_not_taken_by_an_account_that_is_erased_meanwhile(kept):
    gone = with_everything(kept, 25)
    with open_region(kept.region.pk):
        invitation = invite(kept.welfare, email=gone.user.email, name="Anne", role=Role.COACH, by=kept.region_admin)
    run_all(kept)

    with open_region(kept.region.pk), pytest.raises(DomainError):
        accept_invitation(invitation, user=gone.user)


def test_account_stays_while_another_region_knows_the_name(kept, other):
    gone = with_everything(kept, 25)
    person(other, None, user=gone.user)

    run_all(kept, other)

    assert fresh(gone).is_former
    assert account_of(gone).email == gone.user.email
    assert Authenticator.objects.filter(user_id=gone.user_id).count() == 2


def test_account_stays_until_the_longest_term_of_the_regions(kept, other):
    gone = with_everything(kept, 30)
    other.region.settings = {"keep": {"staff": 36, "ground": "Besluit 3."}}
    elsewhere = person(other, 30, user=gone.user)

    run_all(kept, other)
    assert account_of(gone).name != ""

    other.region.settings = {}
    run_all(kept, other)
    assert fresh(elsewhere).is_former
    assert account_of(gone).name == ""


def test_account_of_who_was_never_in_a_region_is_left_alone(kept):
    user = make_user()

    run_all(kept)

    assert User.objects.get(pk=user.pk).is_active


def test_name_left_empty_by_mistake_does_not_end_who_works_here(kept):
    here = person(kept, None, display_name="")

    run_all(kept)

    assert account_of(here).is_active


def test_accounts_are_judged_without_seeing_another_row_of_any_region(kept, other):
    gone = with_everything(kept, 25)
    theirs = person(other, None, user=gone.user)
    run(kept)

    with open_region(None, using=KEEPER), all_roles_of(gone.user_id, KEEPER):
        seen = ask(KEEPER, "SELECT id FROM accounts_membership ORDER BY id")
        assert ask(KEEPER, "SELECT count(*) FROM tenancy_organisation") == [(0,)]

    assert seen == sorted([(gone.pk,), (theirs.pk,)])


def test_region_hears_nothing_of_the_account(kept):
    """Not on its list, not in its counts and not in its log: that would tell whether somebody works elsewhere."""
    with_everything(kept, 25)
    run(kept)
    with open_region(kept.region.pk):
        before = (Erasure.objects.count(), AccessLogEntry.objects.count())

    services.run_general(NOW)

    with open_region(kept.region.pk):
        assert (Erasure.objects.count(), AccessLogEntry.objects.count()) == before
        assert "accounts" not in RetentionRun.objects.get(region=kept.region).counts
    assert rule("accounts").of_region is False


# --- After a restore -------------------------------------------------------------------------------------------------


def test_name_and_account_are_erased_again_after_a_restore(kept, tmp_path, settings):
    settings.ERASURES_LIST = str(tmp_path / "gewist.jsonl")
    gone = with_everything(kept, 25)
    run_all(kept)
    assert str(gone.reference) in (tmp_path / "gewist.jsonl").read_text()
    # As if the backup is from before, and recent enough for the term.
    with open_region(kept.region.pk):
        Membership.objects.filter(pk=gone.pk).update(display_name="Terug", phone="0612345678", ended_at=ago(1))
    User.objects.filter(pk=gone.user_id).update(email=gone.user.email, name="Terug", is_active=True)
    EmailAddress.objects.create(user=gone.user, email=gone.user.email, verified=True, primary=True)
    out = StringIO()

    call_command("after_restore", gewist=str(tmp_path / "gewist.jsonl"), stdout=out)

    assert in_table(gone) == ("", "", None)
    assert (account_of(gone).name, account_of(gone).is_active) == ("", False)
    assert not EmailAddress.objects.filter(user_id=gone.user_id).exists()
    assert "accounts van wie nergens meer werkt: opnieuw gewist: 1." in out.getvalue()


def test_list_of_another_region_takes_no_name_here(kept, other):
    here = person(kept, 25)

    assert services.replay(other.region, {"staff": [here.reference]}) == {"staff": 0}
    assert not fresh(here).is_former


def test_moment_a_role_was_over_counts_the_last_day_itself(kept):
    """A locum works through the last day, in Dutch time."""
    locum = person(kept, None, valid_until=dt.date(2026, 3, 28))

    with open_region(kept.region.pk), connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {OVER_AT.format('m')} FROM accounts_membership m WHERE id = %s", [locum.pk])
        [over] = cursor.fetchone()

    assert over == dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC)
