"""Reads the line that a HIS shows above a patient: name, birth date, telephone, postcode. Does not keep it.

``static/js/refer.js`` follows the same rules in the browser; ``tests/referrals/test_his_line.py`` holds examples.
"""

import re

from referrals.fields import PREFIXES, read_date, read_phone, read_postcode

_DATE = re.compile(r"\b\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d{2}\b|\b\d{1,2} [a-z]{3,9} (?:19|20)\d{2}\b", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b")
_PHONE = re.compile(r"(?<!\d)(?:\+\d{2}|00\d{2}|0)(?:[\s()-]*\d){8,10}(?!\d)")
_FEMALE = re.compile(r"\(v\)|\bmevr(?:ouw)?\b|\bmw\b|\bvrouw\b|[,;\s]v(?=[,;\s]|$)", re.IGNORECASE)
_MALE = re.compile(r"\(m\)|\bdhr\b|\bheer\b|\bman\b|[,;\s]m(?=[,;\s]|$)", re.IGNORECASE)
_LABELS = re.compile(
    r"\([^)]*\)"
    r"|\b(naam|patiënt|patient|geboren|geb|geboortedatum|mevr|mevrouw|mw|dhr|de heer|heer|tel|adres|bsn|nr)\b[.:]*"
    r"|[,;\s](?:v|m)(?=[,;\s]|$)",
    re.IGNORECASE,
)


def read_line(text: str) -> dict[str, str]:
    """The fields found in a pasted line, as somebody would type them. What is not recognised is left out."""
    text = " ".join(text.split())[:500]
    found: dict[str, str] = {}
    ends = [len(text)]
    for name, pattern, check in (
        ("birth_date", _DATE, read_date),
        ("postcode", _POSTCODE, read_postcode),
        ("phone", _PHONE, read_phone),
    ):
        match = next((each for each in pattern.finditer(text) if check(each[0])), None)
        if match:
            found[name] = match[0].strip()
            ends.append(match.start())
            # Blanked out, so that its digits are not taken for the start of a telephone number.
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    head = text[: min(ends)]
    if _FEMALE.search(head):
        found["sex"] = "f"
    elif _MALE.search(head):
        found["sex"] = "m"
    return found | _names(head)


def _names(text: str) -> dict[str, str]:
    text = " ".join(_LABELS.sub(" ", f" {text} ").split()).strip(" ,;:-|")
    text = re.split(r"\d|[;|]", text)[0].strip(" ,;:-")
    if not text:
        return {}
    if "," in text:
        family, _, rest = (part.strip() for part in text.partition(","))
        words = rest.split()
        prefix = [word for word in words if word.lower() in PREFIXES]
        given = [word for word in words if word.lower() not in PREFIXES]
        return _filled(" ".join(given), " ".join([*prefix, family]))
    words = text.split()
    if len(words) == 1:
        return _filled("", words[0])
    at = next((i for i, word in enumerate(words) if i and word.lower() in PREFIXES), len(words) - 1)
    return _filled(" ".join(words[:at]), " ".join(words[at:]))


def _filled(given: str, family: str) -> dict[str, str]:
    return {name: text for name, text in (("given_name", given), ("family_name", family)) if text}
