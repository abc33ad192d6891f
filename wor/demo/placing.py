"""Where the people of the demo go: which activity each chose, how far it came, and what coaches could not find."""

import datetime as dt
from collections import defaultdict
from random import Random
from typing import Any

from activities.models import Activity, ActivityCell
from coaches.models import Gap, Measurement, Placement
from referrals.models import Consent, Referral, Status
from wor.calendar import local_day
from wor.demo.life import CONSENT_TEXT_VERSION, Life, Step
from wor.demo.setting import USING, Setting

# Somebody with a *maatje* usually goes nowhere else; with these few nearly half of all begin with something, as was
# published of the first places that worked like this (2012–2013).
GOES_BESIDES = {"buddy": 0.3}
STOPPED_FOR = ("not_fitting", "transport", "cost", "health", "other_wish")
# By target group and problem: what was missing, a note, how many days ago, and whether it was dealt with.
GAPS: tuple[tuple[str, str, str, str, int, bool], ...] = (
    ("mantelzorgers", "geen-eigen-tijd", "wrong_time", "Avonden: mantelzorgers kunnen overdag niet weg.", 9, False),
    ("mantelzorgers", "overbelast", "wrong_time", "Iets op een avond, met opvang thuis.", 31, False),
    ("mantelzorgers", "geen-eigen-tijd", "too_far", "", 62, True),
    ("mantelzorgers", "overbelast", "missing", "Respijtzorg in het weekend.", 84, False),
    ("jongvolwassenen", "weinig-vrienden", "missing", "Muziek maken met leeftijdgenoten.", 17, False),
    ("jongvolwassenen", "weinig-vrienden", "too_far", "Alleen in de stad; 's avonds gaat er geen bus.", 45, False),
    ("ouderen-alleen", "valangst", "full", "Valpreventie: pas plek in september.", 12, True),
    ("ouderen-alleen", "weinig-contact", "not_accessible", "Met een scootmobiel naar binnen.", 53, False),
    ("nieuwkomers", "taal", "language", "Iets in het Tigrinya, voor vrouwen.", 24, False),
    ("na-verlies", "rouw", "age", "Rouwgroep voor mensen onder de 40.", 38, False),
    ("zonder-werk", "structuur", "too_expensive", "", 70, True),
    ("zonder-werk", "schaamte", "missing", "Een kleine groep, overdag, zonder inschrijven.", 99, False),
)


def place(setting: Setting, lives: list[Life]) -> None:
    """Give the lives their placements; the sociale kaart is there already."""
    offer = _Offer(setting)
    for life in lives:
        if life.referral.first_talk_at is not None and life.referral.status != Status.ENTERED_IN_ERROR:
            _Choice(setting, life, offer).make()


def gaps(setting: Setting, lives: list[Life], now: dt.datetime) -> list[Gap]:
    """What coaches could not find, each said by a coach of somebody for whom that plays."""
    found, rng = [], Random(f"gaten {setting.plan.slug}")  # noqa: S311 - the same in each load
    by_cell: dict[tuple[str, str], list[Referral]] = defaultdict(list)
    for life in lives:
        if life.referral.first_talk_at is not None:
            cell = life.referral.target_cell
            by_cell[cell.target_group.code, cell.problem.code].append(life.referral)
    for group, problem, kind, note, days, is_handled in GAPS:
        if not by_cell[group, problem]:
            continue
        referral = rng.choice(by_cell[group, problem])
        at = now - dt.timedelta(days=days, minutes=rng.randrange(300))
        gap = Gap(
            region=setting.region,
            kind=kind,
            welfare_organisation=referral.welfare_organisation,
            practice=referral.practice,
            target_cell=referral.target_cell,
            district=referral.district,
            note=note,
            by=referral.coach,
            created_at=at,
        )
        gap.key = gap.reference
        if is_handled:
            gap.handled_at, gap.handled_by = at + dt.timedelta(days=6), referral.coach
        found.append(gap)
    return found


class _Offer:
    """The activities of a region by the cell for which they are."""

    def __init__(self, setting: Setting):
        shown = Activity.objects.using(USING).filter(region=setting.region, status__in=Activity.SHOWN)
        self.activities = {each.pk: each for each in shown.select_related("provider").order_by("id")}
        links = ActivityCell.objects.using(USING).filter(region=setting.region).order_by("id")
        self.by_cell: dict[int, list[Activity]] = defaultdict(list)
        for activity_id, cell_id in links.values_list("activity", "cell"):
            if activity_id in self.activities:
                self.by_cell[cell_id].append(self.activities[activity_id])

    def fitting(self, life: Life, number: int) -> list[Activity]:
        """What the story's own texts name first, then others that suit."""
        named = [each for each in self.activities.values() if _same(each.title, life.activity)]
        others = [each for each in self.by_cell[life.referral.target_cell_id] if each not in named]
        life.rng.shuffle(others)
        return [*named[:1], *others][:number]


