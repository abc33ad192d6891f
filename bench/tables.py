"""What each table is filled with, as SQL that runs as owner. Chance is a hash of the row's number: a fixed seed.

``COUNTED`` are rows that are counted from 1; ``LARGE`` come in portions in the order of sending, as in real life, so
that the rows of one practice lie scattered over the table. A column that is not named gets its model's default.

Proportions, for each 1,000 referrals: one practice (skewed: a region's largest has five times the mean), 925 clients,
1,000 consents, 4,500 contacts, 1,500 feedback, 2,900 events, 700 first talks, 800 things to do, 200 messages, 2,000
notices, 2,100 rows of the access log, 2 drafts. Old values (history) and sent mails are left out: no page reads them.
"""

from dataclasses import dataclass

from referrals.models.client import search_key
from wor.demo.names import FAMILIES, MEN, WOMEN

FUNCTIONS = """
CREATE FUNCTION pg_temp.dice(row_number bigint, salt int) RETURNS int IMMUTABLE PARALLEL SAFE LANGUAGE sql
    AS 'SELECT ((hashint8extended($1, $2) & 9223372036854775807) % 10000)::int';
CREATE FUNCTION pg_temp.ref(kind text, row_number bigint) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql
    AS 'SELECT md5($1 || $2::text)::uuid';
CREATE TEMP TABLE lists AS
    SELECT region.id AS region_id,
        ARRAY(SELECT id FROM activities_targetcell c WHERE c.region_id = region.id ORDER BY position, id) AS cells,
        ARRAY(SELECT id FROM activities_theme t WHERE t.region_id = region.id ORDER BY id) AS themes
    FROM tenancy_region region;
CREATE TEMP TABLE reasons AS
    SELECT region_id, kind, array_agg(id ORDER BY position, id) AS ids FROM referrals_closingreason GROUP BY 1, 2;
ANALYZE lists, reasons;
"""


@dataclass(frozen=True)
class Table:
    """``columns``: name → SQL; ``source``: what stands after FROM. ``of`` names rows for the column ``reference``."""

    model: str
    columns: dict[str, str]
    source: str


def counted(number: str) -> str:
    """Rows 1 to ``number``, with %(names)s of the plan."""
    return f"generate_series(1, {number}) n"


