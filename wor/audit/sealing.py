"""Sealing the access log, checking the seals, and what a restore and retention do to them.

A hash chain inside each request would make a region's requests wait for each other (measured: 364 → 46 a second).
So a task seals once a minute what is certainly finished: rows of transactions older than any still running one. At
most a minute of log is unsealed.

A restored database counts its transactions from the beginning. So a restore seals all it finds, whatever the
transaction, and opens a new epoch with a seal without rows; the rows of that epoch are those with a higher id.
"""

import datetime as dt
import hashlib

from django.db import connection, connections
from django.db.models import Max

from wor.audit.models import AccessLogEntry, AccessSeal

# The columns of a row in a fixed order: the digest must not change when the table gets a new column.
COLUMNS = (
    "id, reference, at, action, kind, outcome, user_id, membership_id, actor_name, role, organisation_id, "
    "organisation_name, on_behalf_of, ip, purpose, client_ref, client_refs, object_type, object_ref, relation, "
    "consent_version, row_count, filter, request_id, xid"
)
DIGEST = f"encode(sha256(convert_to(string_agg(ROW({COLUMNS})::text, E'\\n' ORDER BY id), 'UTF8')), 'hex')"
ROWS_PER_SEAL = 50_000
# Below this every transaction has ended. It counts for the whole cluster: a long one in any database holds sealing up.
FINISHED_BEFORE = "pg_snapshot_xmin(pg_current_snapshot())"
# After a restore every transaction of the old database has ended.
EVERYTHING = "'18446744073709551615'::xid8"
OF_EPOCH = "region_id = %s AND id > %s AND id <= %s AND xid >= %s::xid8 AND xid < %s::xid8"
LAST_ID = 2**63 - 1


def seal(region_id: int, *, finished_before: str | None = None) -> AccessSeal | None:
    """Seal what is finished in the region that is open now. None when there is nothing new."""
    last = AccessSeal.objects.filter(region_id=region_id).order_by("-id").first()
    above, after = (last.above_id, str(last.up_to_xid)) if last else (0, "0")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(xid::text::bigint) + 1, count(*) FROM (SELECT xid FROM audit_accesslogentry"  # noqa: S608
            f" WHERE region_id = %s AND id > %s AND xid >= %s::xid8 AND xid < {finished_before or FINISHED_BEFORE}"
            " ORDER BY xid LIMIT %s) AS batch",
            [region_id, above, after, ROWS_PER_SEAL],
        )
        up_to, count = cursor.fetchone()
        if not count:
            return None
        count, first_id, last_id, digest = _digest(cursor, region_id, (above, LAST_ID), (after, str(up_to)))
    return AccessSeal.objects.create(
        region_id=region_id,
        up_to_xid=str(up_to),
        first_id=first_id,
        last_id=last_id,
        count=count,
        digest=digest,
        previous_digest=last.digest if last else "",
        epoch=last.epoch if last else 0,
        above_id=above,
    )


def _digest(cursor, region_id: int, ids: tuple[int, int], xids: tuple[str, str]) -> tuple[int, int, int, str]:
    cursor.execute(
        f"SELECT count(*), min(id), max(id), {DIGEST} FROM audit_accesslogentry WHERE {OF_EPOCH}",  # noqa: S608
        [region_id, *ids, *xids],
    )
    return cursor.fetchone()


def raise_epoch(region_id: int) -> int:
    """After a restore: seal all that the backup held, and begin a new epoch in the region that is open now."""
    while seal(region_id, finished_before=EVERYTHING):
        pass
    last = AccessSeal.objects.filter(region_id=region_id).order_by("-id").first()
    newest = AccessLogEntry.objects.filter(region_id=region_id).aggregate(id=Max("id"))["id"] or 0
    epoch, previous = (last.epoch + 1, last.digest) if last else (1, "")
    AccessSeal.objects.create(
        region_id=region_id,
        up_to_xid="0",
        first_id=0,
        last_id=newest,
        count=0,
        digest=_opening(epoch, newest, previous),
        previous_digest=previous,
        epoch=epoch,
        above_id=newest,
    )
    return epoch


def _opening(epoch: int, above_id: int, previous_digest: str) -> str:
    return hashlib.sha256(f"{epoch}:{above_id}:{previous_digest}".encode()).hexdigest()


def broken_seals(region_id: int) -> list[AccessSeal]:
    """The seals of the open region that no longer match their rows or the seal before them."""
    broken, after = [], "0"
    seals = list(AccessSeal.objects.filter(region_id=region_id).order_by("id"))
    # The first one may only have a predecessor when retention took that away, and so its own rows too.
    previous = seals[0].previous_digest if seals and seals[0].rows_deleted_at else ""
    ends = {each.epoch - 1: each.above_id for each in seals}
    epoch = seals[0].epoch if seals else 0
    with connection.cursor() as cursor:
        for each in seals:
            if each.epoch != epoch:
                after, epoch = "0", each.epoch
            ids = (each.above_id, ends.get(each.epoch, LAST_ID))
            if each.previous_digest != previous or not _holds(cursor, each, ids, after):
                broken.append(each)
            after, previous = str(each.up_to_xid), each.digest
    return broken


def _holds(cursor, each: AccessSeal, ids: tuple[int, int], after: str) -> bool:
    if each.count == 0:
        return each.digest == _opening(each.epoch, each.above_id, each.previous_digest)
    count, first_id, last_id, digest = _digest(cursor, each.region_id, ids, (after, str(each.up_to_xid)))
    if each.rows_deleted_at:
        return count == 0
    return (count, first_id, last_id, digest) == (each.count, each.first_id, each.last_id, each.digest)


def count_old(region_id: int, before: dt.datetime, *, using: str) -> int:
    """How many rows of the open region lie behind seals from before this moment."""
    old = AccessSeal.objects.using(using).filter(region_id=region_id, created_at__lt=before, rows_deleted_at=None)
    return sum(old.values_list("count", flat=True))


def delete_old(region_id: int, before: dt.datetime, *, limit: int, using: str) -> int:
    """Delete rows of which the term has ended, whole seals at a time; how many. The newest emptied seal stays."""
    seals = AccessSeal.objects.using(using).filter(region_id=region_id).order_by("id")
    emptied, deleted = None, 0
    with connections[using].cursor() as cursor:
        for each in list(seals.filter(created_at__lt=before, rows_deleted_at=None)[:1000]):
            if deleted and deleted + each.count > limit:
                break
            former = seals.filter(id__lt=each.id, epoch=each.epoch).last()
            later = seals.filter(epoch__gt=each.epoch).first()
            cursor.execute(
                f"DELETE FROM audit_accesslogentry WHERE {OF_EPOCH}",  # noqa: S608
                [
                    *(region_id, each.above_id, later.above_id if later else LAST_ID),
                    *(str(former.up_to_xid) if former else "0", str(each.up_to_xid)),
                ],
            )
            deleted += cursor.rowcount
            seals.filter(pk=each.pk).update(rows_deleted_at=dt.datetime.now(dt.UTC))
            emptied = each
        if emptied is not None:
            seals.filter(id__lt=emptied.id).order_by().delete()
    return deleted
