"""The sweeps over the database, each broken once on purpose: it must name exactly the table that is wrong.

The owner breaks a database of this file's own, a sweep looks as the application does, and the owner mends it again.
"""

from contextlib import contextmanager

import pytest
from django.db import connections, transaction

from referrals.models import Client
from tests import factories, test_isolation, test_policies
from wor.tenancy.context import set_region
from wor.tenancy.security import OPEN_REGION

PROBE = "CREATE TABLE sweep_probe (id bigint, region_id bigint)"
CAREFUL = "ALTER TABLE sweep_probe ENABLE ROW LEVEL SECURITY"
NO_PROBE = "DROP TABLE sweep_probe"
SAME_REGION = "referrals_client_practice_same_region"


@pytest.fixture
def broken(committed):
    @contextmanager
    def broken(harm: str, mend: str):
        with connections["owner"].cursor() as cursor:
            cursor.execute(harm)
        try:
            yield
        finally:
            connections["default"].close()  # so that nothing is still reading what is mended
            with connections["owner"].cursor() as cursor:
                cursor.execute(mend)

    return broken


@pytest.fixture
def worlds(committed):
    """Two regions with people, for as long as the test; they see what the owner committed before."""

    @contextmanager
    def worlds():
        with transaction.atomic():
            world = factories.make_world("rivierenland")
            other = factories.make_world("heideland")
            set_region(world.region.pk)
            yield world, other
            transaction.set_rollback(True)

    return worlds


POLICIES = [
    # what is done, how it is mended, the sweep that sees it, what it names
    (PROBE, NO_PROBE, "each_table_carries_the_policy_or_is_named_with_a_reason", "sweep_probe"),
    (f"{PROBE}; {CAREFUL}", NO_PROBE, "each_table_carries_the_policy_or_is_named_with_a_reason", "sweep_probe"),
    (
        "ALTER TABLE referrals_client NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE referrals_client FORCE ROW LEVEL SECURITY",
        "each_table_carries_the_policy_or_is_named_with_a_reason",
        "referrals_client",
    ),
    (
        "CREATE POLICY careless ON referrals_client USING (true)",
        "DROP POLICY careless ON referrals_client",
        "each_policy_is_restrictive_beside_one_permissive",
        "referrals_client",
    ),
    (
        "ALTER POLICY region_only ON referrals_client USING (true)",
        f"ALTER POLICY region_only ON referrals_client USING (region_id = {OPEN_REGION})",
        "each_policy_is_restrictive_beside_one_permissive",
        "referrals_client",
    ),
    (
        "CREATE POLICY careless ON accounts_membership USING (true)",
        "DROP POLICY careless ON accounts_membership",
        "membership_may_also_be_read_by_its_own_user_and_no_more",
        "",
    ),
    (
        "GRANT DELETE ON referrals_client TO wor_app",
        "REVOKE DELETE ON referrals_client FROM wor_app",
        "each_table_gives_the_app_just_what_it_needs",
        "referrals_client",
    ),
    (
        "GRANT TRUNCATE ON audit_event TO wor_app",
        "REVOKE TRUNCATE ON audit_event FROM wor_app",
        "each_table_gives_the_app_just_what_it_needs",
        "audit_event",
    ),
    (
        "CREATE VIEW sweep_probe AS SELECT * FROM referrals_client",
        "DROP VIEW sweep_probe",
        "no_view_function_or_role_goes_around_the_policies",
        "",
    ),
    (
        "CREATE FUNCTION sweep_probe() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION sweep_probe",
        "no_view_function_or_role_goes_around_the_policies",
        "",
    ),
    (
        "CREATE UNIQUE INDEX sweep_probe ON referrals_client (phone)",
        "DROP INDEX sweep_probe",
        "each_unique_rule_includes_the_region",
        "sweep_probe: ['phone']",
    ),
    (
        "ALTER TABLE outbox_effect ADD COLUMN recipient_name text",
        "ALTER TABLE outbox_effect DROP COLUMN recipient_name",
        "tables_without_region_hold_no_content",
        "",
    ),
]


