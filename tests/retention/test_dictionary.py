"""The data dictionary tells of every table and field, and each model says how long and whose."""

from pathlib import Path

import pytest
from django.apps import apps

from wor.retention import dictionary
from wor.retention.rules import rules
from wor.tenancy.models import RegionModel
from wor.tenancy.security import ENDS

ROOT = Path(__file__).resolve().parents[2]


def test_dictionary_is_up_to_date():
    written = (ROOT / "docs" / "data-dictionary.md").read_text().split("\n## ")
    made = dictionary.document().split("\n## ")

    different = [part.splitlines()[0] for part in {*written} ^ {*made}]
    assert different == [], "run ./run manage data_dictionary"


@pytest.mark.parametrize("model", dictionary.described(), ids=lambda model: model._meta.label)
def test_each_table_has_a_meaning_a_term_and_somebody_who_answers_for_it(model):
    assert model._meta.label in dictionary.MEANING, "say what it holds in wor/retention/dictionary.py"
    assert dictionary.kept_as(model) in dictionary.KEPT
    assert getattr(model, "controller", "platform") in dictionary.CONTROLLERS


@pytest.mark.parametrize("model", dictionary.described(), ids=lambda model: model._meta.label)
def test_each_table_with_something_personal_says_itself_how_long(model):
    if issubclass(model, RegionModel) and model.personal:
        assert "kept" in vars(model), "say how long it is kept, and who is the controller"


def test_dictionary_names_each_field_once():
    text = dictionary.document()

    for model in dictionary.described():
        part = text.split(f"## `{model._meta.db_table}`\n")[1].split("\n## ")[0]
        for field in model._meta.local_fields:
            assert field.column is None or part.count(f"`{field.column}`") == 1, (model, field.column)


def test_no_meaning_is_left_of_a_table_that_is_gone():
    assert set(dictionary.MEANING) == {model._meta.label for model in dictionary.described()}
    assert {model._meta.app_label for model in apps.get_models()} >= set(dictionary.LIBRARIES)


def test_each_term_that_ends_has_a_rule():
    assert set(dictionary.KEPT) >= ENDS
    assert {each.code for each in rules(of_region=True)} == {
        *("cases", "words", "client_links", "drafts", "effects", "notices", "invitations", "remarks", "log", "events"),
        *("erasures", "runs", "import_lines", "import_files", "provider_answers", "provider_links"),
        "staff",
    }
    assert {each.code for each in rules(of_region=False)} == {
        *("sign_ins", "sessions", "session_list", "general_effects", "accounts")
    }
