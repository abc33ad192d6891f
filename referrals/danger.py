"""Words that make somebody ask: is this urgent? A question, never a block."""

import re

# Stems; each is matched at the start of a word. Longer first, so that the whole phrase is quoted.
SIGNALS = (
    *("niet meer leven", "niet meer verder leven", "einde aan maken", "eind aan maken", "er niet meer zijn"),
    *("wil dood", "dood wil", "liever dood", "zelfmoord", "zelfdoding", "suïcid", "suicid", "zelfbeschadig"),
    *("mishandel", "geweld", "geslagen", "bedreig", "verkracht", "misbruikt", "wapen", "psychotisch", "verward"),
)
_PATTERN = re.compile("|".join(rf"(?<!\w){re.escape(each)}\w*" for each in SIGNALS), re.IGNORECASE)


def signal_in(*texts: str) -> str:
    """The first such words as they were written, or nothing."""
    for text in texts:
        if found := _PATTERN.search(" ".join((text or "").split())):
            return found[0]
    return ""