COUNTED = (
    Table(
        "tenancy.Region",
        {"id": "n", "slug": "'regio-' || n", "name": "'Regio ' || n", "is_fictional": "true"},
        counted("%(regions)s"),
    ),
    Table(
        "tenancy.Organisation",
        {
            "id": "n",
            "region_id": "1 + (n - 1) / %(per_region)s",
            "kind": "'practice'",
            "name": "'Huisartsenpraktijk ' || n",
            "place": "'Lindewaard'",
            "phone": "'0344123456'",
            "municipality_code": "'GM900' || 1 + n %% 4",
            "registered_patients": "2000 + pg_temp.dice(n, 1) / 4",
        },
        counted("%(practices)s"),
    ),
    Table(
        "tenancy.Organisation",
        {
            "id": "%(practices)s + n",
            "region_id": "1 + (n - 1) / %(welfare_per_region)s",
            "kind": "'welfare'",
            "name": "'Sociaal Werk ' || n",
            "phone": "'0344654321'",
            "municipality_code": "'GM9001'",
        },
        counted("%(welfare)s"),
    ),
    Table(
        "tenancy.Organisation",
        {
            "id": "%(practices)s + %(welfare)s + n",
            "region_id": "1 + (n - 1) / 3",
            "kind": "(ARRAY['municipality', 'insurer', 'support'])[1 + (n - 1) %% 3]",
            "name": "'Partij ' || n",
            "municipality_code": "'GM9001'",
        },
        counted("3 * %(regions)s"),
    ),
    Table(
        "accounts.User",
        {"id": "n", "email": "'mens' || n || '@bench.example'", "name": "'Mens ' || n", "password": "'!'"},
        counted("%(practice_members)s + %(welfare_members)s + 3 * %(regions)s"),
    ),
    Table(
        "accounts.Membership",
        {
            "id": "n",
            "user_id": "n",
            "region_id": "1 + (n - 1) / 3 / %(per_region)s",
            "organisation_id": "1 + (n - 1) / 3",
            "role": "'referrer'",
            "function": "(ARRAY['gp', 'practice_nurse', 'assistant'])[1 + (n - 1) %% 3]",
            "display_name": "(ARRAY['Anne', 'Bas', 'Kim'])[1 + (n - 1) %% 3] || ' van der Meer ' || n",
            "is_contact_point": "n %% 3 = 1",
        },
        counted("%(practice_members)s"),
    ),
    Table(
        "accounts.Membership",
        {
            "id": "%(practice_members)s + n",
            "user_id": "%(practice_members)s + n",
            "region_id": "1 + (n - 1) / %(members_per_welfare)s / %(welfare_per_region)s",
            "organisation_id": "%(practices)s + 1 + (n - 1) / %(members_per_welfare)s",
            "role": "CASE WHEN n %% %(members_per_welfare)s = 0 THEN 'coordinator' ELSE 'coach' END",
            "display_name": "'Samira Bouzid ' || n",
            "phone": "'0612345678'",
        },
        counted("%(welfare_members)s"),
    ),
    Table(
        "accounts.Membership",
        {
            "id": "%(practice_members)s + %(welfare_members)s + n",
            "user_id": "%(practice_members)s + %(welfare_members)s + n",
            "region_id": "1 + (n - 1) / 3",
            "organisation_id": "%(practices)s + %(welfare)s + n",
            "role": "(ARRAY['funder', 'core_team', 'region_admin'])[1 + (n - 1) %% 3]",
            "display_name": "'Daan Waterman ' || n",
        },
        counted("3 * %(regions)s"),
    ),
    Table(
        "activities.District",
        {
            "id": "n",
            "region_id": "1 + (n - 1) / 8",
            "name": "'Wijk ' || n",
            "municipality_code": "'GM900' || 1 + n %% 4",
        },
        counted("8 * %(regions)s"),
    ),
    Table(
        "activities.PostcodeArea",
        {
            "region_id": "1 + (n - 1) / 40",
            "pc4": "(4001 + (n - 1) %% 40)::text",
            "municipality_code": "'GM900' || 1 + n %% 4",
            "district_id": "1 + (n - 1) / 40 * 8 + n %% 8",
        },
        counted("40 * %(regions)s"),
    ),
)

# A practice of the plan (counted from 0) with its welfare organisation and the first of its two coaches.
PRACTICE = """
    generate_series(1, %(practices)s) n
    CROSS JOIN LATERAL (SELECT 1 + (n - 1) / %(per_region)s AS region, (n - 1) %% %(per_region)s AS k) p
    CROSS JOIN LATERAL (
        SELECT %(welfare_per_region)s * (region - 1) + k %% %(welfare_per_region)s AS w,
            k / %(welfare_per_region)s AS slot
    ) o
    CROSS JOIN LATERAL (
        SELECT %(practices)s + 1 + w AS welfare,
            %(practice_members)s + 1 + w * %(members_per_welfare)s + 2 * slot AS coach
    ) s
"""
COUNTED += (
    Table(
        "tenancy.ServedArea",
        {
            "region_id": "region",
            "practice_id": "n",
            "municipality_code": "'GM900' || m",
            "welfare_organisation_id": "welfare",
        },
        PRACTICE + "CROSS JOIN generate_series(1, 4) m",
    ),
    Table(
        "referrals.PracticeIntake",
        {
            "region_id": "region",
            "practice_id": "n",
            "welfare_organisation_id": "welfare",
            "state": "CASE WHEN pg_temp.dice(n, 2) < 7000 THEN 'open' ELSE 'waiting_list' END",
            "expected_weeks": "CASE WHEN pg_temp.dice(n, 2) < 7000 THEN NULL ELSE 5 END",
            "next_free_on": "CASE WHEN pg_temp.dice(n, 2) < 7000 THEN current_date + 5 END",
            "default_coach_id": "coach",
        },
        PRACTICE,
    ),
    Table(
        "referrals.CoachHours",
        {
            "region_id": "region",
            "coach_id": "coach + c",
            "practice_id": "n",
            "minutes_per_week": "600",
            "valid": "daterange('2020-01-01', NULL)",
        },
        PRACTICE + "CROSS JOIN generate_series(0, 1) c",
    ),
    Table(
        "referrals.Presence",
        {
            "region_id": "region",
            "coach_id": "coach + c",
            "practice_id": "n",
            "weekday": "1 + (n + c) %% 5",
            "starts": "time '09:00'",
            "ends": "time '12:00'",
            "room": "'kamer 3'",
        },
        PRACTICE + "CROSS JOIN generate_series(0, 1) c",
    ),
    Table(
        "referrals.Absence",
        {
            "region_id": "region",
            "coach_id": "coach",
            "cover_id": "coach + 1",
            "span": "daterange(current_date - 3, current_date + 11)",
        },
        PRACTICE + "WHERE n %% 20 = 0",
    ),
    Table(
        "referrals.ReferralDraft",
        {
            "region_id": "region",
            "practice_id": "n",
            "written_by_id": "3 * n - 2",
            "key": "pg_temp.ref('draft', 2 * n + c)",
            "payload": """'{"given_name": "Toos", "family_name": "Wilgenroos", "phone": "0612345678"}'::jsonb""",
            "changed_at": "now() - c * interval '2 days'",
        },
        PRACTICE + "CROSS JOIN generate_series(0, 1) c",
    ),
)


