"""A region with many referrals, made by SQL in seconds: for query plans, where a handful of rows proves nothing."""

PRACTICES = 100
WELFARE_ORGANISATIONS = 50
REFERRALS = 200_000
ACTIVITIES = 20_000

# Each statement runs as the owner, with %(region)s; ids follow from what the statements before it made.
STATEMENTS = (
    """
    INSERT INTO tenancy_organisation (region_id, reference, kind, name, place, phone, agb, municipality_code, is_paused)
    SELECT %(region)s, gen_random_uuid(), 'practice', 'Praktijk ' || n, '', '', '', 'GM9001', false
    FROM generate_series(1, %(practices)s) n
    """,
    """
    INSERT INTO referrals_client (region_id, reference, practice_id, given_name, prefix, family_name, search_name,
        birth_date, sex, reach_via, phone, email, postcode, language, needs_interpreter, may_voicemail, may_text,
        may_email, may_post, best_time, contact_name, contact_relation, contact_phone, feedback_level, care_note,
        is_direct_only, version)
    SELECT %(region)s, gen_random_uuid(), practice.id, 'V', '', 'Naam' || n, 'naam' || n || 'v',
        date '1930-01-01' + (n %% 25000), 'f', 'phone', '0612345678', '', '4001', 'Nederlands', false, false, false,
        false, false, '', '', '', '', 'all', '', false, 0
    FROM generate_series(1, %(referrals)s) n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tenancy_organisation
          WHERE region_id = %(region)s AND kind = 'practice') practice
      ON practice.place = n %% (SELECT count(*) FROM tenancy_organisation
                               WHERE region_id = %(region)s AND kind = 'practice')
    """,
    """
    INSERT INTO referrals_referral (region_id, reference, practice_id, welfare_organisation_id, client_id, referrer_id,
        number, key, status, is_shielded, target_cell_id, help_request, other_conversation, discussed, comes_with,
        reason_code, his_number, channel, is_warm, sent_at, attempts, paused_from_status, closing_sentence, age_band,
        sex, municipality_code, last_news_at, version, attention_at, coach_id, accepted_at, accepted_by_id,
        first_contact_at, first_talk_at, closed_at, closing_reason_id)
    SELECT %(region)s, gen_random_uuid(), c.practice_id, %(welfare)s + s.other, c.id, %(referrer)s, 'WOR-' || c.id,
        gen_random_uuid(), s.status, false, %(cell)s, 'Wil weer naar buiten.', false, '', '', '', '', 'web', false,
        s.at, 0, '', '', '50-64', 'f', 'GM9001', s.at, 0,
        CASE WHEN s.status = 'completed' THEN NULL ELSE s.at + interval '14 days' END,
        CASE WHEN s.status = 'sent' THEN NULL ELSE %(coach)s + s.other END,
        CASE WHEN s.status = 'sent' THEN NULL ELSE s.at END,
        CASE WHEN s.status = 'sent' THEN NULL ELSE %(coach)s + s.other END,
        CASE WHEN s.status IN ('active', 'completed') THEN s.at END,
        CASE WHEN s.status IN ('active', 'completed') THEN s.at END,
        CASE WHEN s.status = 'completed' THEN s.at END,
        CASE WHEN s.status = 'completed' THEN %(reason)s END
    FROM referrals_client c
    CROSS JOIN LATERAL (
        SELECT now() - c.id %% 1000 * interval '1 day' AS at,
            -- Ids of organisations and coaches that need not exist: nobody opens their pages.
            c.id / 10 %% %(welfare_organisations)s * 1000 AS other,
            (ARRAY['completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed',
                   'sent', 'accepted', 'active'])[1 + c.id %% 10] AS status
    ) s
    WHERE c.region_id = %(region)s
    """,
    """
    INSERT INTO referrals_feedback (region_id, reference, referral_id, practice_id, moment, body, level, key, sent_at,
        sent_by_id, read_at, read_by_id, version)
    SELECT %(region)s, gen_random_uuid(), id, practice_id, 'closing', 'Gaat goed.', 'all', gen_random_uuid(), sent_at,
        %(coach)s, CASE WHEN id %% 200 = 0 THEN NULL ELSE sent_at END,
        CASE WHEN id %% 200 = 0 THEN NULL ELSE %(referrer)s END, 0
    FROM referrals_referral WHERE region_id = %(region)s AND status = 'completed'
    """,
    """
    INSERT INTO outbox_notice (region_id, reference, membership_id, kind, subject_ref, read_at)
    SELECT %(region)s, gen_random_uuid(), CASE WHEN id %% 2 = 0 THEN %(coach)s ELSE %(referrer)s END, 'referral_new',
        reference, sent_at
    FROM referrals_referral WHERE region_id = %(region)s
    """,
    """
    INSERT INTO audit_accesslogentry (region_id, reference, at, action, kind, outcome, actor_name, role,
        organisation_name, purpose, object_type, relation, consent_version, filter, request_id)
    SELECT %(region)s, gen_random_uuid(), sent_at, 'R', 'read', 'ok', 'Iemand', 'coach', 'Welzijn', '', 'referral', '',
        '', '', ''
    FROM referrals_referral WHERE region_id = %(region)s
    """,
    # Only what is searched: nobody opens these activities.
    """
    INSERT INTO activities_activityindex (region_id, activity_id, search, words, title, is_stale, checked_at, weekdays,
        day_parts, cost_cents, accessibility, languages, theme_ids, cell_ids, group_ids, problem_ids, town, walk_in)
    SELECT %(region)s, n, to_tsvector('wor_dutch', 'Activiteit ' || word), 'activiteit ' || word, 'Activiteit ' || word,
        false, now(), ARRAY[1 + n %% 7], '{morning}', n %% 9 * 100, '{lift}', '{nl}', '{}', '{}', '{}', '{}', '', true
    FROM generate_series(1, %(activities)s) n,
        LATERAL (SELECT 'woord' || chr(97 + n %% 26) || chr(97 + n / 26 %% 26) AS word) w
    """,
    # What people were reminded of in all those years; what is due now is for the tests to plan.
    """
    INSERT INTO outbox_reminder (region_id, reference, kind, subject_type, subject_ref, step, due_at, done_at)
    SELECT %(region)s, gen_random_uuid(), 'first_contact', 'referral', reference, 1, sent_at, sent_at
    FROM referrals_referral WHERE region_id = %(region)s AND status = 'completed'
    """,
)


INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
FILLED = [
    *("referrals_client", "referrals_referral", "referrals_feedback", "outbox_notice", "audit_accesslogentry"),
    *("activities_activityindex", "outbox_reminder"),
]


def fill(cursor, **ids: int) -> None:
    """Make the rows. ``ids``: region, welfare, referrer, coach, cell and reason of a world that is there already.

    In this throw-away database foreign keys are dropped first, no trigger fires, and indexes are made when the rows are
    there: row by row all of that takes minutes.
    """
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    )
    for table, constraint in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
    for table in FILLED:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(INDEXES, [FILLED])
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    sizes = {"practices": PRACTICES, "referrals": REFERRALS, "welfare_organisations": WELFARE_ORGANISATIONS}
    sizes["activities"] = ACTIVITIES
    for statement in STATEMENTS:
        cursor.execute(statement, {**ids, **sizes})
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute("ANALYZE")
