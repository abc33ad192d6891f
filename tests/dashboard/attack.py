"""Everything published about a table, as linear relations over what is not; and what follows from them (HiGHS)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

LOOSE = 1e-6


@dataclass
class Relations:
    """Bounds on sums of unknown numbers, each of them 0 or more."""

    names: dict = field(default_factory=dict)
    rows: list = field(default_factory=list)

    def number(self, name) -> int:
        return self.names.setdefault(name, len(self.names))

    def add(self, plus: Iterable, low: float, high: float, minus: Iterable = ()) -> None:
        terms: dict[int, int] = {}
        for sign, names in ((1, plus), (-1, minus)):
            for name in names:
                number = self.number(name)
                terms[number] = terms.get(number, 0) + sign
        self.rows.append((terms, low, high))

    def matrix(self):
        entries = [
            (row, column, factor) for row, (terms, _l, _h) in enumerate(self.rows) for column, factor in terms.items()
        ]
        row, column, factor = (np.array(each) for each in zip(*entries, strict=True))
        sums = csr_matrix((factor, (row, column)), shape=(len(self.rows), len(self.names)))
        low, high = (np.array([each[side] for each in self.rows], dtype=float) for side in (1, 2))
        exact = low == high
        return {
            "A_eq": sums[exact],
            "b_eq": low[exact],
            "A_ub": vstack([sums[~exact], -sums[~exact]]),
            "b_ub": np.concatenate([high[~exact], -low[~exact]]),
        }


@dataclass
class Secret:
    """A true number that nobody may find out: what it counts, and the threshold it is under."""

    names: list
    true: int
    threshold: int


def found_out(relations: Relations, secrets: list[Secret]) -> list[tuple[Secret, float, float]]:
    """The secrets of which the relations leave only numbers between 1 and the threshold."""
    fixed, answer = relations.matrix(), []
    for secret in secrets:
        aim = np.zeros(len(relations.names))
        for name in secret.names:
            aim[relations.names[name]] += 1
        least = _solve(aim, fixed)
        if least < 1 - LOOSE:
            continue
        most = -_solve(-aim, fixed)
        if most < secret.threshold - LOOSE:
            answer.append((secret, least, most))
    return answer


def _solve(aim, fixed) -> float:
    answer = linprog(aim, **fixed, bounds=(0, None), method="highs")
    assert answer.status == 0, answer.message
    return answer.fun