def texts(values) -> str:
    """An SQL array of texts."""
    return "ARRAY[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"


def pick(array: str, salt: int, number: str = "n") -> str:
    return f"({array})[1 + pg_temp.dice({number}, {salt}) %% cardinality({array})]"


GIVEN = " ".join((*WOMEN.values(), *MEN.values())).split()
PREFIXES, NAMES = zip(*(name.split("|") for name in FAMILIES), strict=True)
NAME = f"1 + pg_temp.dice(n, 11) %% {len(NAMES)}"
FIRST_NAME = f"1 + pg_temp.dice(n, 12) %% {len(GIVEN)}"

# A referral, number n of all in the order of sending. ``base`` is the referral that brought its client in. OFFSET 0
# keeps the planner from writing each step out wherever it is used.
REFERRAL = """
    generate_series(%(first)s::bigint, %(last)s::bigint) n
    CROSS JOIN LATERAL (
        SELECT CASE WHEN n %% 10 = 0 AND n > %(returning_after)s THEN n - %(returning_after)s + 1 ELSE n END AS base
        OFFSET 0
    ) b
    CROSS JOIN LATERAL (
        SELECT 1 + pg_temp.dice(base, 1) %% %(regions)s AS region,
            floor(%(per_region)s * power(pg_temp.dice(base, 2) / 10000.0::float8, 1.6))::bigint AS k,
            least(95, greatest(18, 59 + (pg_temp.dice(base, 3) + pg_temp.dice(base, 4) - 10000) / 280)) AS age,
            CASE WHEN pg_temp.dice(base, 5) < 7400 THEN 'f' ELSE 'm' END AS sex,
            (1 - n / %(referrals)s::float8) * %(days)s + 0.01 AS days_ago
        OFFSET 0
    ) p
    CROSS JOIN LATERAL (
        SELECT (region - 1) * %(per_region)s + k + 1 AS practice,
            %(welfare_per_region)s * (region - 1) + k %% %(welfare_per_region)s AS w,
            now() - days_ago * interval '1 day' AS sent_at
        OFFSET 0
    ) o
    CROSS JOIN LATERAL (
        SELECT %(practices)s + 1 + w AS welfare, 3 * practice - 2 AS gp,
            %(practice_members)s + 1 + w * %(members_per_welfare)s + 2 * (k / %(welfare_per_region)s)
                + pg_temp.dice(n, 6) %% 2 AS coach
        OFFSET 0
    ) s
"""
# Shares of 100 by age of the referral: what is older than a year is closed.
STATUSES = (
    (10, {"sent": 70, "accepted": 20, "declined": 5, "withdrawn": 5}),
    (40, {"accepted": 40, "waitlisted": 20, "active": 20, "sent": 5, "not_started": 8, "declined": 5, "withdrawn": 2}),
    (180, {"active": 52, "paused": 8, "follow_up": 12, "completed": 15, "stopped": 5, "not_started": 5,
           "waitlisted": 3}),
    (365, {"active": 6, "follow_up": 6, "completed": 60, "stopped": 14, "not_started": 10, "declined": 3,
           "entered_in_error": 1}),
    (None, {"completed": 65, "stopped": 13, "not_started": 11, "declined": 6, "withdrawn": 4, "entered_in_error": 1}),
)  # fmt: skip


