"""The fictional sociale kaart: 300 activities a region, the same in each load."""

import datetime as dt
import random
import uuid
from typing import Any

from activities.index import reindex
from activities.models import Activity, ActivityCell, ActivityReport, ActivityTheme, District, Provider, TargetCell
from activities.words import WEEKDAYS
from wor.demo.kinds import EXAMPLES, GAPS, KINDS, Example, Kind
from wor.demo.setting import USING, Setting

NUMBER = 300
TOWNS = {"GM9001": "Lindewaard", "GM9003": "Dijkerveen", "GM9002": "Esserheide", "GM9004": "Zandloo"}
OWN_TOWNS = ("Ooijsterwaard", "Nieuw-Esser")  # districts that are a village of their own
STREETS = (
    "Kerkstraat",
    "Dorpsstraat",
    "Molenweg",
    "Schoolstraat",
    "Lindelaan",
    "Parkweg",
    "Stationsweg",
    "Brinkstraat",
)
OFFERERS = (
    "Buurthuis",
    "Stichting Welkom",
    "Vrijwilligers",
    "Sportclub",
    "Bibliotheek",
    "Ontmoetingscentrum",
    "Kerk en Buurt",
)
CALLERS = ("Thea", "Hans", "Fatima", "Gerrit", "Ria", "Joost", "Amina", "Wim", "Lies", "Marek")
TIMES = {"morning": ("9.30–11.30", "10.00–12.00", "10.30–12.00"), "afternoon": ("13.30–15.30", "14.00–16.00"),
         "evening": ("19.00–21.00", "19.30–21.30", "17.30–19.00")}  # fmt: skip
# How many months ago somebody confirmed an entry, and how often that is so. None: never.
AGES = ((0.5, 20), (1.5, 24), (2.8, 18), (4.2, 14), (5.5, 6), (8, 11), (14, 5), (None, 2))
STATUSES = (("live", 91), ("draft", 4), ("paused", 3), ("retired", 2))
MONTH = dt.timedelta(days=30.4)


def add_directory(setting: Setting, now: dt.datetime) -> int:
    """Write providers and activities of a region and its index; how many activities."""
    return _Directory(setting, now).write()


