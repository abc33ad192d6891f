"""Which numbers about people may be published: nothing small, and nothing small by subtracting either.

A *ladder* is one table's way of telling less: partitions of its categories, each made of the blocks of the one before
it, the last one a single block (the total alone). A unit shows a table on one rung, whole: never with a lone hole.

What holds for every unit, whoever adds up whatever is published (decision 0014 has the proof):

- each shown number is 0 or at least the unit's threshold;
- for each hidden number below the threshold there is another set of people, with every published number the same, in
  which it is 0 or at least the threshold. It is made by *swapping*: somebody here gets the category of somebody in
  another unit that hides the difference too. So nobody can know better, not even knowing every unit's total.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Partition = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Ladder:
    """Partitions from fine to the total alone.

    ``classes`` says what is known of a category from elsewhere (an outcome: was there a first talk?); a swap keeps it.
    """

    rungs: tuple[Partition, ...]
    classes: Mapping[str, str] = field(default_factory=dict)

    @property
    def last(self) -> int:
        return len(self.rungs) - 1

    def block(self, rung: int, of: frozenset[str]) -> frozenset[str]:
        """The block of a rung that holds this block of a finer rung."""
        return next(block for block in self.rungs[rung] if of <= block)

    def finer(self, rung: int) -> Iterable[frozenset[str]]:
        """Every block that is told on a finer rung and not on this one."""
        told = set(self.rungs[rung])
        return {block for each in self.rungs[:rung] for block in each} - told

    def class_of(self, category: str) -> str:
        return self.classes.get(category, "")


def ladder(*rungs: Iterable[Iterable[str]], classes: Mapping[str, str] | None = None) -> Ladder:
    """A ladder of these partitions; the total alone is added. Rungs that tell the same are one."""
    made: list[Partition] = []
    for rung in rungs:
        partition = tuple(frozenset(block) for block in rung if block)
        if not made or set(partition) != set(made[-1]):
            made.append(partition)
    whole = frozenset(category for block in made[0] for category in block)
    if made[-1] != (whole,):
        made.append((whole,))
    return Ladder(tuple(made), classes or {})


@dataclass
class Unit:
    """A unit's true numbers, who it is part of (a practice of a group), and the rung on which it shows them."""

    counts: Counter[str]
    threshold: int
    group: Hashable = None
    must_hide: bool = False
    rung: int = 0
    # Asked over and over while the others choose their rungs; the counts stay as they are.
    _by_class: dict[frozenset[str], Counter[str]] = field(default_factory=dict, repr=False, compare=False)
    _sums: dict[frozenset[str], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def total(self) -> int:
        return self.counts.total()

    def sum(self, block: frozenset[str]) -> int:
        if block not in self._sums:
            self._sums[block] = sum(self.counts[category] for category in block)
        return self._sums[block]

    def by_class(self, block: frozenset[str], on: Ladder) -> Counter[str]:
        if block not in self._by_class:
            found: Counter[str] = Counter()
            for category in block:
                found[on.class_of(category)] += self.counts[category]
            self._by_class[block] = found
        return self._by_class[block]


@dataclass
class Level:
    """Units side by side that add up to the whole: the practices, the municipalities. Groups stand above practices."""

    units: dict[Hashable, Unit]
    groups: dict[Hashable, Unit] = field(default_factory=dict)


def settle(whole: Unit, levels: Sequence[Level], on: Ladder) -> None:
    """Choose each unit's rung, the finest that tells nothing small."""
    whole.rung = _first_that_may(whole, on, 0)
    while True:
        for level in levels:
            _settle_own(whole, level, on)
        if whole.rung == on.last or all(_settle_together(whole, level, on) for level in levels):
            return
        whole.rung += 1


def _first_that_may(unit: Unit, on: Ladder, begin: int) -> int:
    """The first rung on which all that is told is 0 or enough."""
    if unit.must_hide or unit.total < unit.threshold:
        return on.last
    for rung in range(begin, on.last):
        if all(not 0 < unit.sum(block) < unit.threshold for block in on.rungs[rung]):
            return rung
    return on.last


def _settle_own(whole: Unit, level: Level, on: Ladder) -> None:
    """Each by itself; a part never tells more than the whole it is part of."""
    for group in level.groups.values():
        group.rung = _first_that_may(group, on, whole.rung)
    for unit in level.units.values():
        unit.rung = _first_that_may(unit, on, max(whole.rung, _group_rung(unit, level)))


def _group_rung(unit: Unit, level: Level) -> int:
    return level.groups[unit.group].rung if unit.group is not None else 0


def _settle_together(whole: Unit, level: Level, on: Ladder) -> bool:
    """Tell less until nothing small follows from the others. False when only the whole can still tell less."""
    while True:
        tight = _find_tight(whole, level, on)
        if tight is None:
            return True
        if not _tell_less(tight, level, on):
            return False


def _find_tight(whole: Unit, level: Level, on: Ladder) -> Unit | None:
    """A unit with a small number for which no swap can be found."""
    for unit in level.units.values():
        others = [each for each in level.units.values() if each is not unit and each.rung >= unit.rung]
        for block in on.finer(unit.rung):
            if 0 < unit.sum(block) < unit.threshold and not _is_loose(unit, block, others, (whole, level, on)):
                return unit
    return _find_tight_group(whole, level, on)


def _find_tight_group(whole: Unit, level: Level, on: Ladder) -> Unit | None:
    """A group's hidden numbers, against the groups and practices outside it."""
    for key, group in level.groups.items():
        others = [each for other, each in level.groups.items() if other != key and each.rung >= group.rung]
        others += [each for each in level.units.values() if each.group is None and each.rung >= group.rung]
        for block in on.finer(group.rung):
            if 0 < group.sum(block) < group.threshold and not _is_loose(group, block, others, (whole, level, on)):
                return group
    return None


def _is_loose(unit: Unit, told: frozenset[str], others: list[Unit], scene: tuple[Unit, Level, Ladder]) -> bool:
    """Can the number of people in ``told`` be 0, or at least the threshold, without anything published changing?"""
    whole, level, on = scene
    if _is_free(unit, told, whole, on):
        return True
    shown = on.block(unit.rung, told)
    rest = shown - told
    mine, own_rest = unit.by_class(told, on), unit.by_class(rest, on)
    short = unit.threshold - unit.sum(told)
    givers, takers = Counter[str](), Counter[str]()
    for each in others:
        if not _may_swap(unit, each, shown, (level, on)):
            continue
        givers.update(each.by_class(rest, on))
        takers.update(each.by_class(told, on))
        if all(givers[kind] >= number for kind, number in mine.items()):
            return True
        if sum(min(number, own_rest[kind]) for kind, number in takers.items()) >= short:
            return True
    return False


def _is_free(unit: Unit, told: frozenset[str], whole: Unit, on: Ladder) -> bool:
    """Does nobody, not even the whole, tell this block from a category beside it?"""
    known = next((block for block in on.rungs[whole.rung] if told < block), None)
    if known is None:
        return False
    beside = {on.class_of(category) for category in known - told}
    return all(kind in beside for kind, number in unit.by_class(told, on).items() if number)


def _may_swap(unit: Unit, other: Unit, shown: frozenset[str], scene: tuple[Level, Ladder]) -> bool:
    """Would the groups of these two show nothing of a swap within this block?"""
    level, on = scene
    if unit.group == other.group:
        return True
    groups = [level.groups[each.group] for each in (unit, other) if each.group is not None]
    return all(any(shown <= block for block in on.rungs[group.rung]) for group in groups)


def _tell_less(tight: Unit, level: Level, on: Ladder) -> bool:
    """The smallest that tells more than the tight one tells one rung less; else its group; else the tight one."""
    is_group = any(tight is group for group in level.groups.values())
    beside = level.groups if is_group else level.units
    lone = [each for each in level.units.values() if each.group is None] if is_group else []
    finer = [each for each in [*beside.values(), *lone] if each is not tight and each.rung < tight.rung]
    if finer:
        chosen = min(finer, key=lambda each: (each.total, each.rung))
    elif tight.rung < on.last:
        chosen = tight
    else:
        groups = [group for group in level.groups.values() if group.rung < on.last]
        if not groups:
            return False
        chosen = min(groups, key=lambda each: (each.total, each.rung))
    chosen.rung += 1
    _follow(level)
    return True


def _follow(level: Level) -> None:
    """A practice never tells more than its group."""
    for unit in level.units.values():
        unit.rung = max(unit.rung, _group_rung(unit, level))


HIDDEN, SMALL = "hidden", "small"


def hide_totals(
    totals: Mapping[Hashable, int], threshold: int, at_most: Mapping[Hashable, int] | None = None
) -> tuple[dict[Hashable, str], str]:
    """Which of these numbers stay hidden and why, and whether their sum does.

    ``SMALL``: below the threshold, 0 included. ``HIDDEN``: enough, but a small one would follow from it. ``at_most``:
    what each is a part of, and may be known (of those sent, how many were spoken to).
    """
    whole = sum(totals.values())
    small = [key for key, number in totals.items() if number < threshold]
    answer: dict[Hashable, str] = dict.fromkeys(small, SMALL)
    if whole < threshold:
        return answer, SMALL

    def room(key: Hashable) -> int:
        """How many more it could be, for all that is known of it."""
        most = at_most[key] if at_most is not None else whole + totals[key]
        return (min(most, threshold - 1) if key in small else most) - totals[key]

    def is_loose() -> bool:
        """Could each small one be 0, those hidden beside it being larger?"""
        rooms = sum(room(key) for key in answer)
        return all(rooms - room(key) >= totals[key] for key in small if totals[key])

    for key in sorted((key for key in totals if key not in answer), key=lambda each: totals[each]):
        if is_loose():
            break
        answer[key] = HIDDEN
    return answer, "" if is_loose() else HIDDEN


def rounded(number: int, to: int = 5) -> int:
    """To the nearest multiple."""
    return (number + to // 2) // to * to
