"""docs/asvs.csv says what shows each row of the standard; what it names must be there."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
with (ROOT / "docs" / "asvs.csv").open() as file:
    ROWS = list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_row_names_evidence_that_is_there(row):
    assert re.fullmatch(r"V\d+\.\d+\.\d+", row["id"])
    assert row["level"] in ("1", "2")
    assert row["state"] in ("yes", "partly", "operator", "open")
    assert row["evidence"] or row["state"] in ("operator", "open")
    for evidence in row["evidence"].split():
        path, _, test = evidence.partition("::")
        assert (ROOT / path).exists(), evidence
        assert not test or f"def {test}(" in (ROOT / path).read_text(), evidence


def test_each_row_is_there_once():
    assert len({row["id"] for row in ROWS}) == len(ROWS) > 100
