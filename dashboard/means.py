"""The two means that are published, always over at least as many people as the threshold says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.grid import Person


@dataclass(frozen=True)
class Mean:
    """What is averaged, of whom it is known, and to how many tenths it is rounded."""

    code: str
    parts: tuple[tuple[str, Callable[[Person], int | None]], ...]
    to_tenths: int

    def known(self, people: Sequence[Person]) -> list[Person]:
        return [each for each in people if all(value(each) is not None for _label, value in self.parts)]

    def of(self, people: Sequence[Person]) -> list[tuple[str, int]]:
        """Each part's mean in tenths."""
        known = self.known(people)
        return [
            (label, round(sum(value(each) or 0 for each in known) * 10 / len(known) / self.to_tenths) * self.to_tenths)
            for label, value in self.parts
        ]


def means() -> list[Mean]:
    return [
        Mean("mean_age", ((_("Gemiddelde leeftijd"), lambda each: each.age),), to_tenths=10),
        Mean(
            "wellbeing",
            (
                (_("Bij de kennismaking"), lambda each: each.before if each.after is not None else None),
                (_("Bij de opvolging"), lambda each: each.after if each.before is not None else None),
            ),
            to_tenths=1,
        ),
    ]
