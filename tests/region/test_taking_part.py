"""Wie doet mee: parties, numbers, and whom to ask."""

import pytest
from django.urls import reverse

from tests.counting import sql_at_most


@pytest.mark.parametrize("who", ["core_team", "funder"])
def test_taking_part_shows_parties_numbers_and_contact_points(client, world, who):
    world.coordinator.is_contact_point = True
    world.coordinator.save()

    page = client.sign_in(getattr(world, who)).get(reverse("taking_part")).content.decode()

    assert world.practice.name in page
    assert "2 welzijnscoaches" in page
    assert world.coordinator.display_name in page


def test_taking_part_names_nobody_but_contact_points(client, world):
    page = client.sign_in(world.funder).get(reverse("taking_part")).content.decode()

    for person in (world.coach, world.referrer, world.region_admin):
        assert f">{person.display_name}<" not in page
        assert f" {person.display_name}</p>" not in page


@pytest.mark.parametrize("who", ["referrer", "coach", "coordinator", "region_admin"])
def test_taking_part_is_for_kernteam_and_funders(client, world, who):
    assert client.sign_in(getattr(world, who)).get(reverse("taking_part")).status_code == 403


def test_taking_part_counts_its_queries(client, world):
    client.sign_in(world.funder).get(reverse("taking_part"))
    with sql_at_most(12):
        client.get(reverse("taking_part"))
