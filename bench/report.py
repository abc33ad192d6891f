"""The rows as a table, on the screen and as the last section of docs/performance.md."""

import os
import platform
import re
from pathlib import Path

from django.db import connections
from django.utils import timezone

from bench.limits import GOOD, NOT_MEASURED, TOO_SLOW, Row
from deploy.local.places import ROOT
from deploy.local.say import line

FILE = ROOT / "docs" / "performance.md"
TITLE = "## Last run of `./run bench`"


def show(rows: list[Row]) -> None:
    width = max(len(row.what) for row in rows)
    line("")
    for row in rows:
        limit = row.number(row.limit)
        line(f"{row.what:<{width}}  ≤ {limit:>14}  {row.number(row.measured):>14}  {row.verdict_in_words}")
    line(f"\n{summary(rows)}")


def summary(rows: list[Row]) -> str:
    count = {verdict: sum(row.verdict == verdict for row in rows) for verdict in (GOOD, TOO_SLOW, NOT_MEASURED)}
    return f"{count[GOOD]} good, {count[TOO_SLOW]} too slow, {count[NOT_MEASURED]} not measured."


def table(rows: list[Row]) -> str:
    lines = ["| What | Limit | Measured | Verdict | |", "|---|---|---|---|---|"]
    for row in rows:
        limit = f"≤ {row.number(row.limit)}" if row.limit is not None else ""
        cells = (row.what, limit, row.number(row.measured), row.verdict, row.why_not or row.detail)
        lines.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines)


def section(rows: list[Row], bench, *, quick: bool, seconds: float) -> str:
    sizes = " and ".join(f"{size:,}" for size in sorted({bench.large.referrals, bench.small.referrals}, reverse=True))
    kind = "Quick run" if quick else "Run"
    words = [
        f"{kind} of {timezone.localtime():%Y-%m-%d %H:%M}, {sizes} referrals, medians of {bench.rounds} interleaved "
        f"rounds, {seconds / 60:.0f} minutes.",
        f"Machine: {machine()}. Load when it ended: {os.getloadavg()[1]:.1f} over 5 minutes.",
        f"{summary(rows)} Floors are explained in `bench/floor.py`.",
    ]
    return f"{TITLE}\n\n" + "\n".join(words) + f"\n\n{table(rows)}\n"


def write(rows: list[Row], bench, *, quick: bool, seconds: float, file: Path = FILE) -> None:
    """Puts the section in the place of the former one; what else the file says stays as it is."""
    text = file.read_text()
    new = section(rows, bench, quick=quick, seconds=seconds)
    if TITLE in text:
        head, _title, rest = text.partition(TITLE)
        after = re.search(r"^## ", rest, re.MULTILINE)
        text = head + new + ("\n" + rest[after.start() :] if after else "")
    else:
        text = f"{text.rstrip()}\n\n{new}"
    file.write_text(text)
    line(f"Opgeschreven in {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}.")


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}, PostgreSQL {version}"
