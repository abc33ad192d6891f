"""What a log line keeps: type and place of what went wrong, and never about whom."""

import json
import logging
import sys

import pytest
import structlog

from wor.logs import formatter
from wor.outbox import services

NAME = "Wilhelmina Zonderland"


class Kept(logging.Handler):
    """The lines as they would reach stderr."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def log():
    """Every line that is logged, formatted as in production."""
    handler, root = Kept(), logging.getLogger()
    handler.setFormatter(formatter())
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)


def _refuse():
    raise ValueError(f"{NAME} heeft al een verwijzing")


def _the_only(lines: list[str]) -> dict:
    assert len(lines) == 1
    assert NAME not in lines[0]
    return json.loads(lines[0])


@pytest.mark.parametrize("given", ["true", "exception", "tuple"])
def test_structlog_exception_keeps_type_and_place(log, given):
    try:
        _refuse()
    except ValueError as error:
        exc_info = {"true": True, "exception": error, "tuple": sys.exc_info()}[given]
        structlog.get_logger("wor").error("not-sent", exc_info=exc_info)
    line = _the_only(log)
    assert (line["event"], line["exc_type"]) == ("not-sent", "ValueError")
    assert line["where"].startswith("test_logs.py:")
    assert line["where"].endswith(":_refuse")


def test_standard_exception_keeps_type_and_place(log):
    try:
        _refuse()
    except ValueError:
        logging.getLogger("library").exception("failed for %s", NAME)
    line = _the_only(log)
    assert (line["event"], line["exc_type"]) == ("failed for %s", "ValueError")
    assert line["where"].endswith(":_refuse")


def test_exception_logged_as_message_keeps_its_type(log):
    logging.getLogger("library").error(ValueError(NAME))
    assert _the_only(log)["event"] == "ValueError"


def test_exc_info_without_exception_says_nothing(log):
    structlog.get_logger("wor").error("not-sent", exc_info=True)
    assert not {"exc_type", "where"} & set(_the_only(log))


def test_unknown_key_is_dropped(log):
    structlog.get_logger("wor").warning("client-moved", family_name=NAME, count=1)
    line = _the_only(log)
    assert line["count"] == 1
    assert "family_name" not in line


def test_extra_of_a_library_is_dropped(log):
    logging.getLogger("library").warning("moved", extra={"family_name": NAME}, stack_info=True)
    assert _the_only(log)["event"] == "moved"


def test_view_that_breaks_leaves_no_name(client, world, log, monkeypatch):
    monkeypatch.setattr(services, "mark_all_read", lambda *args, **kwargs: _refuse())
    client.raise_request_exception = False
    client.sign_in(world.coach)
    assert client.send("/berichten/alles-gelezen/", {"name": NAME}).status_code == 500
    assert NAME not in "".join(log)
    failed = [json.loads(line) for line in log if "ValueError" in line]
    assert failed
    assert all(each["where"].endswith(":_refuse") for each in failed)
