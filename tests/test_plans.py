"""Every list on 200,000 referrals: an index serves it, nothing sorts the region or walks a whole table.

Run as wor_app with row-level security on, because the policy is what makes a plan go wrong (platform.md).
"""

import datetime as dt
import json
import os
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from activities.search import catalogue, read_criteria, search
from tests import factories, volume
from tests.conftest import RegionKeepingClient, clone_database, drop_database
from wor.calendar import AMSTERDAM
from wor.outbox import reminders
from wor.tenancy.context import set_region

BIG = {
    *("referrals_referral", "referrals_client", "referrals_feedback", "outbox_notice", "audit_accesslogentry"),
    *("audit_event", "referrals_consent", "outbox_reminder"),
}
# More than a page and what it fetches beside it; a region has 200,000.
MOST_ROWS = 5_000
LISTS = {
    "referrer": ["/verwijzingen/", "/verwijzingen/?wie=ik", "/berichten/"],
    "coach": ["/werkvoorraad/", "/werkvoorraad/?lijst=afgesloten", "/berichten/"],
    "coordinator": ["/werkvoorraad/", "/werkvoorraad/?lijst=afgesloten", "/verdelen/"],
    "region_admin": ["/beheer/logboek/", "/beheer/mensen/", "/beheer/organisaties/", "/beheer/sociale-kaart/"],
}


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker):
    """A region with many rows, committed in a database of its own."""
    default = connections["default"]
    former = default.settings_dict["NAME"]
    name = f"wor_volume_{os.environ.get('TEST_DB_SUFFIX', 'x')}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        clone_database(name)
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        with transaction.atomic():
            world = factories.make_world("rivierenland")
            reason = factories.make_reason(world.region, "completed")
        with connections["owner"].cursor() as cursor:
            volume.fill(
                cursor,
                region=world.region.pk,
                welfare=world.welfare.pk,
                referrer=world.referrer.pk,
                coach=world.coach.pk,
                cell=world.cell.pk,
                reason=reason.pk,
            )
        yield world
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = former
        drop_database(name)


def nodes(plan: dict):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def complaints(world, sql: str) -> list[str]:
    """What is wrong with the plan of a statement: a walk over a whole big table, or a sort of more than a page."""
    with transaction.atomic(), connection.cursor() as cursor:
        set_region(world.region.pk)
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        answer = cursor.fetchone()[0]
    [found] = answer if isinstance(answer, list) else json.loads(answer)
    wrong = []
    for node in nodes(found["Plan"]):
        rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG and rows > MOST_ROWS:
            wrong.append(f"walks all of {node['Relation Name']} ({rows} rows): {sql[:300]}")
        if node["Node Type"].endswith("Sort") and node["Actual Rows"] > MOST_ROWS:
            wrong.append(f"sorts {node['Actual Rows']} rows: {sql[:300]}")
        if node["Node Type"] == "Index Scan" and node.get("Rows Removed by Filter", 0) > MOST_ROWS:
            wrong.append(f"reads {rows} rows through {node['Index Name']}: {sql[:300]}")
    return wrong


@pytest.mark.parametrize(("person", "path"), [(who, path) for who, paths in LISTS.items() for path in paths])
def test_list_is_served_by_an_index(large, django_db_blocker, person, path):
    with django_db_blocker.unblock():
        client = RegionKeepingClient().sign_in(getattr(large, person))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)

        assert answer.status_code == 200
        for query in queries.captured_queries:
            if query["sql"].startswith("SELECT") and any(f'FROM "{table}"' in query["sql"] for table in BIG):
                assert complaints(large, query["sql"]) == []


def reminder_statements(world, work, now) -> list[str]:
    """What a turn asks, taken back afterwards."""
    with django_rollback(), CaptureQueriesContext(connection) as queries:
        set_region(world.region.pk)
        work(world.region, now=now)
    return [each["sql"] for each in queries.captured_queries if "outbox_reminder" in each["sql"]]


@contextmanager
def django_rollback():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def indexes_used(world, sql: str) -> set[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        set_region(world.region.pk)
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        answer = cursor.fetchone()[0]
    [found] = answer if isinstance(answer, list) else json.loads(answer)
    return {node["Index Name"] for node in nodes(found["Plan"]) if "Index Name" in node}


def test_reminders_are_planned_and_found_by_their_indexes(large, django_db_blocker):
    """60,000 referrals of the region are due; a turn takes 5,000 of them, and walks no table for it."""
    with django_db_blocker.unblock():
        now = dt.datetime(2026, 11, 24, 8, tzinfo=AMSTERDAM)
        planned = reminder_statements(large, reminders.plan, now)
        with transaction.atomic():
            set_region(large.region.pk)
            reminders.plan(large.region, now=now)
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE outbox_reminder")
        found = reminder_statements(large, reminders.tell, now)

        for sql in planned + found:
            with django_rollback():
                assert complaints(large, sql) == []
        waiting = [sql for sql in planned if "'unanswered_coach'" in sql and "INSERT" in sql]
        assert "referral_running" in indexes_used(large, waiting[0])
        assert "reminder_due" in indexes_used(large, found[0])


@pytest.mark.parametrize("text", ["woordab", "oordab", "woortab"])
def test_search_reads_only_what_may_hold_the_word(large, django_db_blocker, text):
    """A whole word, a part of one, and one that was typed wrongly."""
    with django_db_blocker.unblock(), transaction.atomic():
        set_region(large.region.pk)
        lists = catalogue(large.region.pk)
        with CaptureQueriesContext(connection) as queries:
            found = search(large.region.pk, read_criteria(QueryDict(f"zoek={text}"), lists), lists)

        assert 0 < found.total < MOST_ROWS
        for query in queries.captured_queries:
            assert complaints(large, query["sql"].rpartition("true);")[2]) == []
