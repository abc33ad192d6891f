"""What ./run bench says of a measurement, and where it writes it."""

import shutil
from types import SimpleNamespace

import pytest

from bench import clock, load, report
from bench.limits import GOOD, NOT_MEASURED, TOO_SLOW, Row, not_measured, ratio
from bench.plan import Plan
from bench.rows.policies import filtered
from deploy.local.say import Problem


@pytest.mark.parametrize(
    ("taken", "said"), [(0.0249, GOOD), (0.025, GOOD), (0.02504, GOOD), (0.0251, TOO_SLOW), (0.9, TOO_SLOW)]
)
def test_ratio_over_its_limit_is_too_slow(taken, said):
    row = ratio("A page", 2.5, taken, 0.010)

    assert row.verdict == said


def test_row_without_a_number_says_why_and_is_not_good():
    row = not_measured("A part", 3, "it is not built yet")

    assert row.verdict == NOT_MEASURED
    assert row.verdict_in_words == "not measured: it is not built yet"


def test_number_in_a_unit_is_compared_as_it_is():
    assert Row("Memory", 700, 701, "MB").verdict == TOO_SLOW
    assert Row("Errors", 0, 0, "errors").verdict == GOOD
    assert Row("Errors", 0, 1, "errors").verdict == TOO_SLOW


def test_rounds_take_turns_and_the_middle_one_counts():
    order, given = [], {"page": iter([9, 9, 9, 5, 1, 3]), "floor": iter([9, 9, 9, 2, 2, 2])}
    deeds = {name: lambda name=name: order.append(name) or next(given[name]) for name in given}

    taken = clock.medians(deeds, 3)

    assert taken == {"page": 3, "floor": 2}
    assert order[:4] == ["page", "floor", "page", "floor"]


def test_report_takes_the_place_of_the_former_one_only(tmp_path, monkeypatch):
    file = tmp_path / "performance.md"
    file.write_text(f"# Measured\n\nBy hand.\n\n{report.TITLE}\n\nOld figures.\n\n## After\n\nStays.\n")
    monkeypatch.setattr(report, "machine", lambda: "2 cores")
    bench = SimpleNamespace(large=Plan(50_000), small=Plan(50_000), rounds=3)

    report.write([ratio("A page", 2.5, 0.03, 0.01)], bench, quick=True, seconds=60, file=file)

    text = file.read_text()
    assert "By hand." in text
    assert "Stays." in text
    assert "Old figures." not in text
    assert "| A page | ≤ 2.50× | 3.00× | too slow | 30.0 ms beside 10.0 ms |" in text


def test_region_filter_is_put_on_the_table_that_is_read():
    looked_up = 'SELECT "a"."id", (SELECT U0."name" FROM "b" U0 WHERE U0."id" = "a"."b_id") FROM "a"'

    assert filtered(f'{looked_up} WHERE "a"."x" = 1', 7) == f'{looked_up} WHERE "a"."region_id" = 7 AND "a"."x" = 1'
    assert filtered(f"{looked_up} ORDER BY 1", 7) == f'{looked_up} WHERE "a"."region_id" = 7 ORDER BY 1'


def test_load_that_would_fill_the_disk_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10 * 2**30))

    with pytest.raises(Problem, match=r"^5\.000\.000 verwijzingen vragen .* GB en er is 10\.0 GB vrij"):
        load.check_disk(5_000_000)


@pytest.mark.parametrize("given", ["veel", "-5", "1", "99000000000"])
def test_size_that_is_none_is_refused(given):
    with pytest.raises(Problem):
        load.size([given])
