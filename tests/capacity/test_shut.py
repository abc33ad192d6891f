"""A case whose content is shut is not divided, and not named."""

import pytest
from django.urls import reverse

from referrals import services
from referrals.models import Consent, Status
from tests.factories import make_client, make_referral

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("how", ["withdrawn", "mistake"])
def test_shut_case_is_not_shown_to_divide(client, world, how):
    person = make_client(world.practice, family_name="Dichtstra")
    referral = make_referral(world, client=person, status=Status.ACTIVE)
    if how == "withdrawn":
        services.withdraw_consent(referral, said_to=Consent.WithdrawnBy.PATIENT, by=world.referrer)
    else:
        services.entered_in_error(referral, by=world.referrer)
    client.sign_in(world.coordinator)

    answer = client.get(reverse("assign_one", args=[referral.reference]))

    assert answer.status_code == 404
    assert b"Dichtstra" not in answer.content
