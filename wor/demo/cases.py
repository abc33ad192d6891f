"""Who is referred when, by whom and for what: two years of cases for each practice of a region."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random

from referrals.models import Client, Referral
from referrals.models.referral import CROCKFORD, age_band
from wor.accounts.models import Membership
from wor.calendar import is_working_day, local_day, start_of
from wor.demo import names, words
from wor.demo.life import Cast, Life, NotYet
from wor.demo.paths import ENDS, live
from wor.demo.scenes import ALSO_HERE, HERE
from wor.demo.setting import AWAY_DAYS, Setting
from wor.tenancy.models import Organisation

SEED = 20261101
DAYS = 730
# Health centre De Roerdomp (Nieuwegein, 2011–2013): 44 a year; counted here as a centre of 5,300 patients.
REFERRALS_A_YEAR, PATIENTS = 44, 5300
SEXES = {"f": 37, "m": 13}
GROUPS = {
    "ouderen-alleen": 22,
    "na-verlies": 22,
    "mantelzorgers": 18,
    "zonder-werk": 18,
    "jongvolwassenen": 10,
    "nieuwkomers": 10,
}
DANGER_FREE_NOTES = ("Liever niet op vrijdag.", "Hoort slecht; duidelijk spreken.", "Heeft een hond.")

Tell = Callable[[Life], None]


def deck(shares: dict, rng: Random) -> Iterator:
    """Draws that keep to the shares: after each round through the deck they are exact."""
    cards = [card for card, number in shares.items() for _ in range(number)]
    while True:
        rng.shuffle(cards)
        yield from cards


class Region:
    """Deals out the cases of one region, the same ones on every load (but for the dates)."""

    def __init__(self, setting: Setting, now: dt.datetime):
        self.setting, self.now = setting, now
        self.rng = Random(f"{SEED} {setting.plan.slug}")  # noqa: S311  not a secret
        self.sexes, self.groups = deck(SEXES, self.rng), deck(GROUPS, self.rng)
        self.ends, self.families = deck(ENDS, self.rng), deck(dict.fromkeys(names.FAMILIES, 1), self.rng)
        self.numbers: set[str] = set()
        self.known: dict[int, list[tuple[Client, str, dt.datetime]]] = {}

    def lives(self) -> list[Life]:
        """All cases, in the order in which they were sent."""
        practices = [each for each in self.setting.organisations.values() if each.kind == "practice"]
        scenes = dict(zip(self._practices_of_the_coach(practices), (HERE, ALSO_HERE), strict=True))
        begun: list[tuple[dt.datetime, Organisation, Tell | None]] = []
        for practice in practices:
            told = scenes.get(practice.name, ())
            begun += [(self._at(when(self.setting.today)), practice, tell) for when, tell in told]
            begun += [(at, practice, None) for at in self._moments(practice, fewer=len(told))]
        begun.sort(key=lambda each: each[0])
        return [self._life(at, practice, tell) for at, practice, tell in begun]

    def _practices_of_the_coach(self, practices: list[Organisation]) -> list[str]:
        """The demo's GP's own practice, and the other one that the demo's coach serves."""
        accounts = {person.account: person for person in self.setting.plan.people if person.account}
        own = accounts["huisarts"].organisation
        served = {line.practice for line in self.setting.plan.lines if line.coach == accounts["coach"].name}
        return [own, next(each.name for each in practices if each.name in served and each.name != own)]

    def _moments(self, practice: Organisation, fewer: int) -> list[dt.datetime]:
        """When this practice referred: evenly over two years, and not since April where it fell silent."""
        until = self.setting.today - dt.timedelta(days=2)
        number = round(2 * REFERRALS_A_YEAR * (practice.registered_patients or 0) / PATIENTS)
        start = self.setting.today - dt.timedelta(days=DAYS)
        if practice.name == self.setting.plan.silent:
            april = dt.date(until.year, 4, 1)
            silent_from = april if april < until - dt.timedelta(days=60) else dt.date(until.year - 1, 4, 1)
            number, until = number * (silent_from - start).days // DAYS, silent_from
        number = max(number - fewer, number // 2)
        step = (until - start).days / number
        return [self._at(start + dt.timedelta(days=int((place + self.rng.random()) * step))) for place in range(number)]

    def _at(self, day: dt.date) -> dt.datetime:
        """A moment in consulting hours, not in the future."""
        while not is_working_day(day):
            day -= dt.timedelta(days=1)
        minutes = self.rng.randrange(8 * 60 + 10, 16 * 60 + 40)
        return min(start_of(day) + dt.timedelta(minutes=minutes), self.now - dt.timedelta(minutes=75))

    def _life(self, at: dt.datetime, practice: Organisation, tell) -> Life:
        rng = Random(self.rng.getrandbits(64))  # noqa: S311
        end, client, group = next(self.ends), *self._client(practice, at, rng)
        cell = rng.choice(self.setting.cells[group])
        area = self.setting.areas[client.postcode[:4]]
        welfare = self.setting.plan.served[practice.name][area.municipality_code]
        cast = self._cast(practice, welfare, rng, main=tell is not None)
        referral = self._referral(at, practice, client, cell, cast, rng, one_word=tell is None and rng.random() < 0.06)
        referral.welfare_organisation = self.setting.organisations[welfare]
        referral.municipality_code, referral.district = area.municipality_code, area.district
        problem = cell.problem.code
        activities = list(words.ACTIVITIES[self.setting.plan.slug][problem])
        rng.shuffle(activities)
        reasons, themes = self.setting.reasons, self.setting.themes
        life = Life(referral, cast, problem, tuple(activities), reasons, themes, rng, self._until(cast.coach))
        if tell is None:
            line = next(
                each for each in self.setting.plan.lines if (each.practice, each.welfare) == (practice.name, welfare)
            )
            live(life, end, waits=line.state == "waiting_list")
        else:
            with suppress(NotYet):
                tell(life)
        life.settle(self.now)
        if referral.closed_at is not None and client.deceased_at is None and referral.consent_withdrawn_at is None:
            self.known.setdefault(practice.pk, []).append((client, group, referral.closed_at))
        return life

    def _until(self, coach: Membership) -> dt.datetime:
        """Until when a coach worked: somebody who is away does nothing, and the cover finds it on the list."""
        absent = self.setting.plan.absent
        away = absent is not None and coach.display_name == absent[0]
        return self.now - dt.timedelta(days=AWAY_DAYS) if away else self.now

    def _client(self, practice: Organisation, at: dt.datetime, rng: Random) -> tuple[Client, str]:
        """Somebody new, or now and then somebody who was here before."""
        back = [each for each in self.known.get(practice.pk, []) if at - each[2] > dt.timedelta(days=120)]
        if back and rng.random() < 0.05:
            again = rng.choice(back)
            self.known[practice.pk].remove(again)
            return again[0], again[1]
        group, sex = next(self.groups), next(self.sexes)
        birth = names.born(names.age_in(group, rng), local_day(at), rng)
        name = names.full_name(sex, birth, group, next(self.families), rng)
        pc4 = rng.choice(self.setting.plan.homes[practice.name])
        client = Client(region=self.setting.region, practice=practice, birth_date=birth, sex=sex, **name)
        client.postcode, client.phone = names.postcode(pc4, rng), names.mobile(rng)
        client.created_at = at
        _reach(client, group, rng)
        return client, group

    def _cast(self, practice: Organisation, welfare: str, rng: Random, *, main: bool) -> Cast:
        """Who refers and who guides. In the scenes the practice's first GP and its usual coach."""
        setting = self.setting
        gps = [each for each in setting.members_of(practice.name, "referrer", "gp") if each.valid_until is None]
        gp = gps[0] if main else rng.choice(gps)
        others = setting.members_of(practice.name, "referrer", "assistant") * 2
        others += setting.members_of(practice.name, "referrer", "practice_nurse")
        referrer = rng.choice([gp, gp, gp, gp, *others]) if not main else rng.choice([gp, gp, *others[:1]])
        usual = setting.lines[practice.name, welfare]
        rooms = [each for each in setting.plan.rooms if each.practice == practice.name]
        there = [setting.members[each.coach, "coach"] for each in rooms]
        coaches = [each for each in there if each.organisation.name == welfare] or [usual]
        coach = usual if main else rng.choice(coaches)
        contact_points = [each for each in setting.members_of(practice.name, "referrer") if each.is_contact_point]
        return Cast(
            referrer=referrer,
            gp=gp,
            coach=coach,
            coordinator=setting.members_of(welfare, "coordinator")[0],
            contact_point=contact_points[0],
            colleague=self._other_coach(welfare, same=True, than=coach),
            elsewhere=self._other_coach(welfare, same=False, than=coach),
        )

    def _other_coach(self, welfare: str, *, same: bool, than: Membership) -> Membership | None:
        for each in self.setting.members.values():
            if each.role == "coach" and each != than and (each.organisation.name == welfare) == same:
                return each
        return None

    def _referral(self, at, practice, client: Client, cell, cast: Cast, rng: Random, *, one_word: bool) -> Referral:
        targeted = self.setting.region.variant == "gericht"
        fill = {"month": words.month_before(local_day(at), rng)}
        problem = cell.problem.code
        request = (
            rng.choice(words.ONE_WORD)
            if one_word and not targeted
            else words.pick(words.HELP_REQUESTS[problem], rng, client.sex, **fill)
        )
        spoke = targeted or rng.random() < 0.5
        second = rng.choice(self.setting.cells[cell.target_group.code]) if rng.random() < 0.3 else None
        return Referral(
            region=self.setting.region,
            practice=practice,
            client=client,
            referrer=cast.referrer,
            on_behalf_of=cast.gp if cast.referrer.function == "assistant" else None,
            number=self._number(at.year, rng),
            target_cell=cell,
            second_cell=second if second != cell else None,
            help_request=request,
            other_conversation=spoke,
            discussed=words.pick(words.DISCUSSED, rng, client.sex) if spoke else "",
            reason_code=rng.choice(["P01", "P03", "P06", "P29", "A04", "Z04", ""]),
            his_number=str(rng.randrange(10000, 99999)) if rng.random() < 0.4 else "",
            sent_at=at,
            sent_by=cast.referrer,
            last_news_at=at,
            age_band=age_band(client.age_on(local_day(at))),
            sex=client.sex,
            created_at=at,
        )

    def _number(self, year: int, rng: Random) -> str:
        """A number nobody has, out of the fixed seed."""
        while True:
            number = f"WOR-{year}-" + "".join(rng.choice(CROCKFORD) for _ in range(6))
            if number not in self.numbers:
                self.numbers.add(number)
                return number


def _reach(client: Client, group: str, rng: Random) -> None:
    """How somebody wants to be called, and what the referrer may hear. Nothing without a yes."""
    client.feedback_level = rng.choices(["all", "outcome", "status"], [85, 10, 5])[0]
    client.needs_interpreter = client.language != "Nederlands" and rng.random() < 0.7
    client.is_direct_only = rng.random() < 0.03
    if not client.is_direct_only:
        client.may_voicemail = rng.random() < 0.3
        client.may_text = rng.random() < (0.8 if group == "jongvolwassenen" else 0.2)
        client.may_post = rng.random() < 0.1
    client.best_time = rng.choice(["", "", "ochtend", "middag", "na het avondeten"])
    client.care_note = rng.choice(DANGER_FREE_NOTES) if rng.random() < 0.06 else ""
    if group == "ouderen-alleen" and rng.random() < 0.12:
        relation, given = rng.choice([("dochter", "Marjan"), ("zoon", "Peter"), ("buurvrouw", "Ans")])
        client.reach_via, client.contact_relation = "contact", relation
        client.contact_name, client.contact_phone = given, names.mobile(rng)
    elif rng.random() < 0.03:
        client.reach_via, client.phone = "practice", ""
