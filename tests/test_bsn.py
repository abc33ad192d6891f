"""A BSN is found in text, and not in a reference of our own."""

import pytest

from wor.bsn import holds_bsn

BSN = "123456782"


@pytest.mark.parametrize("text", [BSN, "1234 56 782", "123.456.782", f"nr {BSN}.", f"x-{BSN}", f"{BSN}-4000-8000"])
def test_a_number_in_text_is_found(text):
    assert holds_bsn(text)


@pytest.mark.parametrize(
    "text",
    [
        "12345678-2000-4000-8000-000000000000",
        "aaaaaaaa-2000-4000-8000-aaa123456782",
        "aaaaaaaa-2000-4000-8000-aaaa12345678.2",
    ],
)
def test_a_reference_is_not_one(text):
    assert not holds_bsn(text)
    assert holds_bsn(f"{text} {BSN}")
