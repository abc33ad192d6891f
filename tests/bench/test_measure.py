"""A tiny database is loaded and every module measures it once: that they run, never how fast."""

import os

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test.utils import override_settings

from bench import clock, floor, load
from bench.limits import NOT_MEASURED
from bench.measure import Bench
from bench.plan import Plan
from bench.rows import figures, pages, policies, refer, reports, statements
from bench.rows.people import bare_of
from bench.stage import Stage, call, counted
from tests.conftest import clone_database, drop_database

REFERRALS = 600


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """A database loaded as ./run bench-data does, in a clone of the template instead of a new one."""
    name = f"wor_test_bench_{os.environ.get('TEST_DB_SUFFIX', 'x')}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        clone_database(name)
        loaded = Stage(REFERRALS, name)
        kept = connections["owner"]
        with loaded.open():
            owner = connections["owner"]
            with owner.cursor() as cursor:
                cursor.execute("TRUNCATE tenancy_region CASCADE")
            load.fill(owner, Plan(REFERRALS))
        assert connections["owner"] is kept
        with override_settings(ROOT_URLCONF="bench.urls"):
            yield loaded
        loaded.close()
        drop_database(name)


@pytest.fixture
def bench(stage, django_db_blocker, monkeypatch):
    """Once, without warming up."""
    monkeypatch.setattr(clock, "WARM_UP", 0)
    monkeypatch.setattr(policies, "IN_A_ROW", 1)
    monkeypatch.setattr(figures, "UPKEEP_ROUNDS", 1)
    monkeypatch.setattr(figures, "REBUILD_ROUNDS", 1)
    with django_db_blocker.unblock():
        yield Bench(stage, stage, WSGIHandler(), floor.handler(), rounds=1)


def test_load_makes_what_was_asked_and_breaks_no_rule(stage, django_db_blocker):
    with django_db_blocker.unblock():
        counts = "SELECT (SELECT count(*) FROM referrals_referral), (SELECT count(*) FROM coaches_contact)"
        [(referrals, contacts)] = stage.as_owner(counts)
        not_valid = stage.as_owner(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        )
        for table, name in not_valid:
            stage.as_owner(f'ALTER TABLE {table} VALIDATE CONSTRAINT "{name}"; SELECT 1')

    assert referrals == REFERRALS
    assert contacts == pytest.approx(4.5 * REFERRALS, rel=0.05)
    assert not_valid


@pytest.mark.parametrize("module", [statements, pages, policies, refer, figures, reports])
def test_rows_are_measured(bench, module):
    rows = list(module.measure(bench))

    assert rows
    measured = [row for row in rows if row.verdict != NOT_MEASURED]
    assert measured
    assert all(row.measured > 0 for row in measured)
    assert all(row.why_not for row in rows if row.verdict == NOT_MEASURED)


def test_floor_page_makes_as_many_statements_as_its_page(bench):
    page = bench.cast.form()
    bare, sql = bare_of(bench.large, bench.handler, page)
    with bench.large.open(), bench.large.statements() as captured:
        answer = call(bench.floor, bare.visitor, bare.path)

    assert answer.ok
    assert len(counted(captured)) == len(sql)
