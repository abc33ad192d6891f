"""Refuses a password that is long but still among the first that anybody would try.

Django's list of common passwords holds few of twelve signs and more, and hardly a Dutch one. So this looks at what is
left without digits and signs: a word that everybody thinks of, or the person's or the region's own name.
"""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Words of which a password may not consist, however many digits and signs stand around them.
WORDS = frozenset(Path(__file__).with_name("guessable_words.txt").read_text().split())
SHORTEST_OWN_WORD = 3
FEW_SIGNS = 5
LONGEST = 128
# Beyond this nobody guesses; and taking such a text apart would keep the server busy.
MOST_LETTERS = 40
# Of the steps from sign to sign, so many in ten are none, one up or one down in a row like 123456.
STEPS_IN_A_ROW = 0.7
_READ_AS = str.maketrans("0134578@$!|", "oieastbasil")
_NO_LETTERS = re.compile(r"[^a-z]")


class ShortestValidator(MinimumLengthValidator):
    """Django's, in our words: its sentence is not in every language that we speak."""

    def get_error_message(self) -> str:
        return str(
            _("Dit wachtwoord is te kort. Gebruik minstens %(shortest)d tekens.") % {"shortest": self.min_length}
        )

    def get_help_text(self) -> str:
        return str(_("Minstens %(shortest)d tekens.") % {"shortest": self.min_length})


class LongestValidator:
    """For AUTH_PASSWORD_VALIDATORS: room for a sentence, not for a book."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("Dit wachtwoord heeft %(length)d tekens. Het mogen er hoogstens %(longest)d zijn."),
                code="password_too_long",
                params={"length": len(password), "longest": LONGEST},
            )

    def get_help_text(self) -> str:
        return str(_("Hoogstens %(longest)d tekens.") % {"longest": LONGEST})


class GuessableValidator:
    """For AUTH_PASSWORD_VALIDATORS, beside the least length and Django's own list."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_row_of_signs(password):
            raise ValidationError(
                _("Deze tekens volgen elkaar te voorspelbaar op. Kies liever een zin van een paar woorden."),
                code="password_in_a_row",
            )
        words = WORDS | own_words(user)
        if any(is_made_of(core, words) for core in cores(password)):
            raise ValidationError(
                _(
                    "Dit wachtwoord is makkelijk te raden: het is een bekend woord of een naam met iets erbij. "
                    "Kies liever een zin van een paar woorden."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return str(_("Geen bekend woord of naam met cijfers erachter."))


def own_words(user: Any) -> frozenset[str]:
    """The names and the address of this person, and the names of the regions: the first that a colleague would try."""
    from wor.tenancy.models import Region

    local = str(getattr(user, "email", "") or "").partition("@")[0]
    texts = [local, *re.split(r"[^a-zA-Z]+", local), *str(getattr(user, "name", "") or "").split()]
    texts += [text for names in Region.objects.values_list("name", "slug") for text in names]
    return frozenset(word for word in map(_letters, texts) if len(word) >= SHORTEST_OWN_WORD)


def cores(password: str) -> set[str]:
    """What is left of a password without digits and signs: as it stands, and with 0 read as o, @ as a and so on."""
    text = password.lower()
    inside = re.sub(r"^[^a-z@$|]+|[^a-z]+$", "", text)
    return {_letters(text), _letters(inside.translate(_READ_AS))} - {""}


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.lower())


def is_made_of(core: str, words: frozenset[str]) -> bool:
    """Is it one of these words, or two of them, each as often as you like?"""
    if len(core) > MOST_LETTERS:
        return False
    inside = [word for word in words if word in core]
    return any(re.fullmatch(f"(?:{re.escape(one)}|{re.escape(other)})+", core) for one in inside for other in inside)


def is_row_of_signs(password: str) -> bool:
    """123456789012, aaaaaaaaaaaa, 121212121212: little to guess, however long."""
    steps = [abs(ord(after) - ord(before)) <= 1 for before, after in pairwise(password.lower())]
    few = len(password) <= MOST_LETTERS and len(set(password)) < FEW_SIGNS
    return few or (bool(steps) and sum(steps) / len(steps) >= STEPS_IN_A_ROW)
