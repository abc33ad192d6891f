"""A database of its own and processes of their own, for what only real transactions and a real kill can show."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
START = "import django; django.setup()\n"


@dataclass
class Real:
    """Runs a piece of Python as the product would run, on a clone of the test database."""

    environment: dict[str, str]

    def run(self, code: str, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-c", START + textwrap.dedent(code)],
            cwd=ROOT,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=120,
        )


@contextmanager
def real_database(name: str, mail_folder: Path) -> Iterator[Real]:
    """Clone the template under this name; gone afterwards. The test's own connections stay where they were."""
    from tests.conftest import clone_database, drop_database

    owner = connections["owner"]
    former = owner.settings_dict["NAME"]
    addresses = {key: os.environ[key].replace("@/wor?", f"@/{name}?") for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    try:
        clone_database(name)
        yield Real(
            {
                **os.environ,
                **addresses,
                "DJANGO_SETTINGS_MODULE": "wor.settings",
                "EMAIL_URL": f"filemail:///{mail_folder}",
                "LOG_LEVEL": "ERROR",
                "PYTHONPATH": str(ROOT),
            }
        )
    finally:
        drop_database(name)
        owner.close()
        owner.settings_dict["NAME"] = former
