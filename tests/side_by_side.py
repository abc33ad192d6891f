"""How a full run is divided over its processes.

A file stays in one process, for what its tests share is made once; so do all journeys, which share a site. A sweep's
tests share nothing and take long: each goes where there is room. What waits most for processes of its own begins first.
"""

from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys/"
SPREAD = ("tests/test_access_sweep.py", "tests/test_bad_input.py", "tests/test_forms.py")
FIRST = (
    *("tests/infrastructure/test_survives.py", JOURNEYS, "tests/test_bad_input.py", "tests/test_plans.py"),
    *("tests/outbox/test_kill.py", "tests/infrastructure/", "tests/dashboard/", "tests/audit/", *SPREAD),
)


def place(nodeid: str) -> int:
    """Its turn: by the first prefix that fits, and after these everything else."""
    return next((turn for turn, prefix in enumerate(FIRST) if nodeid.startswith(prefix)), len(FIRST))


class Division(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(JOURNEYS):
            return JOURNEYS
        return nodeid if nodeid.startswith(SPREAD) else nodeid.partition("::")[0]