def status() -> str:
    ages = []
    for days, shares in STATUSES:
        names = [name for name, share in shares.items() for _each in range(share)]
        ages.append(f"{f'WHEN days_ago < {days} THEN' if days else 'ELSE'} {texts(names)}")
    return f"(CASE {' '.join(ages)} END)[1 + pg_temp.dice(n, 7) / 100]"


LIFE = f"""
    CROSS JOIN LATERAL (SELECT {status()} AS status OFFSET 0) t
    CROSS JOIN LATERAL (
        SELECT status IN ('accepted', 'waitlisted', 'active', 'paused', 'follow_up', 'completed', 'stopped')
                AS taken_on,
            status IN ('active', 'paused', 'follow_up', 'completed', 'stopped') AS talked,
            status IN ('completed', 'stopped', 'not_started', 'declined', 'withdrawn', 'entered_in_error') AS closed
        OFFSET 0
    ) u
    CROSS JOIN LATERAL (
        SELECT CASE WHEN taken_on OR status = 'not_started' THEN sent_at + days_ago * 0.15 * interval '1 day'
                / (1 + days_ago / 20) END AS accepted_at,
            CASE WHEN talked THEN sent_at + least(days_ago * 0.5, 4 + pg_temp.dice(n, 8) / 400) * interval '1 day'
                END AS first_talk_at,
            CASE WHEN closed THEN sent_at + CASE WHEN talked
                THEN least(days_ago * 0.9, 60 + pg_temp.dice(n, 9) / 100) ELSE least(days_ago * 0.9, 20) END
                * interval '1 day' END AS closed_at
        OFFSET 0
    ) v
    CROSS JOIN LATERAL (
        SELECT CASE WHEN days_ago > 4 THEN first_talk_at + interval '1 day' END AS feedback_at
        OFFSET 0
    ) x
    JOIN lists USING (region_id)
    LEFT JOIN reasons closing ON closing.region_id = y.region_id AND closing.kind = status
    LEFT JOIN reasons pausing ON pausing.region_id = y.region_id AND pausing.kind = 'paused'
"""
# The lists are joined by region_id, so that it has to be a column before them.
LIFE = "CROSS JOIN LATERAL (SELECT region AS region_id) y" + LIFE

CASE = "referrals_referral r"
PORTION = "r.id BETWEEN %(first)s AND %(last)s"

