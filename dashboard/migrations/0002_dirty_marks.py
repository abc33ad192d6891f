from django.db import migrations

# The upsert takes the row's lock until this transaction ends: a worker that counts the month skips it (SKIP LOCKED) or,
# when it was first, makes this transaction wait and mark it once more. Neither can miss the other.
MARK = """
CREATE FUNCTION mark_month_dirty(region bigint, practice bigint, sent timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO outbox_dirtymonth (region_id, practice_id, month)
    VALUES (region, practice, date_trunc('month', sent AT TIME ZONE 'Europe/Amsterdam')::date)
    ON CONFLICT (region_id, practice_id, month) DO UPDATE SET marked_at = outbox_dirtymonth.marked_at
$$
"""
OF_REFERRAL = """
CREATE FUNCTION mark_referral_dirty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM mark_month_dirty(NEW.region_id, NEW.practice_id, NEW.sent_at);
    IF TG_OP = 'UPDATE' AND (OLD.practice_id, OLD.sent_at) IS DISTINCT FROM (NEW.practice_id, NEW.sent_at) THEN
        PERFORM mark_month_dirty(OLD.region_id, OLD.practice_id, OLD.sent_at);
    END IF;
    RETURN NULL;
END $$
"""
OF_CASE = """
CREATE FUNCTION mark_case_dirty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM mark_month_dirty(r.region_id, r.practice_id, r.sent_at) FROM referrals_referral r WHERE r.id = NEW.referral_id;
    RETURN NULL;
END $$
"""
# What dashboard/counting.py reads of a referral.
COLUMNS = (
    *("practice_id", "status", "sent_at", "accepted_at", "first_contact_at", "first_talk_at", "feedback_at"),
    *("closed_at", "closing_reason_id", "z68_noted_at", "municipality_code"),
)


def changed(columns: tuple[str, ...]) -> str:
    old, new = (", ".join(f"{side}.{name}" for name in columns) for side in ("OLD", "NEW"))
    return f"WHEN (({old}) IS DISTINCT FROM ({new}))"


TRIGGERS = {
    "mark_new_referral": ("referrals_referral", "INSERT", "", "mark_referral_dirty"),
    "mark_changed_referral": ("referrals_referral", "UPDATE", changed(COLUMNS), "mark_referral_dirty"),
    "mark_new_talk": ("coaches_contact", "INSERT", "WHEN (NEW.result = 'spoken')", "mark_case_dirty"),
    "mark_changed_talk": (
        *("coaches_contact", "UPDATE", changed(("entered_in_error_at", "result", "kind")), "mark_case_dirty"),
    ),
    "mark_new_placement": ("coaches_placement", "INSERT", "WHEN (NEW.started_at IS NOT NULL)", "mark_case_dirty"),
    "mark_changed_placement": ("coaches_placement", "UPDATE", changed(("started_at",)), "mark_case_dirty"),
}


class Migration(migrations.Migration):
    """The database marks the months whose figures change, in the transaction of the change."""

    dependencies = [
        ("dashboard", "0001_initial"),
        ("outbox", "0001_initial"),
        ("referrals", "0001_initial"),
        ("coaches", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MARK, "DROP FUNCTION mark_month_dirty(bigint, bigint, timestamptz)"),
        migrations.RunSQL(OF_REFERRAL, "DROP FUNCTION mark_referral_dirty()"),
        migrations.RunSQL(OF_CASE, "DROP FUNCTION mark_case_dirty()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {function}()",
                f"DROP TRIGGER {name} ON {table}",
            )
            for name, (table, verb, when, function) in TRIGGERS.items()
        ),
    ]
