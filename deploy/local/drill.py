"""`./run restore-drill`: is a backup worth anything? Dump, restore in a fresh cluster, and compare everything.

The dump is made as wor_backup. The restored copy must hold the same rows, policies, grants, triggers, keys and
sequences, must still keep the application's role to its own region, and must be made honest again: the access log in a
new epoch, and what was erased since the backup erased again. The copy is thrown away.
"""

import json
import os
import re
import tempfile
import time
import uuid
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from deploy.local import demo, environment, postgres
from deploy.local.children import exit_on_signals, run
from deploy.local.places import PYTHON, ROOT, check_free_space, state
from deploy.local.say import Problem, line, seconds, step
from deploy.local.services import Services

# What must be the same on both sides, apart from the rows. Each gives lines of text.
CATALOGUE = {
    "rollen en rechten": """
        SELECT c.relname, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity,
               (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(c.relacl) AS a)
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S', 'v', 'm')""",
    "rechten op kolommen": """
        SELECT attrelid::regclass, attname, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(attacl) AS a)
        FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384""",
    "regels per regio": """
        SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies""",
    "triggers": """
        SELECT tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal""",
    "functies": """
        SELECT proname, prosecdef, proacl::text, prosrc FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    "sleutels en voorwaarden": """
        SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexen": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "kolommen": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'""",
}
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
WITH_REGION = "SELECT DISTINCT tablename FROM pg_policies WHERE policyname LIKE 'region\\_only%' ORDER BY 1"
# The same row must be the same text on both sides, wherever the server thinks it stands.
SPEAKING = "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1"
# Order does not matter: a digest of the sorted digests of the rows.
CONTENT = """
    SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(digest, '' ORDER BY digest), ''), 'UTF8')), 'hex')
    FROM (SELECT encode(sha256(convert_to(t::text, 'UTF8')), 'hex') AS digest FROM "{table}" AS t) AS rows"""
SEQUENCES = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"


def main(_arguments=()):
    """The drill with the demo's database."""
    exit_on_signals()
    check_free_space()
    began = time.monotonic()
    with Services("demo") as services:
        env = environment.demo(demo.port(), services.urls())
        demo.make_ready(env, state("demo"), fresh="postgres" not in services.names)
        with tempfile.TemporaryDirectory(prefix="wor-drill-") as folder:
            problems = drill(env, Path(folder))
    for problem in problems:
        line(f"FOUT: {problem}")
    verdict = f"{len(problems)} dingen kloppen niet" if problems else "De back-up is terug te zetten"
    line(f"{verdict} ({seconds(began)})")
    return 1 if problems else 0


def drill(env, folder):
    """Dump the database of DATABASE_URL, restore it under `folder`, and say what is not the same."""
    source = Place.of(env["DATABASE_URL"])
    dump = folder / "wor.dump"
    with source.connect("wor_backup") as reading:
        with step("Back-up gemaakt"):
            before = sequences(reading)
            make_dump(source, dump, freeze(reading))
        with step("Inhoud geteld"):
            held = contents(reading) | {"catalogue": catalogue(reading)}
    with fresh_cluster(folder) as copy:
        with step("Teruggezet in een leeg cluster"):
            restore(copy, dump)
        with step("Vergeleken"):
            problems = compare(copy, held, before) + role_matrix(copy)
        with step("Na het terugzetten"):
            problems += make_honest(copy, env, folder)
    return problems