LARGE = (
    Table(
        "referrals.Client",
        {
            "id": "n",
            "reference": "pg_temp.ref('client', n)",
            "region_id": "region",
            "practice_id": "practice",
            "created_at": "sent_at",
            "given_name": f"({texts(GIVEN)})[{FIRST_NAME}]",
            "prefix": f"({texts(PREFIXES)})[{NAME}]",
            "family_name": f"({texts(NAMES)})[{NAME}]",
            "search_name": f"({texts(map(search_key, NAMES))})[{NAME}]"
            f" || ({texts(map(search_key, GIVEN))})[{FIRST_NAME}]",
            "birth_date": "(sent_at - age * interval '1 year' - pg_temp.dice(n, 13) %% 360 * interval '1 day')::date",
            "sex": "sex",
            "phone": "'0612345' || lpad((n %% 1000)::text, 3, '0')",
            "postcode": "(4001 + pg_temp.dice(n, 14) %% 40)::text || 'SA'",
            "may_voicemail": "pg_temp.dice(n, 15) < 4000",
            "may_text": "pg_temp.dice(n, 16) < 5000",
            "feedback_level": "CASE WHEN pg_temp.dice(n, 17) < 9000 THEN 'all' ELSE 'outcome' END",
        },
        REFERRAL + "WHERE base = n",
    ),
    Table(
        "referrals.Referral",
        {
            "id": "n",
            "reference": "pg_temp.ref('referral', n)",
            "region_id": "y.region_id",
            "practice_id": "practice",
            "created_at": "sent_at",
            "welfare_organisation_id": "welfare",
            "client_id": "base",
            # Seven in ten by the GP, the rest by the practice nurse, and by the assistant in the GP's name.
            "referrer_id": "gp +"
            " CASE WHEN pg_temp.dice(n, 21) < 7000 THEN 0 WHEN pg_temp.dice(n, 21) < 8500 THEN 1 ELSE 2 END",
            "on_behalf_of_id": "CASE WHEN pg_temp.dice(n, 21) >= 8500 THEN gp END",
            "coach_id": "CASE WHEN accepted_at IS NOT NULL THEN coach END",
            "number": "'WOR-' || lpad(upper(to_hex(n)), 10, '0')",
            "key": "pg_temp.ref('key', n)",
            "status": "status",
            "target_cell_id": pick("cells", 22),
            "help_request": "'Wil weer onder de mensen komen en iets om handen hebben; sinds het verlies is het stil.'",
            "discussed": "'Komt vaak op het spreekuur met moeheid. Lichamelijk niets gevonden.'",
            "sent_at": "sent_at",
            "sent_by_id": "gp",
            "accepted_at": "accepted_at",
            "accepted_by_id": "CASE WHEN accepted_at IS NOT NULL THEN coach END",
            "expected_week": "CASE WHEN status = 'waitlisted' THEN current_date + 21 END",
            "attempts": "CASE WHEN status = 'not_started' THEN 3 ELSE 0 END",
            "first_contact_at": "CASE WHEN talked THEN accepted_at + (first_talk_at - accepted_at) / 2 END",
            "first_talk_at": "first_talk_at",
            "feedback_at": "feedback_at",
            "paused_until": "CASE WHEN status = 'paused' THEN current_date + 21 END",
            "paused_from_status": "CASE WHEN status = 'paused' THEN 'active' ELSE '' END",
            "pause_reason_id": f"CASE WHEN status = 'paused' THEN {pick('pausing.ids', 23)} END",
            "follow_up_on": "CASE WHEN status = 'follow_up' THEN current_date + 21 END",
            "closed_at": "closed_at",
            "closed_by_id": "CASE WHEN closed THEN coach END",
            "closing_reason_id": f"CASE WHEN closed THEN {pick('closing.ids', 24)} END",
            "age_band": "CASE WHEN age < 35 THEN '18-34' WHEN age < 50 THEN '35-49' WHEN age < 65 THEN '50-64'"
            " WHEN age < 80 THEN '65-79' ELSE '80+' END",
            "sex": "sex",
            "municipality_code": "'GM900' || 1 + pg_temp.dice(base, 14) %% 4",
            "district_id": "8 * region - 7 + pg_temp.dice(base, 14) %% 8",
            "attention_at": "CASE WHEN NOT closed THEN now() + (pg_temp.dice(n, 25) - 6500) * interval '3 minutes' END",
            "last_news_at": "coalesce(closed_at, feedback_at, first_talk_at, accepted_at, sent_at)",
        },
        REFERRAL + LIFE,
    ),
    Table(
        "referrals.Consent",
        {
            "id": "id",
            "region_id": "region_id",
            "client_id": "client_id",
            "referral_id": "id",
            "welfare_organisation_id": "welfare_organisation_id",
            "kind": "'share'",
            "asked_by_id": "referrer_id",
            "given_on": "sent_at::date",
            "text_version": "'2026-11'",
        },
        f"{CASE} WHERE {PORTION}",
    ),
    Table(
        "referrals.Feedback",
        {
            "id": "2 * id + place",
            "region_id": "region_id",
            "referral_id": "id",
            "practice_id": "practice_id",
            "moment": "moment",
            "body": "'We hebben kennisgemaakt en gaan samen kijken bij de wandelgroep. ' ||"
            " 'Over zes weken hoort u hoe het gaat.'",
            "level": "'all'",
            "key": "pg_temp.ref(moment, id)",
            "sent_at": "at",
            "sent_by_id": "coach_id",
            "read_at": "CASE WHEN is_read THEN at + interval '2 hours' END",
            "read_by_id": "CASE WHEN is_read THEN coalesce(on_behalf_of_id, referrer_id) END",
        },
        f"""{CASE}
        CROSS JOIN LATERAL (VALUES (0, 'intake', feedback_at), (1, 'closing', closed_at)) m(place, moment, at)
        CROSS JOIN LATERAL (SELECT at < now() - interval '10 days' OR pg_temp.dice(id, 31) < 5000 AS is_read) s
        WHERE {PORTION} AND feedback_at IS NOT NULL AND at IS NOT NULL""",
    ),
    Table(
        "referrals.Message",
        {
            "id": "2 * id + m",
            "region_id": "region_id",
            "referral_id": "id",
            "side": "'practice'",
            "kind": "'supplement'",
            "by_id": "referrer_id",
            "body": "'Mevrouw komt liever in de ochtend.'",
            "key": "pg_temp.ref('message', 2 * id + m)",
        },
        f"{CASE} CROSS JOIN generate_series(0, 1) m WHERE {PORTION} AND r.id %% 10 = 3",
    ),
    Table(
        "coaches.Intake",
        {
            "id": "r.id",
            "region_id": "r.region_id",
            "referral_id": "id",
            "welfare_organisation_id": "welfare_organisation_id",
            "theme_id": pick("themes", 41, "id"),
            "wish": "'Weer een reden om de deur uit te gaan.'",
            "strengths": "'Kan goed koken en vertelt graag.'",
            "obstacles": "'Durft niet alleen.'",
            "held_at": "first_talk_at",
            "held_by_id": "coach_id",
        },
        f"{CASE} JOIN lists USING (region_id) WHERE {PORTION} AND first_talk_at IS NOT NULL",
    ),
    Table(
        "coaches.Contact",
        {
            "id": "10 * id + i",
            "region_id": "region_id",
            "referral_id": "id",
            "welfare_organisation_id": "welfare_organisation_id",
            "by_id": "coach_id",
            "at": "accepted_at + (coalesce(closed_at, now()) - accepted_at) * (i / 9.0::float8)",
            "kind": "CASE i WHEN 1 THEN 'arrange' WHEN 2 THEN 'introduction' ELSE 'talk' END",
            "way": "CASE WHEN i %% 2 = 1 THEN 'phone' ELSE 'practice' END",
            "result": "CASE WHEN status = 'not_started' THEN 'no_answer' ELSE 'spoken' END",
            "minutes": "15 * i",
            "line": "'Over de week gesproken; gaat donderdag mee naar de soep.'",
            "key": "pg_temp.ref('contact', 10 * id + i)",
        },
        f"""{CASE}
        CROSS JOIN LATERAL generate_series(1, CASE WHEN first_talk_at IS NOT NULL THEN 4 + pg_temp.dice(id, 42) %% 4
            WHEN status = 'not_started' THEN 3 ELSE 1 END) i
        WHERE {PORTION} AND accepted_at IS NOT NULL""",
    ),
    Table(
        "coaches.Action",
        {
            "id": "id",
            "region_id": "region_id",
            "referral_id": "id",
            "welfare_organisation_id": "welfare_organisation_id",
            "owner_id": "coach_id",
            "due_on": "(coalesce(closed_at, now()) + interval '3 days')::date",
            "text": "'Bellen met de wandelgroep'",
            "key": "pg_temp.ref('action', id)",
            "done_at": "closed_at",
            "done_by_id": "CASE WHEN closed_at IS NOT NULL THEN coach_id END",
        },
        f"{CASE} WHERE {PORTION} AND status IN ('accepted', 'active', 'paused', 'follow_up', 'completed', 'stopped')",
    ),
    Table(
        "audit.Event",
        {
            "id": "4 * id + place",
            "region_id": "region_id",
            "at": "e.at",
            "name": "e.name",
            "subject_type": "'referral'",
            "subject_ref": "reference",
            "referral_id": "id",
            "actor_membership_id": "e.by",
            "actor_label": "e.label",
        },
        f"""{CASE} CROSS JOIN LATERAL (VALUES
            (0, 'referral.sent', sent_at, referrer_id, 'huisarts'),
            (1, 'referral.accepted', accepted_at, accepted_by_id, 'welzijnscoach'),
            (2, 'talk.planned', first_contact_at, coach_id, 'welzijnscoach'),
            (3, 'referral.' || status, closed_at, closed_by_id, 'welzijnscoach')) e(place, name, at, by, label)
        WHERE {PORTION} AND e.at IS NOT NULL""",
    ),
    Table(
        "outbox.Notice",
        {
            "id": "4 * id + place",
            "region_id": "region_id",
            "membership_id": "m.whose",
            "kind": "m.kind",
            "subject_ref": "reference",
            "read_at": "CASE WHEN m.at < now() - interval '10 days' THEN m.at + interval '3 hours' END",
        },
        f"""{CASE} CROSS JOIN LATERAL (VALUES
            (0, 'referral_new', coach_id, sent_at), (1, 'feedback_ready', referrer_id, feedback_at),
            (2, 'feedback_ready', referrer_id, CASE WHEN feedback_at IS NOT NULL THEN closed_at END))
            m(place, kind, whose, at)
        WHERE {PORTION} AND m.at IS NOT NULL AND m.whose IS NOT NULL""",
    ),
    Table(
        "audit.AccessLogEntry",
        {
            "id": "4 * id + place",
            "region_id": "region_id",
            "at": "a.at",
            "action": "a.action",
            "kind": "a.kind",
            "user_id": "a.by",
            "membership_id": "a.by",
            "actor_name": "'Iemand ' || a.by",
            "role": "a.role",
            "organisation_id": "a.organisation",
            "organisation_name": "'Organisatie ' || a.organisation",
            "ip": "inet '192.0.2.1'",
            "purpose": "a.purpose",
            "client_ref": "CASE WHEN a.kind <> 'list' THEN pg_temp.ref('client', client_id) END",
            "client_refs": "CASE WHEN a.kind = 'list' THEN ARRAY(SELECT pg_temp.ref('client', client_id - i)"
            " FROM generate_series(0, 24) i) END",
            "row_count": "CASE WHEN a.kind = 'list' THEN 25 END",
            "object_type": "'referral'",
            "object_ref": "CASE WHEN a.kind <> 'list' THEN reference END",
            "request_id": "pg_temp.ref('request', id)::text",
        },
        f"""{CASE} CROSS JOIN LATERAL (VALUES
            (0, 'C', 'change', 'referral.sent', sent_at, referrer_id, 'referrer', practice_id),
            (1, 'R', 'read', '', accepted_at, accepted_by_id, 'coach', welfare_organisation_id),
            (2, 'R', 'read', '', feedback_at, referrer_id, 'referrer', practice_id),
            (3, 'R', 'list', '', CASE WHEN id %% 10 = 1 THEN sent_at END, referrer_id, 'referrer', practice_id))
            a(place, action, kind, purpose, at, by, role, organisation)
        WHERE {PORTION} AND a.at IS NOT NULL""",
    ),
)

# The log of a load is sealed by nobody; without this the task would begin with all of it. Its digest is no digest.
SEAL = Table(
    "audit.AccessSeal",
    {
        "region_id": "id",
        "up_to_xid": "(pg_current_xact_id()::text::bigint + 1)::text::xid8",
        "first_id": "1",
        "last_id": "1",
        "count": "1",
        "digest": "'bench'",
    },
    "tenancy_region",
)
