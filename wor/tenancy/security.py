"""Row-level security and grants, applied after every ``migrate`` and therefore never forgotten.

A new table is readable by nobody but its owner until this ran: it fails closed. What each role may do is read from
the models; ``tests/test_policies.py`` compares the outcome with PostgreSQL's own catalogue.
"""

from django.apps import apps
from django.db import connections

APP_ROLE = "wor_app"
KEEPER_ROLE = "wor_keeper"

OPEN_REGION = "(SELECT NULLIF(current_setting('app.region', true), '')::bigint)"
OPEN_USER = "(SELECT NULLIF(current_setting('app.user', true), '')::bigint)"

# Tables without a region, each with its reason. A table that is in neither list nor carries region_id fails a test.
TABLES_WITHOUT_REGION = {
    "tenancy_region": "the tenants themselves",
    "tenancy_municipality": "country list (CBS)",
    "accounts_user": "a person can work in several regions",
    "accounts_user_groups": "Django",
    "audit_signinevent": "signing in happens before a region is known",
    "outbox_effect": "ids only; the relay reads it over all regions",
    "outbox_heartbeat": "ids only",
    "demo_sentmail": "mails to made-up people; the table exists in the demo only",
    "outbox_dirtymonth": "ids only",
    "activities_activityindex": "public text; search cannot use an index under a policy, so queries name the region",
    "activities_facetnumbers": "counts of that index, one row a region",
    "wor_cache": "limits and counters, hashed keys",
    "django_session": "needed before a region is known",
    "django_content_type": "Django",
    "django_migrations": "Django",
    "auth_permission": "Django, unused",
    "auth_group": "Django, unused",
    "auth_group_permissions": "Django, unused",
    "account_emailaddress": "allauth",
    "account_emailconfirmation": "allauth",
    "mfa_authenticator": "allauth; secrets are encrypted",
    "usersessions_usersession": "allauth",
    "socialaccount_socialaccount": "allauth",
    "socialaccount_socialapp": "allauth, unused: providers come from IdentityProvider",
    "socialaccount_socialtoken": "allauth, unused: tokens are not stored",
    "pghistory_context": "django-pghistory, unused: no context is stored",
}

# wor_app may delete only here: nothing about a person disappears through the web.
DELETABLE = {
    "django_session",
    "wor_cache",
    "account_emailaddress",
    "mfa_authenticator",
    "usersessions_usersession",
    "socialaccount_socialaccount",
    "socialaccount_socialtoken",  # empty; deleting an account asks for it
    "referrals_referraldraft",
    "referrals_presence",
    "tenancy_servedarea",
    # No person in it: what was chosen for an activity, its place in the index, and months counted again.
    "activities_activitycell",
    "activities_activitytheme",
    "activities_activityindex",
    "outbox_dirtymonth",
    # What a file held, when its moderator cancels: it may be anything, and nobody wants it kept.
    "activities_importline",
    # Derived: deleted and counted again.
    "dashboard_practicemonth",
    "dashboard_municipalitymonth",
}
# wor_keeper ends what has lasted long enough, and writes down that it did. All else it may only read.
ENDS = {
    *("case", "client_link", "draft", "import", "invitation", "log", "outbox", "remark", "session", "sign_in"),
}
KEPT_ELSEWHERE = {
    "django_session": "session",
    "usersessions_usersession": "session",
    # Of photos the person says how long; of a file that was brought in the keeper takes the content away.
    "tenancy_storedfile": "import",
}
# Of who left the row stays, for what they did keeps its role; the keeper empties these columns and no others
# (wor/retention/people.py). Role, organisation and dates it cannot change, and it takes no membership or account away.
KEEPER_EMPTIES = {
    "accounts_membership": ("display_name", "phone", "photo_id"),
    "accounts_user": ("email", "name", "password", "is_active", "last_login"),
}
# How somebody signed in goes with the account. Sessions the keeper ends anyway; secrets it cannot change or add.
KEEPER_DELETES = {"account_emailaddress", "mfa_authenticator", "socialaccount_socialaccount"}
KEEPER_WRITES = {"audit_event", "audit_accesslogentry", "retention_erasure", "retention_retentionrun"}
READ_ONLY = {
    *("tenancy_municipality", "django_migrations", "django_content_type", "pghistory_context"),
    *("retention_erasure", "retention_retentionrun"),
}
# Regions are made by the platform (a command as owner); the region's administrator changes what is theirs.
UPDATE_ONLY = {"tenancy_region"}


