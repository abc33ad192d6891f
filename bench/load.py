"""`./run bench-data [referrals]`: makes a database of that size, or says that it is there already.

Indexes and foreign keys are set aside while it fills and made again after; the checks of each row stay on. The keys
come back NOT VALID: new rows are checked, those of the load are right by the plan (a test validates them at a small
size). A database gets its own name only when it is whole.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.core.management import call_command
from django.db import connections, models, transaction

from bench import tables
from bench.plan import LARGE, PREFIX, SMALL, Plan, database
from deploy.local.places import ROOT
from deploy.local.say import Problem, line, step

PORTION = 250_000
# Of all tables and indexes together, measured at 5,000,000; half as much again passes by while indexes are made.
BYTES_PER_REFERRAL = 8_000
KEPT_FREE = 3 * 2**30


def main(arguments: list[str]) -> int:
    referrals = size(arguments)
    with server() as cursor:
        if exists(cursor, database(referrals)) and not {"--opnieuw", "--weg"} & set(arguments):
            line(f"De database met {spaced(referrals)} verwijzingen is er al; --opnieuw maakt haar nieuw.")
            return 0
        cursor.execute(f'DROP DATABASE IF EXISTS "{database(referrals)}" WITH (FORCE)')
        if "--weg" in arguments:
            line("De database is weg.")
            return 0
        check_disk(referrals)
        make(cursor, referrals)
    return 0


def size(arguments: list[str]) -> int:
    given = [each for each in arguments if not each.startswith("--")]
    if not given:
        return LARGE
    text = given[0].replace("_", "").replace(".", "")
    if not text.isdecimal() or not 100 <= int(text) <= 50_000_000:
        raise Problem(f"{given[0]} is geen aantal verwijzingen: geef een getal van 100 tot 50 miljoen.")
    return int(text)


def spaced(number: int) -> str:
    """5.000.000, as Dutch writes it."""
    return f"{number:,}".replace(",", ".")


def check_disk(referrals: int) -> None:
    """Refuses before anything is written when the disk would run full."""
    needed = referrals * BYTES_PER_REFERRAL * 3 // 2 + KEPT_FREE
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise Problem(
            f"{spaced(referrals)} verwijzingen vragen {needed / 2**30:.1f} GB en er is {free / 2**30:.1f} GB vrij; "
            f"maak ruimte of kies minder, bijvoorbeeld ./run bench-data {SMALL}."
        )


@contextmanager
def server() -> Iterator:
    """The owner outside the databases that are measured."""
    owner = connections["owner"]
    owner.close()
    former = owner.settings_dict["NAME"]
    owner.settings_dict["NAME"] = "postgres"
    try:
        with owner.cursor() as cursor:
            yield cursor
    finally:
        owner.close()
        owner.settings_dict["NAME"] = former


def exists(cursor, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def present(cursor) -> list[int]:
    """The sizes that are loaded, largest first."""
    whole = f"^{PREFIX}[0-9]+$"
    cursor.execute("SELECT substr(datname, %s) FROM pg_database WHERE datname ~ %s", [len(PREFIX) + 1, whole])
    return sorted((int(row[0]) for row in cursor.fetchall()), reverse=True)


def make(cursor, referrals: int) -> None:
    name = database(referrals)
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}_new" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{name}_new"')
    kept, owner = connections["owner"], connections["owner"].copy("owner")
    owner.settings_dict = {**owner.settings_dict, "NAME": f"{name}_new"}
    connections["owner"] = owner
    try:
        with step("Tabellen gemaakt"):
            call_command("migrate", database="owner", verbosity=0)
        fill(owner, Plan(referrals))
    finally:
        owner.close()
        connections["owner"] = kept
    cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    cursor.execute("SELECT pg_size_pretty(pg_database_size(%s))", [name])
    line(f"Klaar: {spaced(referrals)} verwijzingen in {cursor.fetchone()[0]}.")


def fill(owner, plan: Plan) -> None:
    """Every row, then the indexes, then what the planner knows about them."""
    with owner.cursor() as cursor:
        # Losing power while it loads costs a load, no data.
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET work_mem = '64MB'")
        for table in tables.COUNTED[:1]:
            insert(cursor, table, plan.values())
        add_lists()
        cursor.execute(tables.FUNCTIONS)
        # In one transaction with their TRUNCATE, tables and indexes need no write-ahead log (wal_level minimal).
        with transaction.atomic(using="owner"), set_aside(cursor):
            for table in tables.COUNTED[1:]:
                insert(cursor, table, plan.values())
            pour(cursor, plan)
        insert(cursor, tables.SEAL, {})
        count_on(cursor)
        # Also marks pages as all-visible, without which an index alone answers nothing.
        with step("Statistiek bijgewerkt"):
            cursor.execute("VACUUM ANALYZE")


def add_lists() -> None:
    """The lists with which every region starts."""
    from activities.examples import add_examples as add_cells
    from referrals.examples import add_examples as add_reasons
    from wor.tenancy.models import Region

    for region in Region.objects.using("owner").order_by("pk"):
        add_cells(region)
        add_reasons(region)


def pour(cursor, plan: Plan) -> None:
    """The tables that grow with the referrals, a portion at a time."""
    for first in range(1, plan.referrals + 1, PORTION):
        last = min(first + PORTION - 1, plan.referrals)
        with step(f"{spaced(last)} van {spaced(plan.referrals)} verwijzingen, met alles wat eraan hangt"):
            for table in tables.LARGE:
                insert(cursor, table, plan.values() | {"first": first, "last": last})


def insert(cursor, table: tables.Table, values: dict) -> None:
    model = apps.get_model(table.model)
    columns = dict(table.columns)
    for field in model._meta.concrete_fields:
        if field.column in columns or field.null or field.primary_key or field.has_db_default():
            continue
        if isinstance(field, models.UUIDField):
            columns[field.column] = "gen_random_uuid()"
        elif getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            columns[field.column] = "now()"
        else:
            columns[field.column] = f"%({field.column})s"
            values = values | {field.column: field.get_db_prep_save(field.get_default(), connections["owner"])}
    names = ", ".join(f'"{name}"' for name in columns)
    source = ", ".join(columns.values())
    cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {source} FROM {table.source}', values)


class Constraint(NamedTuple):
    """What it takes to make one again."""

    table: str
    name: str
    definition: str


CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype = ANY(%s::"char"[]) ORDER BY conname
"""
INDEXES = """
SELECT indexrelid::regclass::text, indrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextmanager
def set_aside(cursor) -> Iterator[None]:
    """Without indexes, keys and triggers on the large tables; they are there again afterwards."""
    large = sorted({apps.get_model(table.model)._meta.db_table for table in tables.LARGE})
    # The keys of all tables: those of others hold the unique indexes of ours.
    cursor.execute("SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'")
    keys = constraints(cursor, [row[0] for row in cursor.fetchall()], "f")
    unique = constraints(cursor, large, "ux")
    for each in (*keys, *unique):
        cursor.execute(f'ALTER TABLE {each.table} DROP CONSTRAINT "{each.name}"')
    cursor.execute(INDEXES, [large])
    indexes = cursor.fetchall()
    for name, _table, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute(f"TRUNCATE {', '.join(large)}")
    # Old values and dirty marks are about what changes later.
    set_triggers(cursor, large, "DISABLE")
    yield
    set_triggers(cursor, large, "ENABLE")
    for table in large:
        with step(f"Indexen van {table} gemaakt"):
            for _name, _table, definition in (each for each in indexes if each[1] == table):
                cursor.execute(definition)
            make_again(cursor, [each for each in unique if each.table == table])
    make_again(cursor, keys, " NOT VALID")


def constraints(cursor, of: list[str], kinds: str) -> list[Constraint]:
    cursor.execute(CONSTRAINTS, [of, list(kinds)])
    return [Constraint(*row) for row in cursor.fetchall()]


def make_again(cursor, gone: list[Constraint], how: str = "") -> None:
    for each in gone:
        cursor.execute(f'ALTER TABLE {each.table} ADD CONSTRAINT "{each.name}" {each.definition}{how}')


def set_triggers(cursor, of: list[str], word: str) -> None:
    for table in of:
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def count_on(cursor) -> None:
    """Ids that the product gives out go on after those of the load."""
    for table in (*tables.COUNTED, *tables.LARGE):
        if "id" in table.columns:
            name = apps.get_model(table.model)._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM \"{name}\"))")
