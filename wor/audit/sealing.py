"""Sealing the access log, and checking the seals.

A hash chain inside each request would make a region's requests wait for each other (measured: 364 → 46 a second).
So a task seals once a minute what is certainly finished: rows of transactions older than any still running one. At
most a minute of log is unsealed.
"""

from django.db import connection

from wor.audit.models import AccessSeal

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


def seal(region_id: int) -> AccessSeal | None:
    """Seal what is finished in the region that is open now. None when there is nothing new."""
    last = AccessSeal.objects.filter(region_id=region_id).order_by("-id").first()
    after = str(last.up_to_xid) if last else "0"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(xid::text::bigint) + 1, count(*) FROM (SELECT xid FROM audit_accesslogentry"  # noqa: S608
            f" WHERE region_id = %s AND xid >= %s::xid8 AND xid < {FINISHED_BEFORE} ORDER BY xid LIMIT %s) AS batch",
            [region_id, after, ROWS_PER_SEAL],
        )
        up_to, count = cursor.fetchone()
        if not count:
            return None
        count, first_id, last_id, digest = _digest(cursor, region_id, after, str(up_to))
    return AccessSeal.objects.create(
        region_id=region_id,
        up_to_xid=str(up_to),
        first_id=first_id,
        last_id=last_id,
        count=count,
        digest=digest,
        previous_digest=last.digest if last else "",
        epoch=last.epoch if last else 0,
    )


def _digest(cursor, region_id: int, from_xid: str, up_to_xid: str) -> tuple[int, int, int, str]:
    cursor.execute(
        f"SELECT count(*), min(id), max(id), {DIGEST} FROM audit_accesslogentry"  # noqa: S608
        " WHERE region_id = %s AND xid >= %s::xid8 AND xid < %s::xid8",
        [region_id, from_xid, up_to_xid],
    )
    return cursor.fetchone()


def broken_seals(region_id: int) -> list[AccessSeal]:
    """The seals of the open region that no longer match their rows or the seal before them."""
    broken, after, previous, epoch = [], "0", "", 0
    with connection.cursor() as cursor:
        for each in AccessSeal.objects.filter(region_id=region_id).order_by("id"):
            if each.epoch != epoch:  # a restore starts a new chain; transaction ids begin anew
                after, epoch = "0", each.epoch
            count, first_id, last_id, digest = _digest(cursor, region_id, after, str(each.up_to_xid))
            if (count, first_id, last_id, digest) != (each.count, each.first_id, each.last_id, each.digest) or (
                each.previous_digest != previous
            ):
                broken.append(each)
            after, previous = str(each.up_to_xid), each.digest
    return broken
