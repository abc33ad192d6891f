"""kill -9 of the worker while it tells: nothing was told, and then each thing once."""

import os

import pytest

from tests.real import real_database

NUMBER = 20
FILL = f"""
    import datetime as dt
    from django.db import transaction
    from tests import factories
    from tests.reminders.clock import at
    with transaction.atomic():
        world = factories.make_world("rivierenland")
        for _each in range({NUMBER}):
            factories.make_referral(world, status="accepted", sent_at=at("2026-10-12", 10))
"""
# Dies when the notices are written and the mail is queued, before the end of the transaction; or right after it.
KILLED = """
    import os, signal
    from wor.outbox import reminders
    from tests.reminders.clock import at
    reminders.plan_everywhere(now=at("2026-11-10"))
    queue = reminders._queue_summaries
    def die(*args):
        queue(*args)
        os.kill(os.getpid(), signal.SIGKILL)
    if {before_commit}:
        reminders._queue_summaries = die
    reminders.tell_everywhere(now=at("2026-11-10"))
    os.kill(os.getpid(), signal.SIGKILL)
"""
AGAIN = """
    from tests.reminders.clock import at
    from wor.outbox import reminders
    from wor.outbox.models import Effect, Notice
    from wor.tenancy.context import open_region
    from wor.tenancy.models import Region
    def told():
        with open_region(Region.objects.get(slug="rivierenland").pk):
            refs = list(Notice.objects.values_list("subject_ref", flat=True))
            return len(refs), len(set(refs)), Effect.objects.count()
    before = told()
    for _each in range(2):
        reminders.tell_everywhere(now=at("2026-11-10", 9))
    print(before, told())
"""


@pytest.fixture
def real(django_db_setup, django_db_blocker, tmp_path):
    suffix = f"{os.environ.get('TEST_DB_SUFFIX', 'x')}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock(), real_database(f"wor_told_{suffix}", tmp_path) as found:
        yield found


@pytest.mark.parametrize("before_commit", [True, False])
def test_kill_tells_each_thing_once(real, before_commit):
    assert real.run(FILL).returncode == 0
    assert real.run(KILLED.format(before_commit=before_commit)).returncode == -9

    once = (NUMBER, NUMBER, 1)
    assert real.run(AGAIN).stdout.strip() == f"{(0, 0, 0) if before_commit else once} {once}"
