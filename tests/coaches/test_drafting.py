"""The draft of a terugkoppeling: three or four lines out of the log."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from coaches import services
from coaches.drafting import OUTCOMES, draft, fixed_sentence, not_reached_draft
from referrals.models import Referral, Status
from tests.coaches.parts import contact, reason, url
from tests.coaches.placing import make_placement
from tests.factories import make_client, make_referral


def test_first_draft_tells_what_was_explored_and_what_is_next(world, client):
    referral = make_referral(world, status=Status.ACCEPTED)
    services.hold_first_talk(referral, wish="mist vooral het zingen", key=uuid.uuid4(), by=world.coach)
    due_on = timezone.localdate() + dt.timedelta(days=7)
    services.add_action(
        referral, text="Donderdag samen naar de repetitie", due_on=due_on, key=uuid.uuid4(), by=world.coach
    )

    page = client.sign_in(world.coach).get(url("feedback", referral)).content.decode()

    assert "Kennisgemaakt op" in page
    assert "Mist vooral het zingen." in page
    assert "Afgesproken: Donderdag samen naar de repetitie." in page


def test_closing_draft_counts_the_talks(world, client):
    referral = make_referral(world, status=Status.ACTIVE, sent_days_ago=10)
    for days_ago in (9, 5, 1):
        contact(world, referral, kind="talk", days_ago=days_ago, line="Doet mee in de moestuin")

    page = client.sign_in(world.coach).get(url("close", referral)).content.decode()

    assert "3 gesprekken." in page
    assert "Doet mee in de moestuin." in page


def test_draft_leaves_mistakes_and_calls_to_the_practice_out(world, client):
    referral = make_referral(world, status=Status.ACTIVE)
    services.mark_contact_in_error(contact(world, referral, kind="talk", line="Van een ander"), by=world.coach)
    services.log_concern(referral, told_to="Kim", line="Zorgen om thuis", key=uuid.uuid4(), by=world.coach)

    page = client.sign_in(world.coach).get(url("feedback", referral)).content.decode()

    assert "Van een ander" not in page
    assert "Zorgen om thuis" not in page


def test_draft_names_what_the_client_thinks_about(world):
    referral = make_referral(world, status=Status.ACTIVE)
    placement = make_placement(world, referral)

    told = draft(referral, moment="intake", intake=None, contacts=[], to_do=[], placements=[placement])

    assert "Denkt na over Koor De Waalzangers." in told


def test_draft_fits_the_field():
    referral = Referral(status=Status.ACTIVE, first_talk_at=timezone.now())

    assert len(draft(referral, moment="intake", intake=None, contacts=[], to_do=[])) <= 1000


def test_not_reached_draft_says_what_was_tried():
    assert "Op 3 verschillende dagen" in not_reached_draft(Referral(attempts=3))


@pytest.mark.parametrize("code", OUTCOMES)
def test_every_outcome_has_a_fixed_sentence(world, code):
    client = make_client(world.practice, feedback_level="outcome")
    referral = make_referral(
        world, client=client, status=Status.COMPLETED, closing_reason=reason(world, "completed", code)
    )

    assert fixed_sentence(referral) == f"Deze begeleiding is afgerond. {OUTCOMES[code]}"


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.STOPPED, Status.NOT_STARTED])
def test_status_only_tells_no_outcome_and_no_reason(world, status):
    client = make_client(world.practice, feedback_level="status")

    sentence = fixed_sentence(make_referral(world, client=client, status=status))

    assert sentence.startswith("Afgesloten op ")
