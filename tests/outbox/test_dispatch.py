"""The relay: what is due goes out once, whatever fails on the way."""

import datetime as dt
import smtplib
import uuid

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from tests.factories import make_referral
from wor.calendar import AMSTERDAM
from wor.outbox import relay
from wor.outbox.models import Effect, Notice
from wor.outbox.services import mark_read, notify

K = Notice.Kind
MINUTE = dt.timedelta(minutes=1)
WEEK = dt.timedelta(days=7)  # longer than any digest waits


@pytest.fixture
def referral(world):
    return make_referral(world)


def tell_coach(world, referral, kind=K.NEW_REFERRAL):
    notify(kind, referral, [world.coach], by=world.referrer)
    return Effect.objects.latest("pk")


def fail_with(monkeypatch, error):
    def send_messages(self, email_messages):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)


def test_dispatch_sends_what_is_due(world, referral):
    effect = tell_coach(world, referral)

    assert relay.dispatch() == 1
    assert relay.dispatch() == 0

    (sent,) = mail.outbox
    assert sent.to == [world.coach.user.email]
    assert f"/ga/{world.coach.reference}/?next=%2Fberichten%2F" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    effect.refresh_from_db()
    assert effect.done_at
    assert effect.sending_at


def test_dispatch_says_nothing_about_what_was_read_already(world, referral):
    effect = tell_coach(world, referral)
    mark_read(world.coach, subject_ref=referral.reference)

    relay.dispatch()

    effect.refresh_from_db()
    assert mail.outbox == []
    assert effect.done_at


@pytest.mark.parametrize("how", ["ended", "past", "account"])
def test_dispatch_leaves_alone_who_does_not_work_here_any_more(world, referral, how):
    tell_coach(world, referral)
    if how == "ended":
        type(world.coach).objects.filter(pk=world.coach.pk).update(ended_at=timezone.now())
    if how == "past":
        type(world.coach).objects.filter(pk=world.coach.pk).update(valid_until=timezone.localdate() - dt.timedelta(1))
    if how == "account":
        type(world.coach.user).objects.filter(pk=world.coach.user_id).update(is_active=False)

    relay.dispatch()

    assert mail.outbox == []


def test_dispatch_merges_what_waits_for_one_person(world, referral):
    for kind in (K.FEEDBACK, K.WITHDRAWN, K.COACH_ABSENT):
        notify(kind, referral, [world.referrer], by=world.coach)

    relay.dispatch()
    assert mail.outbox == []

    relay.dispatch(now=timezone.now() + WEEK)
    assert [each.to for each in mail.outbox] == [[world.referrer.user.email]]
    assert Effect.objects.filter(done_at__isnull=True).count() == 0


def test_dispatch_takes_along_what_came_after_the_first(world, referral):
    notify(K.FEEDBACK, referral, [world.referrer], by=world.coach)
    Effect.objects.update(not_before=timezone.now() - MINUTE)
    notify(K.QUESTION, referral, [world.referrer], by=world.coach)

    assert relay.dispatch() == 1
    assert Effect.objects.filter(done_at__isnull=True).count() == 0


def test_dispatch_mails_the_practice_once_a_day_at_the_hour_of_the_region(world, referral, monkeypatch):
    world.coach.region.settings = {"news_hour": 11}
    friday_noon = dt.datetime(2026, 11, 20, 12, tzinfo=AMSTERDAM)
    monkeypatch.setattr(timezone, "now", lambda: friday_noon)

    notify(K.FEEDBACK, referral, [world.referrer], by=world.coach)
    notify(K.FEEDBACK, make_referral(world), [world.referrer], by=world.coach)

    assert relay.dispatch(now=dt.datetime(2026, 11, 23, 10, 59, tzinfo=AMSTERDAM)) == 0
    assert relay.dispatch(now=dt.datetime(2026, 11, 23, 11, 1, tzinfo=AMSTERDAM)) == 1


def test_dispatch_mails_the_contact_point_for_the_whole_practice(world, referral):
    world.assistant.is_contact_point = True

    notify(K.FEEDBACK, referral, [world.referrer, world.assistant], by=world.coach)
    relay.dispatch(now=timezone.now() + WEEK)

    assert [each.to for each in mail.outbox] == [[world.assistant.user.email]]
    assert Notice.objects.filter(membership__in=[world.referrer, world.assistant]).count() == 2


