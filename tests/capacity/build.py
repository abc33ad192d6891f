"""Rows of hours, presence and absence, in the open region."""

import datetime as dt

from referrals.models import Absence, CoachHours, Presence


def works(coach, practice, minutes: int = 480, since: dt.date = dt.date(2025, 1, 1), until=None) -> CoachHours:
    return CoachHours.objects.create(
        region_id=coach.region_id, coach=coach, practice=practice, minutes_per_week=minutes, valid=(since, until)
    )


def present(coach, practice, weekday: int, starts: str = "09:00", ends: str = "12:00", room: str = "") -> Presence:
    return Presence.objects.create(
        region_id=coach.region_id,
        coach=coach,
        practice=practice,
        weekday=weekday,
        starts=dt.time.fromisoformat(starts),
        ends=dt.time.fromisoformat(ends),
        room=room,
    )


def absent(coach, since: dt.date, until: dt.date | None = None, cover=None) -> Absence:
    """``until`` is the first day back."""
    return Absence.objects.create(region_id=coach.region_id, coach=coach, span=(since, until), cover=cover)
