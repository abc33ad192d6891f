"""Logs as one JSON object a line, with references only.

Two nets under each other: nobody logs personal data (style.md 12), and keys that could hold it are dropped here.
"""

import sys
from types import TracebackType

import structlog

ALLOWED_KEYS = {
    *("event", "level", "logger", "timestamp", "request_id", "user_id", "code", "method", "route", "task", "task_id"),
    *("region_id", "reference", "kind", "count", "seconds", "component", "outcome", "exc_type", "where", "attempts"),
}


def keep_references_only(logger, method_name, event):
    """Drop every key that is not on the list; an exception keeps its type and place, never its message."""
    exception = _exception(event.pop("exc_info", None))
    if exception is not None:
        event["exc_type"] = type(exception).__name__
        event["where"] = _where(exception.__traceback__)
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS}


def _exception(exc_info: object) -> BaseException | None:
    """logging hands on a tuple; structlog the exception itself, or True for the one being handled."""
    if exc_info is True:
        return sys.exc_info()[1]
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    return exc_info if isinstance(exc_info, BaseException) else None


def _where(traceback: TracebackType | None) -> str:
    """file:line of the last frames. Arguments and messages may hold what somebody typed."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno}:{code.co_name}")
        traceback = traceback.tb_next
    return " > ".join(frames[-6:])


def foreign_record(logger, method_name, event):
    """A line of Django or a library: keep its template, not the values filled in."""
    record = event.get("_record")
    if record is not None and not event.get("_from_structlog"):
        # What is logged instead of a sentence, such as an exception, speaks of what went wrong and with whom.
        event["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        event["logger"] = record.name
        if record.exc_info:
            event["exc_info"] = record.exc_info
    return event


def formatter():
    """The formatter of the ``stderr`` handler in settings.LOGGING."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[foreign_record, keep_references_only, structlog.processors.JSONRenderer()],
    )
