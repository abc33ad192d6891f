"""What people type for dates, telephone numbers, postcodes and names; and the line of a HIS."""

import datetime as dt

import pytest
import time_machine

from referrals.danger import signal_in
from referrals.fields import read_date, read_phone, read_postcode, show_phone, split_name
from referrals.his import read_line

MARCH = dt.date(1956, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        *("12-3-1956", "12/03/1956", "12.3.1956", "12 3 1956", "12031956", "12 maart 1956", "12 mrt 1956"),
        *("1956-03-12", "12-3-56", " 12 - 3 - 1956 ", "12maart1956"),
    ],
)
def test_date_is_read_as_people_type_it(text):
    with time_machine.travel("2026-11-21"):
        assert read_date(text) == MARCH


@pytest.mark.parametrize("text", ["", "maart", "31-2-1956", "12-13-1956", "1956", "12-3-195", "12 martha 1956x"])
def test_date_that_is_none_is_not_guessed(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("06 1234 5678", "0612345678"),
        ("06-12345678", "0612345678"),
        ("+31 6 12345678", "0612345678"),
        ("0031612345678", "0612345678"),
        ("0344-612 345", "0344612345"),
        ("+31 (0)344 612345", "0344612345"),
        ("+32 470 12 34 56", "+32470123456"),
        ("12", None),
        ("bel maar", None),
    ],
)
def test_telephone_is_read_as_people_type_it(text, kept):
    assert read_phone(text) == kept


def test_telephone_is_shown_as_it_is_read_aloud():
    assert show_phone("0612345678") == "06 12345678"


@pytest.mark.parametrize(
    ("text", "kept"), [("4001", "4001"), (" 4001 ab ", "4001AB"), ("4001AB", "4001AB"), ("400", None)]
)
def test_postcode_is_read_as_people_type_it(text, kept):
    assert read_postcode(text) == kept


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("van der Meer", ("van der", "Meer")),
        ("Vries", ("", "Vries")),
        ("de", ("", "de")),
        ("El Idrissi", ("El", "Idrissi")),
    ],
)
def test_prefix_is_split_off(text, split):
    assert split_name(text) == split


@pytest.mark.parametrize(
    "line",
    [
        "J. de Vries (v) 12-03-1956, Dorpsstraat 1, 4001 AB Lindewaard, tel 06-12345678, BSN 123456782",
        "Vries, J. de; geb. 12-03-1956; 4001AB; 0612345678",
        "Naam: J. de Vries, V, 12-03-1956  4001 AB  06-12345678",
    ],
)
def test_his_line_is_read(line):
    found = read_line(line)

    assert (found["given_name"], found["family_name"]) == ("J.", "de Vries")
    assert read_date(found["birth_date"]) == MARCH
    assert read_postcode(found["postcode"]) == "4001AB"
    assert read_phone(found["phone"]) == "0612345678"
    assert "123456782" not in str(found)


@pytest.mark.parametrize("line", ["", "   ", "123456782", "<script>", "12-3-1956", ", , ,", "(v)"])
def test_his_line_of_nothing_gives_no_name(line):
    assert "family_name" not in read_line(line) or "script" in line


def test_words_of_danger_are_quoted():
    assert signal_in("", "Ze wil dood.") == "wil dood"
    assert signal_in("Haar man is dood. Wil weer zingen.") == ""