class Place:
    """Where a database is: a unix socket's folder or a host, and its name."""

    def __init__(self, host, port, name, password=None):
        self.host, self.port, self.name, self.password = host, port, name, password

    @classmethod
    def of(cls, url):
        parts = urlsplit(url)
        host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
        return cls(unquote(host), parts.port or 5432, parts.path.lstrip("/"), os.environ.get("BACKUP_PASSWORD"))

    def url(self, role):
        return f"postgres://{role}@/{self.name}?host={quote(str(self.host), safe='')}"

    def connect(self, role):
        import psycopg2  # installed by now; the rest of ./run is standard library only

        connection = psycopg2.connect(
            host=str(self.host),
            port=self.port,
            dbname=self.name,
            user=role,
            password=self.password,
            options=SPEAKING,
        )
        connection.set_session(isolation_level="REPEATABLE READ")
        return connection

    def arguments(self, role):
        return ["--host", str(self.host), "--port", str(self.port), "--username", role, "--no-password"]


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def freeze(connection):
    """A snapshot that pg_dump shares: both see the database at one moment, however busy it is."""
    return ask(connection, "SELECT pg_export_snapshot()")[0][0]


def make_dump(source, dump, snapshot):
    argv = [postgres.binaries() / "pg_dump", *source.arguments("wor_backup"), "--format=custom", "--no-comments"]
    call([*argv, f"--snapshot={snapshot}", "--compress=1", f"--file={dump}", source.name], source.password)


def restore(copy, dump):
    """As the cluster's superuser: ownership and extensions are part of the backup. The roles are there already."""
    argv = [postgres.binaries() / "pg_restore", *copy.arguments("postgres"), "--dbname", copy.name, "--jobs=2"]
    call([*argv, "--exit-on-error", dump])


def call(argv, password=None):
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    env |= {"PGPASSWORD": password} if password else {}
    told = run(argv, capture_output=True, text=True, env=env)
    if told.returncode:
        raise Problem(f"{Path(argv[0]).name} mislukte: {(told.stderr.strip().splitlines() or ['zonder reden'])[0]}.")


class fresh_cluster:
    """A PostgreSQL of our own with the roles of deploy/roles.sql and an empty database; gone afterwards."""

    def __init__(self, folder):
        # sun_path holds 107 bytes: the socket's folder is short, whatever the temporary folder is called.
        self.sockets = Path(tempfile.mkdtemp(prefix="wor-", dir="/tmp"))
        self.service = postgres.Service("test", folder, sockets_in=self.sockets)

    def __enter__(self):
        self.service.start()
        return Place(self.sockets, 5432, "wor")

    def __exit__(self, *_):
        self.service.child.stop()
        for left in self.sockets.iterdir():
            left.unlink()
        self.sockets.rmdir()


# --- Comparing -------------------------------------------------------------------------------------------------------


def contents(connection):
    """For each table how many rows, and a digest of all of them."""
    return {table: ask(connection, CONTENT.format(table=table))[0] for (table,) in ask(connection, TABLES)}


def catalogue(connection):
    return {name: sorted(map(plain, ask(connection, sql))) for name, sql in CATALOGUE.items()}


def plain(definition):
    """Without brackets and casts to text: a server that reads its own conditions back writes these differently."""
    return re.sub(r"::character varying(\(\d+\))?|::text(\[\])?|[()]", "", str(definition))


def sequences(connection):
    return dict(ask(connection, SEQUENCES))


def compare(copy, held, before):
    """One sentence for each difference."""
    problems = []
    with copy.connect("wor_backup") as restored:
        found = contents(restored) | {"catalogue": catalogue(restored)}
        for table in sorted({*held, *found} - {"catalogue"}):
            if held.get(table) != found.get(table):
                problems.append(f"tabel {table}: {held.get(table)} werd {found.get(table)}")
        for name in CATALOGUE:
            if different := set(held["catalogue"][name]) ^ set(found["catalogue"][name]):
                problems.append(f"{name}: {len(different)} verschillen, zoals {min(different)[:200]}")
        # Sequences stand outside transactions: the copy may be further, never behind.
        after = sequences(restored)
        problems += [f"teller {name} loopt achter" for name, last in before.items() if after.get(name, -1) < last]
    if not sum(count for count, _digest in (held[table] for table in held if table != "catalogue")):
        problems.append("de back-up is leeg")
    return problems


