"""The seals of the access log, through a restore and through retention."""

import datetime as dt

import pytest
from django.db import connections
from django.utils import timezone

from wor.audit import sealing
from wor.audit.models import AccessLogEntry, AccessSeal
from wor.retention.services import run_region
from wor.tenancy.context import open_region

NOW = timezone.now()
SIX_YEARS = dt.timedelta(days=6 * 366)


@pytest.fixture
def log(kept, monkeypatch):
    """Writes rows and seals them, each in a transaction of its own."""
    # Nobody else writes in this database; a test next door, in another one, must not hold sealing up.
    monkeypatch.setattr(sealing, "FINISHED_BEFORE", "pg_snapshot_xmax(pg_current_snapshot())")

    def write(count: int = 3, **fields):
        with open_region(kept.region.pk):
            for _each in range(count):
                AccessLogEntry.objects.create(region=kept.region, action="R", kind="read", **fields)
        with open_region(kept.region.pk):
            return sealing.seal(kept.region.pk)

    return write


def broken(world) -> list:
    with open_region(world.region.pk):
        return sealing.broken_seals(world.region.pk)


def raise_epoch(world) -> int:
    with open_region(world.region.pk):
        return sealing.raise_epoch(world.region.pk)


def rows(world, model) -> int:
    with open_region(world.region.pk):
        return model.objects.count()


def tamper(world, statement: str) -> None:
    with open_region(world.region.pk, using="keeper"), connections["keeper"].cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1


@pytest.fixture
def restored(kept, log):
    """A log as a restore finds it: written by transactions far ahead of those that this cluster has had."""
    log(xid="900000000")
    with open_region(kept.region.pk):
        sealing.seal(kept.region.pk, finished_before=sealing.EVERYTHING)
        AccessLogEntry.objects.create(region=kept.region, action="R", kind="read", xid="900000007")
    return kept


def test_restore_without_a_new_epoch_would_leave_new_rows_unsealed(restored, log):
    assert log() is None


def test_restore_seals_what_was_there_and_what_comes_after(restored, log):
    assert raise_epoch(restored) == 1

    new = log()

    assert (new.epoch, new.count) == (1, 3)
    assert broken(restored) == []
    with open_region(restored.region.pk):
        assert [each.count for each in AccessSeal.objects.order_by("id")] == [3, 1, 0, 3]


def test_second_restore_opens_a_third_epoch(restored, log):
    raise_epoch(restored)
    log()

    assert raise_epoch(restored) == 2
    log()
    assert broken(restored) == []


@pytest.mark.parametrize("row", ["min(id)", "max(id)"])
def test_change_on_either_side_of_a_restore_is_found(restored, log, row):
    raise_epoch(restored)
    log()

    tamper(restored, f"UPDATE audit_accesslogentry SET role = 'x' WHERE id = (SELECT {row} FROM audit_accesslogentry)")

    assert len(broken(restored)) == 1


def test_epoch_that_is_taken_away_is_found(restored, log):
    raise_epoch(restored)
    log()

    tamper(restored, "DELETE FROM audit_accessseal WHERE count = 0")

    assert broken(restored)


def age(world, seal: AccessSeal) -> None:
    tamper(world, f"UPDATE audit_accessseal SET created_at = created_at - interval '6 years' WHERE id = {seal.pk}")


def test_log_goes_after_five_years_and_the_chain_holds(kept, log):
    first, second, _third = log(), log(), log()
    age(kept, first)
    age(kept, second)

    run_region(kept.region, NOW)

    with open_region(kept.region.pk):
        assert not AccessLogEntry.objects.filter(id__lte=second.last_id).exists()
        assert [each.count for each in AccessSeal.objects.order_by("id")] == [3, 3]
    assert broken(kept) == []


def test_log_younger_than_five_years_stays(kept, log):
    log()

    run_region(kept.region, NOW)

    assert rows(kept, AccessLogEntry) >= 3
    assert rows(kept, AccessSeal) == 1


def test_log_of_before_a_restore_goes_too(restored, log):
    raise_epoch(restored)
    log()
    with open_region(restored.region.pk):
        old = list(AccessSeal.objects.filter(epoch=0))
    for each in old:
        age(restored, each)

    run_region(restored.region, NOW)

    with open_region(restored.region.pk):
        assert AccessLogEntry.objects.filter(xid__gte="900000000").count() == 0
        assert AccessLogEntry.objects.filter(kind="read").count() == 3
    assert broken(restored) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_accessseal WHERE rows_deleted_at IS NOT NULL",
        "UPDATE audit_accessseal SET rows_deleted_at = NULL WHERE rows_deleted_at IS NOT NULL",
        "UPDATE audit_accessseal SET rows_deleted_at = now() WHERE rows_deleted_at IS NULL",
    ],
    ids=["seal-removed", "mark-removed", "mark-added"],
)
def test_what_retention_did_cannot_be_made_up(kept, log, statement):
    first, _second = log(), log()
    age(kept, first)
    run_region(kept.region, NOW)

    tamper(kept, statement)

    assert broken(kept)
