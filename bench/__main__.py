"""The part of `./run bench-data` and `./run bench` that needs Django."""

import os
import sys

import django

from deploy.local.say import Problem, fail

# Before anything of ours is imported: models ask for it.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from bench import load, measure  # noqa: E402

VERBS = {"data": load.main, "measure": measure.main}

if __name__ == "__main__":
    try:
        sys.exit(VERBS[sys.argv[1]](sys.argv[2:]))
    except Problem as problem:
        sys.exit(fail(str(problem)))
