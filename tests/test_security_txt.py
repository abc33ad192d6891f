"""/.well-known/security.txt: whom to tell of a hole, for as long as its operator stands for it."""

import datetime as dt

import pytest

from wor.checks import security_txt_can_be_read

PATH = "/.well-known/security.txt"


@pytest.fixture
def contact(settings):
    settings.SECURITY_CONTACT = "mailto:veilig@wor.example"
    settings.SECURITY_TXT_EXPIRES = (dt.date.today() + dt.timedelta(days=90)).isoformat()
    return settings


def test_security_txt_says_whom_to_tell_and_until_when(db, client, contact):
    answer = client.get(PATH)

    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert lines["Contact"] == "mailto:veilig@wor.example"
    assert dt.datetime.fromisoformat(lines["Expires"]) > dt.datetime.now(dt.UTC)
    assert lines["Canonical"] == f"http://testserver{PATH}"
    assert security_txt_can_be_read(None) == []


@pytest.mark.parametrize(("name", "value"), [("CONTACT", ""), ("TXT_EXPIRES", ""), ("TXT_EXPIRES", "2020-01-01")])
def test_security_txt_is_not_there_when_nobody_stands_for_it(db, client, contact, name, value):
    setattr(contact, f"SECURITY_{name}", value)

    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"), [("CONTACT", ""), ("CONTACT", "veilig@wor.example"), ("TXT_EXPIRES", "volgend jaar")]
)
def test_half_a_security_txt_is_told_before_the_start(contact, name, value):
    setattr(contact, f"SECURITY_{name}", value)

    assert [each.id for each in security_txt_can_be_read(None)] == ["wor.E006"]


def test_no_security_txt_is_a_choice(settings):
    settings.SECURITY_CONTACT = settings.SECURITY_TXT_EXPIRES = ""

    assert security_txt_can_be_read(None) == []
