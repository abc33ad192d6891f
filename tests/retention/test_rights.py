"""Only the keeper ends anything, and only what has a term."""

from collections import defaultdict

import pytest
from django.apps import apps
from django.db import ProgrammingError, connections, transaction

from tests import factories
from tests.factories import make_referral
from wor.accounts.models import Membership, User
from wor.tenancy.context import open_region
from wor.tenancy.models import Region
from wor.tenancy.security import ENDS, KEEPER_DELETES, KEEPER_EMPTIES, KEEPER_WRITES, kept_of


def rivierenland() -> int:
    return Region.objects.get(slug="rivierenland").pk


def run(statement: str, using: str):
    with connections[using].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM referrals_referralevent",
        "UPDATE referrals_clientevent SET given_name = ''",
        "DELETE FROM referrals_client",
        "DELETE FROM audit_accesslogentry",
        "DELETE FROM retention_erasure",
        "INSERT INTO retention_retentionrun (region_id, \"on\", counts) VALUES (1, now(), '{}')",
    ],
)
def test_application_itself_may_not_end_anything(shared, statement):
    with open_region(rivierenland()), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run(statement, "default")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM tenancy_organisation",
        "DELETE FROM tenancy_region",
        # Of who left it empties the name and ends the account. It gives nobody a role, an address or a way in.
        "UPDATE accounts_membership SET role = 'coach'",
        "UPDATE accounts_membership SET ended_at = NULL",
        "UPDATE accounts_membership SET user_id = 1",
        "DELETE FROM accounts_membership",
        "INSERT INTO accounts_user (email, name, password, is_active) VALUES ('a@b.nl', 'A', '', true)",
        "DELETE FROM accounts_user",
        "UPDATE accounts_user SET id = 1",
        "UPDATE account_emailaddress SET email = 'a@b.nl'",
        "INSERT INTO account_emailaddress (email, user_id, verified, \"primary\") VALUES ('a@b.nl', 1, true, true)",
        "UPDATE mfa_authenticator SET data = '{}'",
        "UPDATE socialaccount_socialaccount SET uid = 'x'",
    ],
)
def test_keeper_may_not_touch_what_has_no_term(shared, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(statement, "keeper")


def test_keeper_sees_nothing_without_a_region(shared):
    with open_region(rivierenland()):
        world = factories.make_world("rivierenland")
        make_referral(world)

    assert run("SELECT count(*) FROM referrals_client", "keeper") == [(0,)]


def test_keeper_does_not_see_another_region(shared):
    with open_region(Region.objects.get(slug="heideland").pk, using="keeper"):
        assert run("SELECT count(*) FROM referrals_client", "keeper") == [(0,)]


def test_keeper_has_rights_on_what_has_a_term_and_nothing_else(shared):
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    granted: dict[str, set] = defaultdict(set)
    for table, privilege in run(
        "SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a"
        " WHERE a.grantee = 'wor_keeper'::regrole AND c.relkind = 'r'",
        "default",
    ):
        granted[table].add(privilege)

    for table, privileges in granted.items():
        ends = {"UPDATE", "DELETE"} if kept_of(table, models.get(table)) in ENDS else set()
        ends |= {"DELETE"} if table in KEEPER_DELETES else set()
        writes = {"INSERT"} if table in KEEPER_WRITES else set()
        assert privileges == {"SELECT", *ends, *writes}, table
    assert granted["referrals_client"] == {"SELECT", "UPDATE", "DELETE"}
    assert granted["accounts_user"] == granted["accounts_membership"] == {"SELECT"}


def test_keeper_may_empty_just_what_is_personal_of_who_left(shared):
    found: dict[str, set] = defaultdict(set)
    for table, column, privilege in run(
        "SELECT attrelid::regclass::text, attname, a.privilege_type FROM pg_attribute, aclexplode(attacl) a"
        " WHERE a.grantee = 'wor_keeper'::regrole",
        "default",
    ):
        assert privilege == "UPDATE"
        found[table].add(column)

    assert found == {table: set(columns) for table, columns in KEEPER_EMPTIES.items()}
    assert found["accounts_membership"] == {*Membership.personal, "photo_id"}
    assert found["accounts_user"] == {*User.personal, "password", "is_active", "last_login"}


def test_keeper_cannot_read_or_empty_a_name_of_another_region(shared):
    heideland = Region.objects.get(slug="heideland").pk
    with open_region(heideland):
        there = factories.make_world("heideland").coach

    with open_region(rivierenland(), using="keeper"):
        statement = f"UPDATE accounts_membership SET display_name = '' WHERE id = {there.pk} RETURNING id"
        assert run(statement, "keeper") == []
    with open_region(heideland):
        assert Membership.objects.get(pk=there.pk).display_name == there.display_name
