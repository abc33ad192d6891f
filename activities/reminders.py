"""Which activities somebody has to confirm again. The provider hears it by a mail with a link of its own."""

import datetime as dt

from wor.accounts.memberships import ACTIVE_SQL
from wor.outbox.models import Notice
from wor.outbox.reminders import Kind, Sql, register
from wor.tenancy.models import Region
from wor.terms import Term, Unit, day_of

CONFIRM = Term("activity_ask_months", Unit.MONTHS)  # from *gecontroleerd op*, or from when it was entered
# The effect that becomes the mail to the provider; its subject is the reminder, whose subject is the provider. Whoever
# writes that mail registers for it: ``relay.register(CONFIRM_MAIL, …)``.
CONFIRM_MAIL = "confirm_activities"


def to_confirm(region: Region, by: dt.date) -> Sql:
    """A provider is asked once for all that it offers, when the first of it is due; again once that was confirmed."""
    checked = "COALESCE(a.checked_at, a.created_at)"
    since = day_of(f"min({checked})")
    select = f"""
        SELECT * FROM (
            SELECT p.id AS subject_id, p.reference AS subject_ref, p.reference AS about_ref, {since} AS since,
                {CONFIRM.sql(region, since, by)} AS due_on
            FROM activities_activity a JOIN activities_provider p ON p.id = a.provider_id
            WHERE a.region_id = %(region)s AND a.status IN ('live', 'stale') AND {checked} < %(cutoff)s
            GROUP BY p.id
        ) facts WHERE due_on <= %(by)s"""
    return select, {"by": by, "cutoff": CONFIRM.cutoff(region, by)}


def with_address(region: Region, today: dt.date) -> Sql:
    return "SELECT due.reminder_id FROM due JOIN activities_provider p ON p.id = due.subject_id WHERE p.email <> ''", {}


def keepers(region: Region, today: dt.date) -> Sql:
    """The region's administrators, where a provider has no e-mail address: somebody has to call."""
    select = f"""
        SELECT due.reminder_id, due.about_ref, m.id AS membership_id, true AS mailed
        FROM due JOIN activities_provider p ON p.id = due.subject_id AND p.email = ''
        JOIN accounts_membership m ON m.region_id = %(region)s AND m.role = 'region_admin'
            AND {ACTIVE_SQL.format("m")}"""
    return select, {"today": today}


def register_reminders() -> None:
    confirm = (CONFIRM_MAIL, with_address)
    register(Kind("confirm_activity", "provider", Notice.Kind.CONFIRM_BY_PHONE, to_confirm, keepers, outside=confirm))
