"""Every list on 200,000 referrals: an index serves it, nothing sorts the region or walks a whole table.

Run as wor_app with row-level security on, because the policy is what makes a plan go wrong (platform.md).
"""

import json
import os

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from tests import factories, volume
from tests.conftest import RegionKeepingClient, clone_database, drop_database
from wor.tenancy.context import set_region

# One process fills the region, once.
pytestmark = pytest.mark.xdist_group("volume")

BIG = {
    *("referrals_referral", "referrals_client", "referrals_feedback", "outbox_notice", "audit_accesslogentry"),
    *("audit_event", "referrals_consent"),
}
# More than a page and what it fetches beside it; a region has 200,000.
MOST_ROWS = 5_000
LISTS = {
    "referrer": ["/verwijzingen/", "/verwijzingen/?wie=ik", "/berichten/"],
    "coach": ["/werkvoorraad/", "/berichten/"],
    "coordinator": ["/werkvoorraad/", "/verdelen/"],
    "region_admin": ["/beheer/logboek/", "/beheer/mensen/", "/beheer/organisaties/"],
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
