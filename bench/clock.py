"""Medians of rounds that take turns, so that what else the machine does falls on all alike."""

import gc
import statistics
import time
from collections.abc import Callable

WARM_UP = 3


def timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def medians(deeds: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Each deed gives its own seconds. One after the other, ``rounds`` times; the first rounds do not count."""
    taken: dict[str, list[float]] = {name: [] for name in deeds}
    for turn in range(rounds + WARM_UP):
        gc.collect(0)
        for name, deed in deeds.items():
            seconds = deed()
            if turn >= WARM_UP:
                taken[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}
