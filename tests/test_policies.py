"""Every table against PostgreSQL's own catalogue: a new model is covered unasked."""

import pytest
from django.apps import apps
from django.db import connection, models

from wor.tenancy.constraints import RegionForeignKey
from wor.tenancy.models import RegionModel
from wor.tenancy.security import DELETABLE, READ_ONLY, TABLES_WITHOUT_REGION, UPDATE_ONLY, is_append_only

REGION = "(region_id = ( SELECT (NULLIF(current_setting('app.region'::text, true), ''::text))::bigint AS \"nullif\"))"
OWN_USER = "(user_id = ( SELECT (NULLIF(current_setting('app.user'::text, true), ''::text))::bigint AS \"nullif\"))"
MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if model._meta.managed}
REGION_MODELS = [model for model in apps.get_models() if issubclass(model, RegionModel)]

pytestmark = pytest.mark.django_db


def ask(sql: str, *arguments) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall()


def tables() -> set[str]:
    return {name for (name,) in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_each_table_carries_the_policy_or_is_named_with_a_reason():
    protected = dict(ask("SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind = 'r'"))

    for table in tables():
        assert protected[table] is (table not in TABLES_WITHOUT_REGION), table


def test_each_policy_is_restrictive_beside_one_permissive():
    rows = ask("SELECT tablename, policyname, permissive, cmd, roles::text, qual, with_check FROM pg_policies")

    for table in tables() - set(TABLES_WITHOUT_REGION) - {"accounts_membership"}:
        assert sorted(row[1:] for row in rows if row[0] == table) == [
            ("everyone", "PERMISSIVE", "ALL", "{public}", "true", "true"),
            ("region_only", "RESTRICTIVE", "ALL", "{public}", REGION, REGION),
        ], table


def test_membership_may_also_be_read_by_its_own_user_and_no_more():
    rows = ask("SELECT cmd, permissive, qual, with_check FROM pg_policies WHERE tablename = 'accounts_membership'")

    assert sorted(rows, key=str) == [
        ("ALL", "PERMISSIVE", "true", "true"),
        ("DELETE", "RESTRICTIVE", REGION, None),
        ("INSERT", "RESTRICTIVE", None, REGION),
        ("SELECT", "RESTRICTIVE", f"({REGION} OR {OWN_USER})", None),
        ("UPDATE", "RESTRICTIVE", REGION, REGION),
    ]


def test_each_table_gives_the_app_just_what_it_needs():
    granted = {
        (table, privilege)
        for table, privilege in ask(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = 'wor_app' AND table_schema = 'public'"
        )
    }

    for table in tables():
        expected = {"SELECT"} if table in READ_ONLY else {"SELECT", "INSERT", "UPDATE"}
        if table in UPDATE_ONLY:
            expected = {"SELECT", "UPDATE"}
        elif table in MODELS and is_append_only(MODELS[table]):
            expected = {"SELECT", "INSERT"}
        elif table in DELETABLE:
            expected = {"SELECT", "INSERT", "UPDATE", "DELETE"}
        assert {privilege for name, privilege in granted if name == table} == expected, table


def test_keeper_changes_only_these_tables_that_no_policy_guards():
    """Without a policy a right counts for every region at once: each is meant, and here to be seen."""
    granted = ask(
        "SELECT c.relname, a.privilege_type, '' FROM pg_class c, aclexplode(c.relacl) a"
        " WHERE a.grantee = 'wor_keeper'::regrole AND c.relkind = 'r' AND NOT c.relrowsecurity"
        " UNION ALL SELECT c.relname, a.privilege_type, attname FROM pg_attribute"
        " JOIN pg_class c ON c.oid = attrelid, aclexplode(attacl) a"
        " WHERE a.grantee = 'wor_keeper'::regrole AND NOT c.relrowsecurity"
    )

    emptied = ("email", "name", "password", "is_active", "last_login")
    assert {row for row in granted if row[1] != "SELECT"} == {
        *(("accounts_user", "UPDATE", column) for column in emptied),
        *((table, "DELETE", "") for table in ("account_emailaddress", "mfa_authenticator")),
        ("socialaccount_socialaccount", "DELETE", ""),
        *(
            (table, right, "")
            for table in ("django_session", "usersessions_usersession", "audit_signinevent", "outbox_effect")
            for right in ("UPDATE", "DELETE")
        ),
    }


def test_no_view_function_or_role_goes_around_the_policies():
    assert (
        ask("SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace") == []
    )
    assert ask("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace") == []
    assert (
        ask(
            "SELECT 1 FROM pg_auth_members JOIN pg_roles ON pg_roles.oid = member"
            " WHERE rolname IN ('wor_app', 'wor_keeper')"
        )
        == []
    )


@pytest.mark.parametrize("model", REGION_MODELS, ids=lambda model: model._meta.label)
def test_each_reference_stays_inside_the_region(model):
    table = model._meta.db_table
    found = dict(
        ask(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'f' AND convalidated",
            table,
        )
    )

    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and issubclass(field.remote_field.model, RegionModel):
            [constraint] = [
                each
                for each in model._meta.constraints
                if isinstance(each, RegionForeignKey) and each.field == field.name
            ]
            target = field.remote_field.model._meta.db_table
            assert found[constraint.name] == (
                f"FOREIGN KEY (region_id, {field.column}) REFERENCES {target}(region_id, id)"
            )


def test_each_unique_rule_includes_the_region():
    rows = ask(
        "SELECT c.relname, i.relname, array_agg(a.attname::text) FROM pg_index x"
        " JOIN pg_class c ON c.oid = indrelid JOIN pg_class i ON i.oid = indexrelid"
        " JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = ANY(indkey)"
        " WHERE indisunique AND NOT indisprimary AND c.relnamespace = 'public'::regnamespace GROUP BY 1, 2"
    )

    for table, index, columns in rows:
        if table in TABLES_WITHOUT_REGION or table not in MODELS:
            continue
        keys = {
            field.column
            for field in MODELS[table]._meta.local_fields
            if isinstance(field, models.ForeignKey) and issubclass(field.remote_field.model, RegionModel)
        }
        assert columns == ["reference"] or {"region_id", *keys} & set(columns), f"{index}: {columns}"


def test_without_region_each_table_gives_nothing(world):
    from tests.factories import make_referral
    from wor.tenancy.context import set_region

    make_referral(world)
    set_region(None)

    for table in tables() - set(TABLES_WITHOUT_REGION):
        assert ask(f'SELECT count(*) FROM "{table}"') == [(0,)], table


OBVIOUS = (
    *(models.ForeignKey, models.AutoField, models.BigAutoField, models.UUIDField),
    *(models.DateTimeField, models.BooleanField),
)


@pytest.mark.parametrize(
    "model",
    [
        m
        for m in apps.get_models()
        if m.__module__.partition(".")[0] in {"wor", "activities", "referrals", "coaches", "dashboard", "kernteam"}
        and m._meta.app_label != "demo"
        and not hasattr(m, "pgh_tracked_model")
    ],
    ids=lambda model: model._meta.label,
)
def test_each_field_is_classified_as_personal_or_plain(model):
    names = {
        field.name
        for field in model._meta.local_fields
        if not isinstance(field, OBVIOUS) and not field.choices and field.name not in {"id", "gm_code", "last_login"}
    }
    personal, plain = set(getattr(model, "personal", ())), set(model.plain)

    assert names - personal - plain == set()
    assert personal & plain == set()
    assert (personal | plain) - {field.name for field in model._meta.local_fields} == set()


def test_tables_without_region_hold_no_content():
    allowed = {
        *("id", "kind", "region_id", "subject_ref", "recipient_membership_id", "recipient_user_id", "not_before"),
        *("sending_at", "done_at", "failed_at", "attempts", "message_id", "created_at"),
    }

    assert {
        name for (name,) in ask("SELECT column_name FROM information_schema.columns WHERE table_name = 'outbox_effect'")
    } == allowed


def test_owner_bypasses_and_the_others_do_not():
    rows = dict(ask("SELECT rolname, rolbypassrls FROM pg_roles WHERE rolname LIKE 'wor\\_%%'"))

    assert rows == {"wor_owner": True, "wor_app": False, "wor_keeper": False, "wor_backup": True}


NEEDLESS = """
SELECT narrow.indexrelid::regclass::text FROM pg_index narrow
JOIN pg_index wide ON wide.indrelid = narrow.indrelid AND wide.indnatts > narrow.indnatts
JOIN pg_class ON pg_class.oid = wide.indexrelid AND relam = (SELECT oid FROM pg_am WHERE amname = 'btree')
WHERE narrow.indrelid::regclass::text = ANY(%s) AND NOT narrow.indisunique
    AND coalesce(narrow.indpred, wide.indpred) IS NULL AND coalesce(narrow.indexprs, wide.indexprs) IS NULL
    AND wide.indkey::text LIKE narrow.indkey::text || ' %%'
"""


def test_no_index_repeats_the_beginning_of_another():
    assert ask(NEEDLESS, [model._meta.db_table for model in REGION_MODELS]) == []