class _Directory:
    def __init__(self, setting: Setting, now: dt.datetime):
        self.setting, self.now, self.region = setting, now, setting.region
        self.random = random.Random(f"sociale kaart {setting.plan.slug}")  # noqa: S311 - the same in each load
        self.districts = list(District.objects.using(USING).filter(region=self.region).order_by("id"))
        self.postcodes = {area.district_id: pc4 for pc4, area in setting.areas.items()}
        cells = TargetCell.objects.using(USING).filter(region=self.region).select_related("target_group", "problem")
        self.cells = {(each.target_group.code, each.problem.code): each for each in cells}
        self.moderator = setting.members_of(setting.plan.parties[-1].name, "region_admin")[0]
        self.providers: dict[str, Provider] = {}
        self.chosen: list[tuple[Activity, list[tuple[str, str]], tuple[str, ...]]] = []

    def write(self) -> int:
        if self.setting.plan.slug == "rivierenland":
            for example in EXAMPLES:
                self._example(example)
        rounds = [(kind, district) for district in self.districts for kind in KINDS]
        self.random.shuffle(rounds)
        for turn in range(NUMBER - len(self.chosen)):
            kind, district = rounds[turn % len(rounds)]
            self._kind(kind, district, again=turn >= len(rounds))
        self._save()
        return len(self.chosen)

    # One activity

    def _example(self, plan: Example) -> None:
        far = next((each for each in self.districts if each.name.partition(" ")[0] in plan.place), self.districts[0])
        facts = {
            "title": plan.title, "summary": plan.summary, "schedule": plan.schedule, "weekdays": list(plan.days),
            "day_parts": list(plan.parts), "place_name": plan.place, "cost_cents": plan.cents, "cost_note": plan.cost,
            "accessibility": list(plan.access), "access_note": plan.note, "languages": list(plan.languages),
            "how_to_join": plan.join, "walk_in": plan.walk_in, "places": plan.places, "status": "live",
        }  # fmt: skip
        self._add(facts, plan.provider, far, list(plan.cells), plan.themes, plan.months)

    def _kind(self, kind: Kind, district: District, *, again: bool) -> None:
        pick = self.random.choice
        part = pick(kind.parts)
        days = sorted(self.random.sample(range(1, 7), pick((1, 1, 1, 2))))
        words = " en ".join(str(WEEKDAYS[day]) for day in days)
        suffix = {"morning": " (ochtend)", "afternoon": " (middag)", "evening": " (avond)"}[part] if again else ""
        cells = [each for each in kind.cells if each != GAPS[self.setting.plan.slug]]
        extra = self.random.sample(kind.languages, min(len(kind.languages), pick((1, 2))))
        status = self._weighted(STATUSES)
        facts = {
            "title": f"{kind.title} {district.name}{suffix}", "summary": kind.summary, "body": kind.body,
            "schedule": f"{words} {pick(TIMES[part])}", "weekdays": days, "day_parts": [part],
            "place_name": f"{kind.place[:1].upper()}{kind.place[1:]}", "cost_cents": pick(kind.cents),
            "accessibility": list(kind.access), "access_note": kind.note, "languages": ["nl", *extra],
            "how_to_join": kind.join, "walk_in": kind.walk_in, "places": pick(kind.places) or None, "status": status,
            "contact_name": pick(CALLERS) if pick((True, False)) else "",
            "paused_until": self.setting.today + dt.timedelta(days=60) if status == "paused" else None,
        }  # fmt: skip
        provider = f"{pick(OFFERERS)} {district.name}"
        self._add(facts, provider, district, cells, kind.themes, self._weighted(AGES))

    def _add(
        self, facts: dict[str, Any], provider: str, district: District, cells, themes, months: float | None
    ) -> None:
        checked = self.now - months * MONTH if months is not None and facts["status"] != "draft" else None
        if facts["status"] == "live" and (months is None or months > 6):
            facts["status"] = "stale"
        by_provider = checked is not None and self.random.random() < 0.6
        activity = Activity(
            region=self.region,
            provider=self._provider(provider),
            district=district,
            town=district.name if district.name in OWN_TOWNS else TOWNS[district.municipality_code],
            address=f"{self.random.choice(STREETS)} {self.random.randint(1, 90)}",
            postcode=f"{self.postcodes[district.pk]}{self.random.choice(('SA', 'SD', 'SS'))}",
            checked_at=checked,
            checked_by_kind="" if checked is None else ("provider" if by_provider else "moderator"),
            checked_by=None if checked is None or by_provider else self.moderator,
            key=self._uuid(),
            reference=self._uuid(),
            **facts,
        )
        self.chosen.append((activity, cells, themes))

    def _provider(self, name: str) -> Provider:
        if name not in self.providers:
            number = len(self.providers)
            self.providers[name] = Provider(
                region=self.region,
                name=name,
                contact_name=CALLERS[number % len(CALLERS)],
                phone=f"0344000{500 + number}",
                # Some have none: then a moderator has to call.
                email="" if number % 9 == 8 else f"aanbieder{number}@{self.setting.plan.slug}.example",
                key=self._uuid(),
            )
        return self.providers[name]

    def _weighted(self, choices):
        return self.random.choices([each for each, _weight in choices], [weight for _each, weight in choices])[0]

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    # All of them

    def _save(self) -> None:
        Provider.objects.using(USING).bulk_create(self.providers.values())
        activities = [activity for activity, _cells, _themes in self.chosen]
        Activity.objects.using(USING).bulk_create(activities, batch_size=500)
        inside = {"region": self.region}
        ActivityCell.objects.using(USING).bulk_create(
            [
                ActivityCell(**inside, activity=each, cell=self.cells[cell])
                for each, cells, _t in self.chosen
                for cell in cells
            ]
        )
        themes = self.setting.themes
        ActivityTheme.objects.using(USING).bulk_create(
            [
                ActivityTheme(**inside, activity=each, theme=themes[code])
                for each, _c, codes in self.chosen
                for code in codes
            ]
        )
        shown = [each for each in activities if each.is_shown]
        said = (
            "De tijd is veranderd: het begint nu een half uur later.",
            "Het telefoonnummer klopt niet meer.",
            "Dit is verhuisd.",
        )
        ActivityReport.objects.using(USING).bulk_create(
            [
                ActivityReport(**inside, activity=each, body=body, key=self._uuid())
                for each, body in zip(shown[20:], said, strict=False)
            ]
        )
        reindex(self.region.pk, using=USING)