def _same(title: str, words: str) -> bool:
    return len(words) > 5 and (words.casefold() in title.casefold() or title.casefold() in words.casefold())


class _Choice:
    """What one life chose, told from what happened in it."""

    def __init__(self, setting: Setting, life: Life, offer: _Offer):
        self.setting, self.life, self.offer, self.rng = setting, life, offer, life.rng
        self.coach = life.referral.coach or life.cast.coach
        reason = life.referral.closing_reason
        self.end = reason.code if reason is not None else ""

    def make(self) -> None:
        life, talks = self.life, self._moments("introduction", "talk", "accompany")
        began = next((step.at for step in life.steps if step.name == "referral.follow_up_planned"), None)
        accompanied = next(iter(self._moments("accompany")), None)
        if began is None and self.end == "not_fitting":
            began = accompanied
        fitting = self.offer.fitting(life, 3)
        if not fitting or not talks:
            return
        if began is None or self.rng.random() >= GOES_BESIDES.get(self.end, 1):
            if life.referral.is_open and self.rng.random() < 0.6:
                for activity in fitting[: self.rng.choice([1, 1, 2])]:
                    self._proposed(activity, talks[-1])
            return
        chosen = self._proposed(fitting[0], talks[0])
        if accompanied is not None and self.rng.random() < 0.5:
            self._introduced(chosen, accompanied)
        self._step(chosen, "started", began)
        if self.end == "not_fitting":
            self._stopped(chosen, life.referral.closed_at, "not_fitting")
            return
        if len(fitting) > 1 and self.rng.random() < 0.12:
            self._tried_before(fitting[1], talks[0], began)
        asked = [at for at in self._moments("follow_up") if at > began]
        for at in asked[-1:]:
            self._step(chosen, "continuing", at)
            self._measure(at)

    def _moments(self, *kinds: str) -> list[dt.datetime]:
        return [each.at for each in self.life.contacts if each.kind in kinds and each.result == "spoken"]

    def _proposed(self, activity: Activity, at: dt.datetime) -> Placement:
        referral = self.life.referral
        placement = Placement(
            region=referral.region,
            referral=referral,
            welfare_organisation=referral.welfare_organisation,
            activity=activity,
            why=["cell"],
            proposed_at=at,
            proposed_by=self.coach,
            key=self.life.key(),
            created_at=at,
        )
        self.life.placements.append(placement)
        self._record(placement, "proposed", at)
        return placement

    def _introduced(self, placement: Placement, at: dt.datetime) -> None:
        placement.is_warm = self.rng.random() < 0.5
        if placement.is_warm:
            self.life.consents.append(self._consent(placement, at))
        self._step(placement, "introduced", at)

    def _consent(self, placement: Placement, at: dt.datetime) -> Consent:
        referral = self.life.referral
        return Consent(
            region=referral.region,
            client=referral.client,
            referral=referral,
            welfare_organisation=referral.welfare_organisation,
            provider=placement.activity.provider,
            kind=Consent.Kind.INTRODUCE,
            asked_by=self.coach,
            given_on=local_day(at),
            text_version=CONSENT_TEXT_VERSION,
        )

    def _tried_before(self, activity: Activity, talk: dt.datetime, began: dt.datetime) -> None:
        """Something else came first, and did not last."""
        placement = self._proposed(activity, talk)
        half = talk + (began - talk) / 2
        self._step(placement, "started", half)
        self._stopped(placement, half + (began - half) / 2, self.rng.choice(STOPPED_FOR))

    def _stopped(self, placement: Placement, at: dt.datetime | None, code: str) -> None:
        placement.stop_reason = self.setting.reasons["placement", code]
        self._step(placement, "stopped", at or self.life.at, reason=code)

    def _step(self, placement: Placement, status: str, at: dt.datetime, **data: Any) -> None:
        placement.become(status, by=self.coach, at=at)
        placement.version += 1
        self._record(placement, status, at, **data)

    def _record(self, placement: Placement, status: str, at: dt.datetime, **data: Any) -> None:
        self.life.steps.append(Step(at, f"placement.{status}", placement, self.coach, data))

    def _measure(self, at: dt.datetime) -> None:
        """The figure once more, where it was asked the first time and the client liked to say it."""
        intake = next(iter(self.life.intakes), None)
        if intake is None or intake.wellbeing_t0 is None or self.rng.random() < 0.25:
            return
        value = intake.wellbeing_t0 + self.rng.choice([-1, 0, 0, 1, 1, 1, 2, 2, 3])
        referral = self.life.referral
        measurement = Measurement(
            region=referral.region,
            referral=referral,
            welfare_organisation=referral.welfare_organisation,
            value=min(max(value, 0), 10),
            at=at,
            by=self.coach,
        )
        self.life.measurements.append(measurement)
        self.life.steps.append(Step(at, "measurement.written", measurement, self.coach))
