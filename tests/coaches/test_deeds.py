"""Every deed by every wrong person, in every wrong state, and over a colleague's change. One table; all deeds in it."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.urls import get_resolver
from django.utils import timezone

from coaches.models import Action
from referrals.models import Feedback, Message, Referral, Status
from tests.coaches.parts import again, contact, events, form, logged, reason, url
from tests.coaches.placing import choir, make_placement
from tests.factories import make_consent, make_organisation, make_referral

S = Status


@dataclass(frozen=True)
class Deed:
    """One deed: from which statuses it can be done, what a page posts, and the event it leaves."""

    name: str
    event: str
    works: tuple[str, ...]
    wrong: tuple[str, ...] = (S.WITHDRAWN,)
    data: Callable = lambda world, referral: {}
    versioned: bool = True
    more: Callable = lambda world, referral: ()
    by: str = "coach"
    prepare: Callable = field(default=lambda world, referral: None)


def soon(days: int = 10) -> str:
    return (timezone.localdate() + dt.timedelta(days=days)).strftime("%d-%m-%Y")


def monday() -> str:
    day = timezone.localdate() + dt.timedelta(weeks=2)
    return (day - dt.timedelta(days=day.weekday())).isoformat()


def with_reason(kind: str, **fields):
    return lambda world, referral: {"reason": str(reason(world, kind).reference), **fields}


def a_contact(world, referral) -> tuple[uuid.UUID]:
    if referral.status in (S.SENT, S.WITHDRAWN):
        return (uuid.uuid4(),)
    return (contact(world, referral, result="no_answer").reference,)


def an_action(world, referral) -> tuple[uuid.UUID]:
    action = Action.objects.create(
        region=world.region,
        referral=referral,
        welfare_organisation=world.welfare,
        owner=world.coach,
        due_on=timezone.localdate(),
        text="Thea bellen",
        key=uuid.uuid4(),
    )
    return (action.reference,)


def a_question(world, referral) -> tuple[uuid.UUID]:
    question = Message.objects.create(
        region=world.region,
        referral=referral,
        side="practice",
        kind="question",
        by=world.referrer,
        body="Hoe gaat het?",
        key=uuid.uuid4(),
    )
    return (question.reference,)


def another_welfare(world, referral) -> dict:
    other = make_organisation(world.region, "welfare")
    return {"to": str(other.reference), "given_by_kind": "patient", "how": "phone", "given_on": soon(0), "agreed": "on"}


def an_activity(world, referral) -> tuple[uuid.UUID]:
    return (choir(world).reference,)


def a_placement(status: str = "proposed"):
    return lambda world, referral: (make_placement(world, referral, status).reference,)


def an_agreed_placement(world, referral) -> tuple[uuid.UUID]:
    placement = make_placement(world, referral, "introduced")
    make_consent(referral, provider=placement.activity.provider, kind="introduce")
    return (placement.reference,)


OPEN_AFTER_TALK = (S.ACTIVE, S.FOLLOW_UP)
DEEDS = [
    Deed("accept", "referral.accepted", (S.SENT,), (S.ACTIVE, S.COMPLETED)),
    Deed(
        "decline",
        "referral.declined",
        (S.SENT, S.ACCEPTED, S.WAITLISTED),
        (S.ACTIVE,),
        with_reason("declined", advice="Eerst POH-GGZ."),
    ),
    Deed(
        "waitlist",
        "referral.waitlisted",
        (S.SENT, S.ACCEPTED),
        (S.ACTIVE, S.COMPLETED),
        lambda world, referral: {"expected_week": monday()},
    ),
    Deed(
        "plan_talk",
        "talk.planned",
        (S.ACCEPTED, S.WAITLISTED, S.ACTIVE),
        (S.SENT, S.COMPLETED),
        lambda world, referral: {"day": soon(), "time": "10:00"},
    ),
    Deed(
        "name_coach",
        "referral.handed_over",
        (S.ACCEPTED, S.ACTIVE),
        (S.COMPLETED,),
        lambda world, referral: {"coach": str(world.second_coach.reference)},
    ),
    Deed(
        "log_contact",
        "contact.logged",
        (S.ACCEPTED, S.ACTIVE, S.COMPLETED),
        (S.SENT,),
        lambda world, referral: {"kind": "talk", "way": "phone", "result": "spoken"},
        versioned=False,
    ),
    Deed("contact_in_error", "contact.entered_in_error", (S.ACCEPTED,), (), versioned=False, more=a_contact),
    Deed(
        "first_talk",
        "intake.written",
        (S.ACCEPTED, S.WAITLISTED, S.ACTIVE),
        (S.SENT, S.COMPLETED),
        lambda world, referral: {"way": "home", "wish": "Weer zingen"},
        versioned=False,
    ),
    Deed(
        "add_action",
        "action.created",
        (S.ACTIVE,),
        (S.COMPLETED,),
        lambda world, referral: {"text": "Thea bellen", "due_on": soon()},
        versioned=False,
    ),
    Deed(
        "change_action",
        "action.changed",
        (S.ACTIVE,),
        (),
        lambda world, referral: {
            "text": "Thea schrijven",
            "due_on": soon(),
            "owner": str(world.second_coach.reference),
            "version": "0",
        },
        versioned=False,
        more=an_action,
    ),
    Deed("complete_action", "action.done", (S.ACTIVE,), (), versioned=False, more=an_action),
    Deed(
        "concern",
        "contact.logged",
        (S.SENT, S.ACTIVE),
        (),
        lambda world, referral: {"told_to": "Kim, assistente"},
        versioned=False,
    ),
    Deed(
        "feedback",
        "feedback.sent",
        (S.ACTIVE,),
        (S.SENT, S.COMPLETED),
        lambda world, referral: {"moment": "intake", "body": "Kennisgemaakt."},
        versioned=False,
    ),
    Deed(
        "ask",
        "question.asked",
        (S.SENT, S.ACTIVE),
        (S.WITHDRAWN,),
        lambda world, referral: {"body": "Is bellen goed?"},
        versioned=False,
    ),
    Deed(
        "answer",
        "question.answered",
        (S.ACTIVE,),
        (S.WITHDRAWN,),
        lambda world, referral: {"body": "Goed."},
        versioned=False,
        more=a_question,
    ),
    Deed(
        "pause",
        "referral.paused",
        (S.ACCEPTED, S.WAITLISTED, S.ACTIVE),
        (S.SENT, S.FOLLOW_UP, S.COMPLETED),
        with_reason("paused", until=soon(30), sentence="Eerst geldzorgen."),
    ),
    Deed(
        "propose",
        "placement.proposed",
        (S.ACCEPTED, S.ACTIVE, S.PAUSED),
        (S.SENT, S.COMPLETED, S.WITHDRAWN),
        versioned=False,
        more=an_activity,
    ),
    Deed("introduce", "placement.introduced", (S.ACTIVE,), (S.COMPLETED,), versioned=False, more=a_placement()),
    Deed(
        "withdraw_introduction",
        "introduction.withdrawn",
        (S.ACTIVE,),
        (S.COMPLETED,),
        versioned=False,
        more=an_agreed_placement,
    ),
    Deed("start_activity", "placement.started", (S.ACTIVE,), (S.COMPLETED,), versioned=False, more=a_placement()),
    Deed(
        "keep_going",
        "placement.continuing",
        (S.FOLLOW_UP,),
        (S.COMPLETED,),
        versioned=False,
        more=a_placement("started"),
    ),
    Deed(
        "stop_activity",
        "placement.stopped",
        (S.ACTIVE,),
        (S.COMPLETED,),
        with_reason("placement"),
        versioned=False,
        more=a_placement("started"),
    ),
    Deed("take_back", "placement.taken_back", (S.ACTIVE,), (S.COMPLETED,), versioned=False, more=a_placement()),
    Deed(
        "check_in",
        "contact.logged",
        (S.ACTIVE, S.FOLLOW_UP),
        (S.SENT, S.COMPLETED),
        lambda world, referral: {"result": "spoken"},
        versioned=False,
    ),
    Deed("resume", "referral.resumed", (S.PAUSED, S.FOLLOW_UP), (S.SENT, S.ACTIVE, S.COMPLETED)),
    Deed(
        "follow_up",
        "referral.follow_up_planned",
        OPEN_AFTER_TALK,
        (S.SENT, S.COMPLETED),
        lambda world, referral: {"on": soon(40)},
    ),
    Deed(
        "close",
        "referral.completed",
        OPEN_AFTER_TALK,
        (S.SENT, S.ACCEPTED, S.COMPLETED),
        with_reason("completed", sentence="Drie gesprekken."),
    ),
    Deed(
        "not_started",
        "referral.not_started",
        (S.SENT, S.ACCEPTED, S.WAITLISTED),
        (S.ACTIVE, S.COMPLETED),
        with_reason("not_started", sentence="Ziet ervan af."),
    ),
    Deed("reopen", "referral.reopened", (S.COMPLETED, S.STOPPED, S.NOT_STARTED), (S.SENT, S.ACTIVE, S.DECLINED)),
    Deed("transfer", "referral.transferred", (S.ACCEPTED, S.ACTIVE, S.PAUSED), (S.COMPLETED, S.SENT), another_welfare),
    Deed("recuse", "referral.recused", (S.SENT, S.ACTIVE, S.COMPLETED), ()),
    Deed("consent_withdrawn", "consent.withdrawn", (S.SENT, S.ACTIVE, S.PAUSED, S.COMPLETED), (), versioned=False),
    Deed("deceased", "client.deceased", (S.SENT, S.ACTIVE, S.PAUSED), (), versioned=False),
    Deed(
        "entered_in_error",
        "referral.entered_in_error",
        (S.SENT, S.ACTIVE),
        (S.COMPLETED,),
        versioned=False,
        by="coordinator",
    ),
]
EACH = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
WORKS = [pytest.param(deed, status, id=f"{deed.name}-{status}") for deed in DEEDS for status in deed.works]
WRONG = [pytest.param(deed, status, id=f"{deed.name}-{status}") for deed in DEEDS for status in deed.wrong]


def post(client, world, deed, referral, by=None, **fields):
    more = deed.more(world, referral)
    version = {"version": again(referral).version} if deed.versioned else {}
    if deed.name in ("first_talk", "introduce", "start_activity", "stop_activity"):
        version = {"version": 0}
    data = form(**{**version, **deed.data(world, referral), **fields})
    return client.sign_in(by or getattr(world, deed.by)).send(url(deed.name, referral, *more), data)


def test_every_deed_is_in_the_table():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("case_")}

    pages, elsewhere = {"case_agreed", "case_suggestions"}, {"case_report_gap"}  # a gap leaves nothing in the case
    assert names - pages - elsewhere == {f"case_{deed.name}" for deed in DEEDS}


@pytest.mark.parametrize(("deed", "status"), WORKS)
def test_deed_works(world, client, deed, status):
    referral = make_referral(world, status=status)

    answer = post(client, world, deed, referral)

    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert deed.event in events(referral)
    assert logged("change", referral) is not None


@pytest.mark.parametrize(("deed", "status"), WRONG)
def test_deed_in_wrong_state_is_refused(world, client, deed, status):
    referral = make_referral(world, status=status)

    answer = post(client, world, deed, referral)

    assert answer.status_code == 409
    assert again(referral).status == status
    assert deed.event not in events(referral)


@EACH
@pytest.mark.parametrize("role", ["referrer", "core_team", "funder", "region_admin"])
def test_deed_by_another_role_is_refused(world, client, deed, role):
    referral = make_referral(world, status=deed.works[0])

    answer = post(client, world, deed, referral, by=getattr(world, role))

    assert answer.status_code == 403
    assert deed.event not in events(referral)


# A coordinator's own deed is refused to the stranger before anything is read: that one is a coach.
@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.by == "coach"], ids=lambda deed: deed.name)
def test_deed_by_a_stranger_finds_nothing(world, client, deed):
    referral = make_referral(world, status=deed.works[0])

    answer = post(client, world, deed, referral, by=world.stranger_coach)

    assert answer.status_code == 404
    assert deed.event not in events(referral)


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.versioned], ids=lambda deed: deed.name)
def test_deed_over_a_colleagues_change_is_refused(world, client, deed):
    referral = make_referral(world, status=deed.works[0])
    Referral.objects.filter(pk=referral.pk).update(version=7)

    answer = post(client, world, deed, referral, version=6)

    assert answer.status_code == 409
    assert again(referral).status == deed.works[0]
    assert Feedback.objects.filter(referral=referral).count() == 0


@EACH
def test_deed_after_consent_was_withdrawn_is_refused(world, client, deed):
    referral = make_referral(world, status=deed.works[0])
    data = deed.more(world, referral)
    Referral.objects.filter(pk=referral.pk).update(consent_withdrawn_at=timezone.now())

    answer = client.sign_in(getattr(world, deed.by)).send(url(deed.name, referral, *data), form())

    assert answer.status_code == 403
    assert "toestemming ingetrokken" in answer.content.decode()
