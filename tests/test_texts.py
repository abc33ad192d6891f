"""Finding and compiling the texts of the English catalogue."""

import polib

from wor import texts


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