def role_matrix(copy):
    """Does the copy still keep everybody to their own region?"""
    problems = []
    with copy.connect("wor_backup") as everything:
        tables = [table for (table,) in ask(everything, WITH_REGION)]
        regions = [region for (region,) in ask(everything, "SELECT id FROM tenancy_region ORDER BY id")]
        rows = {
            table: dict(ask(everything, f'SELECT region_id, count(*) FROM "{table}" GROUP BY 1')) for table in tables
        }
    counting = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables)
    for role in ("wor_app", "wor_keeper"):
        for region in (None, *regions):
            with copy.connect(role) as connection:
                ask(connection, f"SELECT set_config('app.region', '{region or ''}', true)")
                for table, seen in ask(connection, counting):
                    if seen != (rows[table].get(region, 0) if region else 0):
                        problems.append(f"{role} ziet in {table} {seen} rijen van regio {region}")
    return problems + forbidden(copy)


def forbidden(copy):
    """What no role but the right one may do, tried for real."""
    import psycopg2

    attempts = {
        "wor_app": ["DELETE FROM audit_accesslogentry", "TRUNCATE referrals_client", "CREATE TABLE mine (id int)"],
        "wor_keeper": ["DELETE FROM accounts_user", "INSERT INTO referrals_client DEFAULT VALUES"],
        "wor_backup": ["DELETE FROM outbox_effect"],
    }
    problems = []
    for role, statements in attempts.items():
        for statement in statements:
            connection = copy.connect(role)
            try:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                problems.append(f"{role} mag: {statement}")
            except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction):
                pass
            finally:
                connection.close()
    return problems


# --- After it --------------------------------------------------------------------------------------------------------


def make_honest(copy, env, folder):
    """What docs/operations.md tells to do after a restore; and does the log then tell the truth?"""
    env = env | {
        "DATABASE_URL": copy.url("wor_app"),
        "DATABASE_KEEPER_URL": copy.url("wor_keeper"),
        "DATABASE_OWNER_URL": copy.url("wor_owner"),
        "LOG_LEVEL": "ERROR",
    }
    env.pop("DATABASE_URL_FILE", None)
    env.pop("ERASURES_LIST", None)
    expected, listed = erased_since(copy, folder / "gewist.jsonl")
    problems = []
    for command in (["after_restore", "--gewist", str(listed)], ["verify_access_log"]):
        told = run([PYTHON, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True)
        if told.returncode:
            problems.append(f"manage.py {command[0]}: {(told.stderr.strip().splitlines() or ['?'])[-1]}")
    with copy.connect("wor_backup") as restored:
        if expected and ask(restored, f"SELECT erased_at FROM referrals_referral WHERE id = {expected}") == [(None,)]:
            problems.append("wat gewist was, staat er na het terugzetten weer")
        [(epochs,)] = ask(restored, "SELECT count(DISTINCT region_id) FROM audit_accessseal WHERE epoch > 0")
        [(regions,)] = ask(restored, "SELECT count(*) FROM tenancy_region")
        if epochs != regions:
            problems.append("het logboek kreeg geen nieuw tijdvak")
    return problems


def erased_since(copy, path):
    """Pretend that one closed case was erased after the backup: its row number, and the list that says so."""
    with copy.connect("wor_backup") as restored:
        rows = ask(
            restored,
            "SELECT r.id, r.reference, g.slug FROM referrals_referral r JOIN tenancy_region g ON g.id = r.region_id"
            " WHERE r.closed_at IS NOT NULL AND r.erased_at IS NULL ORDER BY r.id LIMIT 1",
        )
    lines = [
        json.dumps({"at": "", "region": slug, "kind": "case", "reference": str(uuid.UUID(str(reference)))})
        for _id, reference, slug in rows
    ]
    path.write_text("".join(f"{each}\n" for each in lines))
    return (rows[0][0] if rows else None), path
