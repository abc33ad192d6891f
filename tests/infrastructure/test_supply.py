"""What an installation is made of: the list agrees with the locks, and known holes stop a release."""

import json
import re

import pytest

from deploy.local import audit, checks, sbom
from deploy.local.places import ROOT

HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"]}


def told(*dependencies) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_list_of_parts_agrees_with_the_lock():
    assert sbom.TARGET.read_text() == sbom.text(), "run ./run lock, or python -m deploy.local.sbom"


def test_list_of_parts_names_each_package_of_the_lock_once():
    pinned = re.findall(r"(?m)^([a-z0-9._-]+)(?:\[.*\])?==([^ ;\\]+)", sbom.LOCK.read_text())
    parts = json.loads(sbom.TARGET.read_text())["components"]

    assert [(each["name"], each["version"]) for each in parts if each["purl"].startswith("pkg:pypi/")] == pinned
    assert all(each["hashes"] for each in parts)
    assert {"htmx.org", "lucide-static"} <= {each["name"] for each in parts}


def test_list_of_parts_says_what_needs_what():
    found = json.loads(sbom.TARGET.read_text())
    known = {each["bom-ref"] for each in found["components"]} | {found["metadata"]["component"]["bom-ref"]}

    below = {each["ref"]: set(each["dependsOn"]) for each in found["dependencies"]}
    assert set().union(*below.values()) <= known
    [ours] = [ref for ref in below if "welzijn-op-recept" in ref]
    assert any("/django@" in each for each in below[ours])


def test_known_hole_stops_the_checks():
    may_go_on, sentence = audit.judge(told({"name": "x", "version": "1.0", "vulns": [HOLE]}))

    assert not may_go_on
    assert "x 1.0: PYSEC-2026-1 (opgelost in 2.0)" in sentence


@pytest.mark.parametrize(
    "output", [None, "", "Traceback", "{}", told({"name": "x", "version": "1.0", "skip_reason": "not found"})]
)
def test_list_of_holes_that_is_away_is_said_and_stops_nobody(output):
    may_go_on, sentence = audit.judge(output)

    assert may_go_on
    assert sentence.startswith("niet nagekeken")


def test_lock_without_holes_says_how_much_was_looked_at():
    away = {"name": "y", "version": "1.0", "skip_reason": "not found"}

    assert audit.judge(told({"name": "x", "version": "1.0", "vulns": []}, away)) == (
        True,
        "1 pakketten nagekeken, geen bekende lekken; 1 niet nagekeken",
    )


def test_known_holes_are_among_the_checks(monkeypatch):
    monkeypatch.setattr(checks, "lint_steps", lambda *environments: [])
    monkeypatch.setattr(checks, "known_holes", lambda: (False, "bekende lekken"))
    monkeypatch.setattr(checks.environment, "test", lambda *_: {})
    monkeypatch.setattr(checks.environment, "production", lambda *_: {})

    assert checks.check({}) == ["pip-audit"]


def test_licence_is_the_one_that_is_named():
    text = (ROOT / "LICENSE").read_text()

    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text()
