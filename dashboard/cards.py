"""From numbers to what a card says: one function a figure. Only lateness and waiting carry a colour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaches.models import Gap
from dashboard import charts
from dashboard.figures import FIGURES, Figure
from dashboard.reading import Counts, PlaceFigures, Room, UnitFigures

# A difference that is worth a word: fewer days or percents say nothing.
DAYS_THAT_MATTER, PERCENTS_THAT_MATTER = 2, 5


@dataclass
class Table:
    """The numbers of a card, for who wants them exact."""

    head: list[str]
    rows: list[list[str]]

    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row's cells with the name of their column, for a phone that shows a row as a block."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass
class Card:
    """One figure, ready for ``components/figure_card.html``."""

    figure: Figure
    value: str
    words: str = ""
    change: str = ""
    change_tone: str = ""
    chart: SafeString | str = ""
    table: Table | None = None
    compared: str = ""
    answers: list[Any] = field(default_factory=list)


@dataclass
class Facts:
    """Everything a dashboard was read from."""

    figures: UnitFigures
    room: Room
    region: PlaceFigures
    min_cell: int

    @property
    def now(self) -> Counts:
        return self.figures.now

    @property
    def before(self) -> Counts:
        return self.figures.before


def days(number: int) -> str:
    return ngettext("%d dag", "%d dagen", number) % number


def percent(share: float) -> str:
    return f"{round(share * 100)}%"


def out_of(part: int, whole: int) -> str:
    return _("%(part)d van %(whole)d") % {"part": part, "whole": whole}


def hours(minutes: int) -> str:
    """Minutes in words, such as *8 uur* or *8,5 uur*."""
    number = round(minutes / 60, 1)
    return _("%s uur") % formats.number_format(number, decimal_pos=0 if number.is_integer() else 1)


def referrals(facts: Facts) -> Card:
    """Volumes stay neutral: more is no goal. Beside them stands what the coaches can take on."""
    now, before = facts.now["sent"], facts.before["sent"]
    months = facts.figures.months
    bars = [
        charts.Bar(
            label=formats.date_format(month, "M").lower(),
            value=counts["sent"],
            text=str(counts["sent"]),
            mark=round(facts.room.referrals[month], 1),
        )
        for month, counts in months.items()
    ]
    room = sum(facts.room.referrals.values())
    title = _("Verwijzingen per maand, naast wat de coaches aankunnen")
    description = _("%(number)d verwijzingen in %(period)s; er was ruimte voor ongeveer %(room)d.") % {
        "number": now,
        "period": facts.figures.period,
        "room": round(room),
    }
    mark = _("ruimte: ongeveer %d per maand") % round(room / len(bars)) if room else _("er zijn geen uren ingevuld")
    return Card(
        FIGURES["verwijzingen"],
        value=str(now),
        words=description,
        change=_difference(now - before, _("%d meer dan de periode ervoor"), _("%d minder dan de periode ervoor")),
        chart=charts.columns(bars, ident="verwijzingen", title=title, description=description, mark_label=mark),
        table=Table(
            [_("Maand"), _("Verwijzingen"), _("Ruimte")],
            [
                [formats.date_format(month, "F Y"), bar.text, str(round(bar.mark or 0))]
                for month, bar in zip(months, bars, strict=True)
            ],
        ),
    )


def _difference(number: int, more: str, less: str) -> str:
    if number == 0:
        return _("evenveel als de periode ervoor")
    return (more if number > 0 else less) % abs(number)


def waiting(facts: Facts) -> Card:
    now, before, region = (each.days_to_talk for each in (facts.now, facts.before, facts.region.counts))
    card = Card(FIGURES["eerste-gesprek"], value=_("nog geen gesprekken") if now is None else days(now))
    if now is None:
        return card
    if before is not None and abs(now - before) >= DAYS_THAT_MATTER:
        longer = now > before
        card.change = (_("%s langer") if longer else _("%s korter")) % days(abs(now - before))
        card.change_tone = "warning" if longer else ""
    elif before is not None:
        card.change = _("zoals de periode ervoor")
    if facts.region.may_be_compared and region is not None:
        card.compared = _("In de hele regio: %s.") % days(region)
    card.words = _("De helft van de mensen wachtte korter, de helft langer.")
    return card


def first_contact(facts: Facts) -> Card:
    expected = facts.now["sent"] - facts.now["ended_before_contact"]
    return _on_time(
        "eerste-contact",
        (facts.now["contacted_in_time"], expected),
        (
            facts.region.counts["contacted_in_time"],
            facts.region.counts["sent"] - facts.region.counts["ended_before_contact"],
        ),
        facts,
    )


def feedback(facts: Facts) -> Card:
    return _on_time(
        "terugkoppeling",
        (facts.now["feedback_in_time"], facts.now["talked"]),
        (facts.region.counts["feedback_in_time"], facts.region.counts["talked"]),
        facts,
    )


def _on_time(code: str, own: tuple[int, int], region: tuple[int, int], facts: Facts) -> Card:
    """A part of a whole, compared with the same part of the region."""
    part, whole = own
    if not whole:
        return Card(FIGURES[code], value=_("nog niemand"))
    card = Card(FIGURES[code], value=out_of(part, whole), words=_("Dat is %s.") % percent(part / whole))
    if facts.region.may_be_compared and region[1]:
        theirs = region[0] / region[1]
        points = round((part / whole - theirs) * 100)
        if abs(points) < PERCENTS_THAT_MATTER:
            card.change = _("zoals de regio")
        else:
            card.change = _("lager dan de regio") if points < 0 else _("hoger dan de regio")
            card.change_tone = "warning" if points < 0 else ""
        card.compared = _("In de hele regio: %s.") % percent(theirs)
    return card


def funnel(facts: Facts) -> Card:
    steps = (
        (_("Verzonden"), facts.now["sent"]),
        (_("Aangenomen"), facts.now["taken_on"]),
        (_("Contact gehad"), facts.now["contacted"]),
        (_("Eerste gesprek gehad"), facts.now["talked"]),
    )
    title = _("Van verwijzing naar gesprek")
    description = ", ".join(f"{label.lower()}: {number}" for label, number in steps)
    bars = [charts.Bar(label, number, str(number)) for label, number in steps]
    return Card(
        FIGURES["meedoen"],
        value=out_of(facts.now["talked"], facts.now["sent"]) if facts.now["sent"] else _("nog niemand"),
        words=_("had een eerste gesprek."),
        chart=charts.rows(bars, ident="meedoen", title=title, description=description) if facts.now["sent"] else "",
        table=Table([_("Stap"), _("Mensen")], [[label, str(number)] for label, number in steps]),
    )


def talks(facts: Facts) -> Card:
    number = facts.now["talked"]
    if number < facts.min_cell:
        return Card(FIGURES["gesprekken"], value=_("nog te weinig mensen"))
    mean = formats.number_format(round(facts.now["talks"] / number, 1), decimal_pos=1)
    return Card(
        FIGURES["gesprekken"],
        value=_("gemiddeld %s") % mean,
        words=_("Samen %(talks)d gesprekken met %(people)d mensen.") % {"talks": facts.now["talks"], "people": number},
    )


def hours_a_week(facts: Facts) -> Card:
    return Card(
        FIGURES["uren"],
        value=_("%s per week") % hours(facts.room.funded_minutes),
        words=_("Op het rooster: %s per week.") % hours(facts.room.rota_minutes),
    )


def z68(facts: Facts) -> Card:
    return Card(
        FIGURES["z68"],
        value=out_of(facts.now["z68_noted"], facts.now["sent"]) if facts.now["sent"] else _("nog niemand"),
    )


def gaps(facts: Facts) -> Card:
    """A kind that was named seldom is named without its number."""
    labels = dict(Gap.Kind.choices)
    total = sum(facts.room.gaps.values())
    rows = [
        [str(labels[kind]), str(number) if number >= facts.min_cell else _("minder dan %d") % facts.min_cell]
        for kind, number in facts.room.gaps.items()
    ]
    return Card(
        FIGURES["gaten"],
        value=_("geen genoemd") if not total else ngettext("%d soort", "%d soorten", len(rows)) % len(rows),
        words=", ".join(row[0] for row in rows),
        table=Table([_("Gat"), _("Keer genoemd")], rows) if rows else None,
    )


CARDS: dict[str, Callable[[Facts], Card]] = {
    "verwijzingen": referrals,
    "eerste-gesprek": waiting,
    "eerste-contact": first_contact,
    "terugkoppeling": feedback,
    "meedoen": funnel,
    "gesprekken": talks,
    "uren": hours_a_week,
    "z68": z68,
    "gaten": gaps,
}


def finding(facts: Facts) -> str:
    """The dashboard's title: what stands out, said from the figures that stand below it."""
    now, before = facts.now, facts.before
    if not now["sent"]:
        return _("Nog geen verwijzingen in deze periode")
    volume = _volume(now["sent"], before["sent"])
    wait = _wait(now.days_to_talk, before.days_to_talk)
    if volume and wait:
        return f"{volume}, {wait}"
    if wait:
        return wait[0].upper() + wait[1:]
    return volume or _("Ongeveer evenveel verwijzingen als in de periode ervoor")


def _volume(now: int, before: int) -> str:
    if before and abs(now - before) >= max(3, before * 0.1):
        return _("Meer verwijzingen") if now > before else _("Minder verwijzingen")
    return ""


def _wait(now: int | None, before: int | None) -> str:
    if now is None or before is None or abs(now - before) < DAYS_THAT_MATTER:
        return ""
    return _("langere wachttijd") if now > before else _("kortere wachttijd")