@pytest.mark.parametrize(("harm", "mend", "sweep", "named"), POLICIES, ids=[each[0][:60] for each in POLICIES])
def test_what_is_wrong_in_the_database_is_named(broken, harm, mend, sweep, named):
    look = getattr(test_policies, f"test_{sweep}")

    with broken(harm, mend), pytest.raises(AssertionError) as found:
        look()

    assert str(found.value).startswith(named)
    look()  # mended, and nothing else was wrong


def test_reference_without_its_region_is_named(broken):
    look = test_policies.test_each_reference_stays_inside_the_region

    with (
        broken(
            f"ALTER TABLE referrals_client DROP CONSTRAINT {SAME_REGION}",
            f"ALTER TABLE referrals_client ADD CONSTRAINT {SAME_REGION}"
            " FOREIGN KEY (region_id, practice_id) REFERENCES tenancy_organisation (region_id, id)",
        ),
        pytest.raises(KeyError, match=SAME_REGION),
    ):
        look(Client)

    look(Client)


def test_field_that_nobody_classified_is_named(monkeypatch):
    monkeypatch.setattr(Client, "personal", tuple(set(Client.personal) - {"phone"}))

    with pytest.raises(AssertionError, match="phone"):
        test_policies.test_each_field_is_classified_as_personal_or_plain(Client)


ISOLATION = [
    ("test_without_region_no_rows", 1),
    ("test_other_region_sees_nothing", 2),
    ("test_row_for_another_region_is_refused", 2),
]


@pytest.mark.parametrize(("sweep", "takes"), ISOLATION, ids=[each[0] for each in ISOLATION])
def test_without_its_policy_a_table_is_open_and_that_is_seen(broken, worlds, sweep, takes):
    off, on = (f"ALTER TABLE referrals_client {verb} ROW LEVEL SECURITY" for verb in ("DISABLE", "ENABLE"))

    with broken(off, on), worlds() as both, pytest.raises((AssertionError, pytest.fail.Exception)):
        getattr(test_isolation, sweep)(*both[:takes])


def test_without_its_policy_a_table_gives_rows_outside_a_region(broken, worlds):
    off, on = (f"ALTER TABLE referrals_client {verb} ROW LEVEL SECURITY" for verb in ("DISABLE", "ENABLE"))

    with broken(off, on), worlds() as (world, _other), pytest.raises(AssertionError, match="referrals_client"):
        test_policies.test_without_region_each_table_gives_nothing(world)


HARM = [
    (
        "test_reference_into_another_region_is_refused",
        f"ALTER TABLE referrals_client DROP CONSTRAINT {SAME_REGION}",
        f"ALTER TABLE referrals_client ADD CONSTRAINT {SAME_REGION}"
        " FOREIGN KEY (region_id, practice_id) REFERENCES tenancy_organisation (region_id, id)",
        2,
    ),
    (
        "test_events_cannot_be_changed",
        "GRANT UPDATE ON audit_event TO wor_app",
        "REVOKE UPDATE ON audit_event FROM wor_app",
        1,
    ),
    (
        "test_history_keeps_the_former_values",
        "ALTER TABLE referrals_client DISABLE TRIGGER USER",
        "ALTER TABLE referrals_client ENABLE TRIGGER USER",
        1,
    ),
]


@pytest.mark.parametrize(("sweep", "harm", "mend", "takes"), HARM, ids=[each[0] for each in HARM])
def test_without_its_guard_a_row_is_harmed_and_that_is_seen(broken, worlds, sweep, harm, mend, takes):
    with broken(harm, mend), worlds() as both, pytest.raises((AssertionError, pytest.fail.Exception)):
        getattr(test_isolation, sweep)(*both[:takes])
