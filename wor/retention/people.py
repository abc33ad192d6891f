"""What ends of those who work here: in a region the name of who left it, and the account once nobody knows a name.

Two steps, because no region may know of another. The first looks at one region alone. The second looks at one person
alone: all their roles, as the policy on memberships lets somebody see their own.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from wor.accounts.models import Membership
from wor.retention.models import Erasure
from wor.retention.rows import emptied, personal_fields
from wor.retention.rules import Rule, Turn, ask, register, run
from wor.retention.services import erases
from wor.retention.terms import ends_before
from wor.tenancy.context import open_region, set_region
from wor.tenancy.models import Region
from wor.tenancy.security import KEEPER_DELETES

PEOPLE_PER_TURN = 500

# When the last day of a role was over: ended by somebody, or past its date, whichever came first. NULL: not at all.
OVER_AT = f"least({{0}}.ended_at, ({{0}}.valid_until + 1)::timestamp AT TIME ZONE '{settings.TIME_ZONE}')"
# Who goes on in the same organisation did not leave it, whatever the role: the term counts from their last day there.
LEFT = (
    f"m.region_id = %s AND m.display_name <> '' AND {OVER_AT.format('m')} < %s AND NOT EXISTS"
    " (SELECT FROM accounts_membership o WHERE o.region_id = m.region_id AND o.user_id = m.user_id"
    f" AND o.organisation_id = m.organisation_id AND coalesce({OVER_AT.format('o')}, 'infinity') >= %s)"
)


# --- In a region: the name of who left -------------------------------------------------------------------------------


def _due(region: Region, now: dt.datetime) -> list:
    before = ends_before(region, "staff", now)
    return [region.pk, before, before]


def _count_names(region: Region | None, now: dt.datetime, using: str) -> int:
    assert region is not None
    return int(ask(using, f"SELECT count(*) FROM accounts_membership m WHERE {LEFT}", _due(region, now))[0][0])  # noqa: S608


def _turn_names(region: Region | None, now: dt.datetime, using: str) -> Turn:
    assert region is not None
    rows = ask(
        using,
        f"SELECT m.id, m.reference, m.photo_id FROM accounts_membership m WHERE {LEFT}"  # noqa: S608
        f" ORDER BY m.id LIMIT {PEOPLE_PER_TURN} FOR UPDATE OF m SKIP LOCKED",
        _due(region, now),
    )
    return _erase_names(rows, using)


def _replay_names(region: Region, references: list[uuid.UUID], using: str) -> Turn:
    rows = ask(
        using,
        "SELECT id, reference, photo_id FROM accounts_membership"
        " WHERE region_id = %s AND reference = ANY(%s::uuid[]) AND display_name <> '' FOR UPDATE",
        [region.pk, list(map(str, references))],
    )
    return _erase_names(rows, using)


def _erase_names(rows: list[tuple[int, uuid.UUID, int | None]], using: str) -> Turn:
    """Empty name and telephone and take the photo away. Memberships have no history; a test says so."""
    changes = ", ".join(map(emptied, personal_fields(Membership, words_only=False)))
    run(
        using,
        f"UPDATE accounts_membership SET {changes}, photo_id = NULL WHERE id = ANY(%s)",  # noqa: S608
        [[pk for pk, _reference, _photo in rows]],
    )
    photos = [photo for _pk, _reference, photo in rows if photo is not None]
    run(using, "DELETE FROM tenancy_storedfile WHERE id = ANY(%s)", [photos])
    erased = {Erasure.Kind.STAFF.value: [reference for _pk, reference, _photo in rows]}
    return Turn(count=len(rows), is_last=len(rows) < PEOPLE_PER_TURN, erased=erased)


register(Rule("staff", _("Namen van wie hier niet meer werkt"), _count_names, _turn_names))
erases(Erasure.Kind.STAFF, _replay_names)


# --- Over all regions: the account ----------------------------------------------------------------------------------


def _nameless(using: str) -> list[int]:
    """Whose name is erased in some region, and who still has an account."""
    found: set[int] = set()
    for region_id in Region.objects.using(using).values_list("pk", flat=True):
        with open_region(region_id, using=using):
            rows = ask(
                using,
                "SELECT DISTINCT u.id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id"
                " WHERE m.region_id = %s AND m.display_name = '' AND u.name <> ''",
                [region_id],
            )
        found.update(pk for (pk,) in rows)
    return sorted(found)


@contextmanager
def all_roles_of(user_id: int, using: str) -> Iterator[None]:
    """See the roles of one person in every region, and no other row of any region."""
    set_region(None, user_id=user_id, using=using)
    yield
    set_region(None, using=using)


def _is_gone(user_id: int, now: dt.datetime, using: str) -> bool:
    """Is no role left in which this person has a name, or still works?

    So the account stays for the longest of the terms that apply: each region takes its own name away after its own.
    """
    with all_roles_of(user_id, using):
        stays = ask(
            using,
            "SELECT count(*) FROM accounts_membership m WHERE m.user_id = %s"  # noqa: S608
            f" AND (m.display_name <> '' OR coalesce({OVER_AT.format('m')}, 'infinity') > %s)",
            [user_id, now],
        )
    return stays == [(0,)]


def _count_accounts(region: Region | None, now: dt.datetime, using: str) -> int:
    with open_region(None, using=using):
        return sum(_is_gone(each, now, using) for each in _nameless(using))


def _turn_accounts(region: Region | None, now: dt.datetime, using: str) -> Turn:
    """One after the other. The row is held first: who is being given a new role at this moment keeps the account."""
    gone: list[int] = []
    for each in _nameless(using):
        held = ask(using, "SELECT id FROM accounts_user WHERE id = %s FOR UPDATE SKIP LOCKED", [each])
        if held and _is_gone(each, now, using):
            gone.append(each)
        if len(gone) == PEOPLE_PER_TURN:
            break
    _erase_accounts(gone, using)
    return Turn(count=len(gone), is_last=len(gone) < PEOPLE_PER_TURN)


def _erase_accounts(ids: list[int], using: str) -> None:
    """Nobody signs in here any more, and the address is free: a new invitation makes a new account."""
    run(
        using,
        "DELETE FROM django_session WHERE session_key IN"
        " (SELECT session_key FROM usersessions_usersession WHERE user_id = ANY(%s))",
        [ids],
    )
    for table in ("usersessions_usersession", *sorted(KEEPER_DELETES)):
        run(using, f'DELETE FROM "{table}" WHERE user_id = ANY(%s)', [ids])  # noqa: S608
    run(
        using,
        "UPDATE accounts_user SET email = 'weg-' || gen_random_uuid() || '@invalid', name = '', password = %s,"
        " is_active = false, last_login = NULL WHERE id = ANY(%s)",
        [make_password(None), ids],
    )


register(Rule("accounts", _("Accounts van wie nergens meer werkt"), _count_accounts, _turn_accounts, of_region=False))