@pytest.mark.parametrize("kind", [K.QUESTION, K.DECLINED, K.DECEASED, K.CAPACITY_OPEN])
def test_dispatch_tells_everybody_concerned_at_once_what_cannot_wait(world, referral, kind):
    world.assistant.is_contact_point = True

    notify(kind, referral, [world.referrer, world.assistant], by=world.coach)
    relay.dispatch()

    assert {each.to[0] for each in mail.outbox} == {world.referrer.user.email, world.assistant.user.email}


def test_dispatch_again_after_a_crash_keeps_the_message_id(world, referral, monkeypatch):
    tell_coach(world, referral)
    monkeypatch.setattr(EmailBackend, "send_messages", lambda self, messages: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        relay.dispatch()
    monkeypatch.undo()
    promised = Effect.objects.get().message_id

    assert relay.dispatch(now=timezone.now() + MINUTE / 3) == 0
    tell_coach(world, referral, K.SUPPLEMENTED)
    assert relay.dispatch(now=timezone.now() + 6 * MINUTE) == 2

    assert [each.extra_headers["Message-ID"] for each in mail.outbox].count(promised) == 1
    assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == 2


def test_message_id_is_fixed_by_the_effect_and_says_nothing(world, referral):
    effect = tell_coach(world, referral)

    assert relay._message_id(effect) == relay._message_id(Effect.objects.get())
    assert str(effect.subject_ref) not in relay._message_id(effect)


def test_dispatch_when_the_server_is_away_loses_nothing_and_counts_nothing(world, referral, monkeypatch):
    for _each in range(3):
        tell_coach(world, make_referral(world))
    fail_with(monkeypatch, ConnectionRefusedError())
    assert relay.dispatch() == 0
    monkeypatch.undo()

    assert relay.dispatch(now=timezone.now() + dt.timedelta(seconds=59)) >= 1
    assert Effect.objects.filter(done_at__isnull=True).count() == 0
    assert set(Effect.objects.values_list("attempts", flat=True)) == {0}


def test_dispatch_refused_waits_longer_each_time_and_then_tells_the_administrator(world, referral, monkeypatch):
    effect = tell_coach(world, referral)
    fail_with(monkeypatch, smtplib.SMTPRecipientsRefused({"x@test.example": (550, b"unknown")}))
    now, waits = timezone.now(), []

    for _each in range(relay.ATTEMPTS):
        relay.dispatch(now=now)
        effect.refresh_from_db()
        waits.append(round((effect.not_before - timezone.now()) / MINUTE))
        now = effect.not_before + MINUTE
    assert waits[:5] == [1, 4, 16, 64, 256]
    assert effect.failed_at
    assert not effect.done_at

    notice = Notice.objects.get(kind=K.FAILED)
    assert notice.membership == world.region_admin
    assert relay.dispatch(now=now + 1000 * MINUTE) == 0


def test_dispatch_goes_on_after_one_refused_mail(world, referral, monkeypatch):
    tell_coach(world, referral)
    notify(K.NEW_REFERRAL, referral, [world.second_coach], by=world.referrer)
    send = EmailBackend.send_messages

    def choosy(self, messages):
        if messages[0].to == [world.coach.user.email]:
            raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"unknown")})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", choosy)

    assert relay.dispatch() == 1
    assert mail.outbox[0].to == [world.second_coach.user.email]


def test_dispatch_is_not_stopped_by_one_mail_that_cannot_be_made(world, referral, monkeypatch):
    def broken(effects):
        raise ValueError("kapot")

    monkeypatch.setitem(relay._makers, "broken", (broken, False))
    Effect.objects.create(kind="broken", region_id=world.region.pk, subject_ref=uuid.uuid4())
    tell_coach(world, referral)

    assert relay.dispatch() == 1
    assert Effect.objects.get(kind="broken").attempts == 1


def test_dispatch_gives_every_region_a_fair_part(world, elsewhere, monkeypatch):
    for _each in range(5):
        Effect.objects.create(kind="notice", region_id=world.region.pk, subject_ref=uuid.uuid4())
    late = Effect.objects.create(kind="notice", region_id=elsewhere.region.pk, subject_ref=uuid.uuid4())
    monkeypatch.setattr(relay, "PER_TURN", 2)

    assert late.pk in relay._due(timezone.now() + MINUTE)


def test_dispatch_counts_what_it_asks_the_database(world, referral, django_assert_max_num_queries):
    tell_coach(world, referral)

    with django_assert_max_num_queries(18):
        relay.dispatch()
