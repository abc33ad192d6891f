"""Finding a burgerservicenummer in text. Welfare organisations may not have one."""

import re

# A run of digits, possibly with single spaces or dots between them, that no digit precedes or follows.
_RUN = re.compile(r"(?<!\d)(?<!\d[ .])\d(?:[ .]?\d){7,8}(?![ .]?\d)")
# What a form carries to name a row: made by chance, so one in some hundred holds such a run.
_REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.\d{1,6}\b)?")


def passes_eleven_test(digits: str) -> bool:
    """The 11-test of the BSN: weights 9…2 and −1, sum divisible by 11. Eight digits get a leading zero."""
    padded = digits.zfill(9)
    if len(padded) != 9 or int(padded) == 0:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(padded, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 == 0


def holds_bsn(text: str) -> bool:
    """Is there an 8 or 9 digit number in the text that could be a BSN? One in eleven numbers is, by chance.

    References of our own are no such number.
    """
    runs = _RUN.findall(_REFERENCE.sub("reference", text or ""))
    return any(passes_eleven_test(re.sub(r"\D", "", run)) for run in runs)