def secure_tables(using: str) -> None:
    """Apply policies and grants to every table of this database. Runs as the owner of the tables; idempotent."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            model = models.get(table)
            if model is not None and belongs_to_region(model):
                _protect(cursor, table)
            _grant(cursor, APP_ROLE, table, _privileges(table, model))
            _grant(cursor, KEEPER_ROLE, table, _keeper_privileges(table, model))
            if columns := ", ".join(KEEPER_EMPTIES.get(table, ())):
                cursor.execute(f'GRANT UPDATE ({columns}) ON "{table}" TO {KEEPER_ROLE}')
        for role in (APP_ROLE, KEEPER_ROLE):
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


def belongs_to_region(model) -> bool:
    """Does every row of this table carry its region?"""
    columns = {field.column for field in model._meta.local_fields}
    return "region_id" in columns and model._meta.db_table not in TABLES_WITHOUT_REGION


def _privileges(table: str, model) -> str:
    if table in READ_ONLY:
        return "SELECT"
    if table in UPDATE_ONLY:
        return "SELECT, UPDATE"
    if model is not None and is_append_only(model):
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE" if table in DELETABLE else "SELECT, INSERT, UPDATE"


def kept_of(table: str, model) -> str:
    """How long the rows of a table are kept: a code. Old values go with what they were values of."""
    tracked = getattr(model, "pgh_tracked_model", model)
    return KEPT_ELSEWHERE.get(table, getattr(tracked, "kept", ""))


def _keeper_privileges(table: str, model) -> str:
    privileges = "SELECT, UPDATE, DELETE" if kept_of(table, model) in ENDS else "SELECT"
    if table in KEEPER_DELETES:
        privileges = "SELECT, DELETE"
    return f"{privileges}, INSERT" if table in KEEPER_WRITES else privileges


def is_append_only(model) -> bool:
    """History tables and the logs: rows are written once."""
    return getattr(model, "append_only", False) or hasattr(model, "pgh_tracked_model")


def _grant(cursor, role: str, table: str, privileges: str) -> None:
    cursor.execute(f'REVOKE ALL ON "{table}" FROM {role}')
    cursor.execute(f'GRANT {privileges} ON "{table}" TO {role}')


def _protect(cursor, table: str) -> None:
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    cursor.execute("SELECT 1 FROM pg_policies WHERE tablename = %s AND policyname = 'everyone'", [table])
    if cursor.fetchone():
        return
    if table == "accounts_membership":
        # Signing in finds a person's memberships before a region is open; writing stays inside the region.
        reading, writing = f"region_id = {OPEN_REGION} OR user_id = {OPEN_USER}", f"region_id = {OPEN_REGION}"
        for verb, clause in {
            "SELECT": f"USING ({reading})",
            "INSERT": f"WITH CHECK ({writing})",
            "UPDATE": f"USING ({writing}) WITH CHECK ({writing})",
            "DELETE": f"USING ({writing})",
        }.items():
            cursor.execute(f'CREATE POLICY region_only_{verb.lower()} ON "{table}" AS RESTRICTIVE FOR {verb} {clause}')
    else:
        test = f"region_id = {OPEN_REGION}"
        cursor.execute(f'CREATE POLICY region_only ON "{table}" AS RESTRICTIVE USING ({test}) WITH CHECK ({test})')
    cursor.execute(f'CREATE POLICY everyone ON "{table}" USING (true) WITH CHECK (true)')
