"""The English catalogue: finding the texts in the source, and compiling their translations.

Django's makemessages and compilemessages call the programs of GNU gettext, which a bare machine does not have.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
SOURCES = ("wor", "activities", "referrals", "coaches", "dashboard", "kernteam")
HEADER = {
    "Project-Id-Version": "welzijn-op-recept",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
# Function → which of its arguments hold what; "c" marks the context.
_SINGLE, _PLURAL, _CONTEXT, _CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "_l", "gettext", "gettext_lazy", "gettext_noop"), _SINGLE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")

# A text as the catalogue knows it: context ("" for none), singular, plural ("" for none).
Text = tuple[str, str, str]


def texts_in_source(root: Path | None = None) -> set[Text]:
    """Every text that the product shows through gettext, from Python files and templates."""
    root = root or Path(settings.BASE_DIR)
    found: set[Text] = set()
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                found |= set(texts_in_python(path.read_text(encoding="utf-8")))
        for path in sorted((root / folder).glob("**/templates/**/*")):
            found |= _texts_in_file(path)
    for path in sorted((root / "templates").rglob("*")):
        found |= _texts_in_file(path)
    return found


def _texts_in_file(path: Path) -> set[Text]:
    if path.suffix not in (".html", ".txt"):
        return set()
    return set(texts_in_template(path.read_text(encoding="utf-8")))


def texts_in_template(source: str) -> Iterator[Text]:
    """Texts of {% translate %}, {% blocktranslate %} and _("…") in a template."""
    # What templatize makes looks like Python but for its indentation, which would stop the tokenizer.
    lines = (line.lstrip() for line in templatize(source).splitlines())
    return texts_in_python("\n".join(lines))


def texts_in_python(source: str) -> Iterator[Text]:
    """Texts in calls of gettext and its variants."""
    # For developers only: an installation compiles the catalogue, it does not search the source.
    from babel.messages.extract import extract

    for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        if singular:
            yield context or "", singular, plural


def read_catalogue(path: Path = CATALOGUE) -> polib.POFile:
    """The catalogue as it is; an empty one when there is none yet."""
    if path.exists() and path.stat().st_size:
        return polib.pofile(str(path), wrapwidth=110)
    return polib.POFile(wrapwidth=110)


def merge(catalogue: polib.POFile, texts: set[Text]) -> polib.POFile:
    """A catalogue of exactly these texts, with the translations that are known. Sorted, so that diffs stay small."""
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue if not entry.obsolete}
    # A text may occur with and without a plural; the catalogue knows it once.
    plurals = {(context, singular): plural for context, singular, plural in sorted(texts)}
    merged = polib.POFile(wrapwidth=110)
    merged.metadata = dict(HEADER)
    merged.extend(_entry(key, plural, known.get(key)) for key, plural in sorted(plurals.items()))
    return merged


def _entry(key: tuple[str, str], plural: str, known: polib.POEntry | None) -> polib.POEntry:
    context, singular = key
    entry = polib.POEntry(msgid=singular, msgctxt=context or None)
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = known.msgstr_plural if known and known.msgstr_plural else {0: "", 1: ""}
    else:
        entry.msgstr = known.msgstr if known else ""
    if _PLACEHOLDER.search(singular + plural):
        entry.flags = ["python-format"]
    return entry


def is_translated(entry: polib.POEntry) -> bool:
    return bool(all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr) and not entry.fuzzy


def compile_catalogue(path: Path = CATALOGUE) -> Path | None:
    """Write the .mo beside the .po, in one move: a running web process never reads half a file."""
    if not path.exists():
        return None
    target = path.with_suffix(".mo")
    new = target.with_suffix(".mo.new")
    read_catalogue(path).save_as_mofile(str(new))
    return new.replace(target)
