"""Finding and compiling the texts of the English catalogue."""

import re

import polib

from wor import texts

PLACEHOLDER = re.compile(r"%%|%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+[^>]*>")


def test_find_texts_in_python_knows_each_variant_of_gettext():
    calls = ('_("een")', 'gettext_lazy("twee")', 'ngettext("%(n)s dag", "%(n)s dagen", n)', 'pgettext("klok", "ga")')

    found = set(texts.texts_in_python("\n".join(calls)))

    assert found == {("", "een", ""), ("", "twee", ""), ("", "%(n)s dag", "%(n)s dagen"), ("klok", "ga", "")}


def test_find_texts_in_template_knows_each_tag():
    source = (
        "<p title=\"{% translate 'een' %}\">\n      {% blocktranslate trimmed with n=days %}\n  over {{ n }}\n  dagen"
        '{% endblocktranslate %}\n  {% translate "ga" context "klok" %}{{ _("drie")|lower }}'
    )

    found = set(texts.texts_in_template(source))

    assert found == {("", "een", ""), ("", "over %(n)s dagen", ""), ("klok", "ga", ""), ("", "drie", "")}


def test_merge_keeps_translations_and_drops_what_is_gone():
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Blijft", msgstr="Stays"))
    catalogue.append(polib.POEntry(msgid="Weg", msgstr="Gone"))

    merged = texts.merge(catalogue, {("", "Blijft", ""), ("", "Nieuw", "")})

    assert [(entry.msgid, entry.msgstr) for entry in merged] == [("Blijft", "Stays"), ("Nieuw", "")]


def test_merge_twice_gives_the_same_text():
    found = {("", "%(n)s dag", "%(n)s dagen"), ("", "Een", "")}

    once = texts.merge(polib.POFile(), found)

    assert str(texts.merge(once, found)) == str(once)


def test_compile_without_a_catalogue_does_nothing(tmp_path):
    assert texts.compile_catalogue(tmp_path / "django.po") is None


def test_compile_an_empty_catalogue_gives_a_readable_one(tmp_path):
    source = tmp_path / "django.po"
    source.write_text("")

    made = texts.compile_catalogue(source)

    assert len(polib.mofile(str(made))) == 0


def test_catalogue_holds_every_text_of_the_source_and_no_other():
    known = {(entry.msgctxt or "", entry.msgid) for entry in texts.read_catalogue()}

    found = {(context, singular) for context, singular, _plural in texts.texts_in_source()}

    assert found - known == set(), "run ./run texts, and translate what is new"
    assert known - found == set(), "run ./run texts"


def test_catalogue_translates_every_text():
    assert [entry.msgid for entry in texts.read_catalogue() if not texts.is_translated(entry)] == []


def test_catalogue_keeps_what_is_filled_in_later():
    for entry in texts.read_catalogue():
        translated = entry.msgstr_plural[1] if entry.msgid_plural else entry.msgstr
        dutch = entry.msgid_plural or entry.msgid
        assert set(PLACEHOLDER.findall(translated)) == set(PLACEHOLDER.findall(dutch)), entry.msgid
