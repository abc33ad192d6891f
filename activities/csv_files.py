"""Reading a CSV file as people's programs write it.

Encoding and separator are found out; what cannot be read is refused with a code, for which the page has the sentence.
The type is judged by the content: a name or a header says what it likes.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from wor.bsn import holds_bsn
from wor.forms import clean_text

LARGEST = 5 * 1024 * 1024
MOST_LINES = 10_000
DELIMITERS = ";,\t"
# How a file begins that is something else. An Excel file is a zip too, and gets a sentence of its own.
EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
OTHERS = (
    b"PK",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"\xfd7zXZ",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


class UnreadableError(Exception):
    """The file as a whole cannot be used. ``code`` fits in ``Import.problem``; never holds what the file says."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Table:
    """What a file says: its heads, and each line that holds something with its number as a spreadsheet counts."""

    encoding: str
    delimiter: str
    heads: list[str]
    lines: list[tuple[int, list[str]]]


def sniff(content: bytes) -> None:
    """Refuse at once what is plainly no text. Raises UnreadableError."""
    if not content.strip():
        raise UnreadableError("empty")
    if len(content) > LARGEST:
        raise UnreadableError("too_large")
    if content.startswith(EXCEL):
        raise UnreadableError("excel")
    if content.startswith(OTHERS):
        raise UnreadableError("no_text")
    if content.startswith(UTF_16):
        raise UnreadableError("utf_16")
    if b"\x00" in content:
        raise UnreadableError("no_text")


def read(content: bytes, known_heads: set[str]) -> Table:
    """The table in this file; ``known_heads`` (simplified) decide which separator was meant. Raises UnreadableError."""
    sniff(content)
    text, encoding = _decode(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    skipped, delimiters = 0, DELIMITERS
    if said := _SEPARATOR_LINE.fullmatch(text.partition("\n")[0].strip()):
        text, skipped, delimiters = text.partition("\n")[2], 1, said[1]
    delimiter = max(delimiters, key=lambda each: _fits(text, each, known_heads))
    records = list(_records(text, delimiter, skipped))
    if not records:
        raise UnreadableError("empty")
    (_number, heads), *lines = records
    if any(holds_bsn(head) for head in heads):
        raise UnreadableError("bsn_in_heads")
    if not lines:
        raise UnreadableError("no_lines")
    if len(lines) > MOST_LINES:
        raise UnreadableError("too_many_lines")
    return Table(encoding, delimiter, [clean_text(head).strip() for head in heads], lines)


def simplify(head: str) -> str:
    """A head without capitals, accents, spaces and signs: "E-mail *" is "email"."""
    plain = unicodedata.normalize("NFKD", head).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith(b"\xef\xbb\xbf"):
        tries = [("utf-8-sig", "UTF-8 (met BOM)")]
    else:
        tries = [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]
    for codec, name in tries:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        # What is no text can still be read as Windows-1252, sign for sign.
        if len(_CONTROLS.findall(text)) * 1000 > len(text):
            raise UnreadableError("no_text")
        return text, name
    raise UnreadableError("encoding")


def _fits(text: str, delimiter: str, known_heads: set[str]) -> tuple[int, int]:
    """How many heads would be known, and how many there would be."""
    try:
        heads = next(csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0, 0
    return len({simplify(head) for head in heads} & known_heads), len(heads)


def _records(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each line that holds something; a cell may run over several lines of the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, found = skipped, 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableError(f"{_what_is_wrong(str(error))}:{number}") from None
        if any(cell.strip() for cell in cells):
            found += 1
            if found > MOST_LINES + 1:
                raise UnreadableError("too_many_lines")
            yield number, cells


def _what_is_wrong(said: str) -> str:
    if "field limit" in said:
        return "cell_too_long"
    return "quote_open" if "unexpected end" in said else "quotes"
