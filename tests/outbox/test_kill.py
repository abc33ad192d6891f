"""kill -9 of the worker in the middle of sending: no mail is lost."""

import email
import os
from collections import Counter

import pytest

from tests.real import real_database

PEOPLE = 6

FILL = f"""
    from django.db import transaction
    from tests import factories
    from wor.outbox.services import notify
    with transaction.atomic():
        world = factories.make_world("rivierenland")
        referral = factories.make_referral(world)
        for _each in range({PEOPLE}):
            notify("referral_new", referral, [factories.make_membership(world.welfare, "coach")], by=world.referrer)
"""
# Dies at the third mail: before it was handed over, or after.
KILLED = """
    import os, signal
    from wor.outbox import relay
    hand_over, count = relay._hand_over, 0
    def die(claim, connection):
        global count
        count += 1
        if count == 3:
            if {after}:
                hand_over(claim, connection)
            os.kill(os.getpid(), signal.SIGKILL)
        hand_over(claim, connection)
    relay._hand_over = die
    relay.dispatch()
"""
DISPATCH = """
    import datetime as dt
    from django.utils import timezone
    from wor.outbox import relay
    from wor.outbox.models import Effect
    relay.SECONDS_PER_TURN = 60
    relay.dispatch(now=timezone.now() + dt.timedelta(minutes={minutes}))
    print(Effect.objects.filter(done_at__isnull=True).count())
"""


@pytest.fixture
def real(django_db_setup, django_db_blocker, tmp_path):
    suffix = f"{os.environ.get('TEST_DB_SUFFIX', 'x')}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock(), real_database(f"wor_real_{suffix}", tmp_path) as found:
        yield found


def sent(folder) -> list[tuple[str, str]]:
    """Address and Message-ID of each mail that was handed over."""
    texts = [part for path in folder.glob("*.log") for part in path.read_text().split("-" * 79)]
    mails = [email.message_from_string(text.strip()) for text in texts if text.strip()]
    return [(mail["To"], mail["Message-ID"]) for mail in mails]


@pytest.mark.parametrize("after", [False, True], ids=["before-sending", "after-sending"])
def test_kill_loses_no_mail_and_doubles_none_but_under_the_same_id(real, tmp_path, after):
    assert real.run(FILL).returncode == 0
    assert real.run(KILLED.format(after=after)).returncode == -9

    assert real.run(DISPATCH.format(minutes=0)).stdout.strip() == "1"
    assert real.run(DISPATCH.format(minutes=6)).stdout.strip() == "0"

    mails = sent(tmp_path)
    assert len({address for address, _id in mails}) == PEOPLE
    assert len({message_id for _address, message_id in mails}) == PEOPLE
    assert max(Counter(mails).values()) == (2 if after else 1)
