"""Fills a journey's database with people who have a password and a real second factor; prints them as JSON.

Runs as a process of its own (``python -m tests.journeys.seed``), as wor_app, and commits.
"""

import json
import secrets
import sys
from base64 import b32encode

import django

NAMES = {
    "referrer": "Dr. Marieke Bosch",
    "assistant": "Tess van Loon",
    "coach": "Sanne de Wit",
    "second_coach": "Bram Peeters",
    "coordinator": "Karin Vos",
    "core_team": "Farid Aydin",
    "funder": "Ineke Jonker",
    "region_admin": "Joris Smits",
    "stranger_coach": "Lot Verhoeven",
}
PLACES = {
    "practice": "Huisartsenpraktijk De Brink",
    "other_practice": "Huisartsenpraktijk Dijkzicht",
    "welfare": "Sociaal Werk De Waard",
    "other_welfare": "Stichting Welzijn Dijkerveen",
}
# Title, when, and what is known of it.
ACTIVITIES = (
    {
        "title": "Koor De Waalzangers",
        "summary": "Samen zingen, ook als je geen noten leest. Na afloop koffie.",
        "schedule": "donderdag 14.00–16.00",
        "weekdays": [4],
        "day_parts": ["afternoon"],
        "place_name": "Buurthuis De Linde, grote zaal",
        "address": "Lindelaan 12",
        "postcode": "4002SA",
        "cost_cents": 250,
        "accessibility": ["wheelchair"],
        "languages": ["nl"],
        "how_to_join": "Bel Thea, of loop een keer binnen.",
        "walk_in": True,
    },
    {
        "title": "Eettafel aan de Singel",
        "summary": "Twee keer per week samen warm eten, gekookt door buurtgenoten.",
        "schedule": "dinsdag en vrijdag 17.30–19.00",
        "weekdays": [2, 5],
        "day_parts": ["evening"],
        "place_name": "Ontmoetingscentrum Singel",
        "address": "Singel 3",
        "postcode": "4001SB",
        "cost_cents": 600,
        "languages": ["nl", "tr"],
        "how_to_join": "Geef u een dag van tevoren op.",
    },
    {
        "title": "Wandelgroep Lindepark",
        "summary": "Een uur rustig wandelen, met een pauze op het bankje.",
        "schedule": "maandag 10.00–11.00",
        "weekdays": [1],
        "day_parts": ["morning"],
        "place_name": "Ingang Lindepark",
        "address": "Parkweg 1",
        "postcode": "4001SC",
        "cost_cents": 0,
        "languages": ["nl"],
        "how_to_join": "Gewoon komen.",
        "walk_in": True,
    },
)


def main() -> None:
    django.setup()
    from django.db import transaction

    from tests import factories
    from tests.journeys import past

    with transaction.atomic():
        world = factories.make_world("rivierenland")
        give_names(world)
        insurer = factories.make_organisation(world.region, "insurer", name="Zorgverzekeraar De Brug")
        health_insurer = factories.make_membership(insurer, "funder", display_name="Noor Postma")
        members = {name: getattr(world, name) for name in NAMES} | {"insurer": health_insurer}
        world_as_json = {
            "people": {name: person(membership) for name, membership in members.items()},
            "practice": world.practice.name,
            "welfare": world.welfare.name,
            "problem": world.cell.problem.label,
        }
        make_lists(world)
        retire_double(world.cell)
        past.make_past(world, make_map(world))
    json.dump(world_as_json, sys.stdout)


def give_names(world) -> None:
    """As they would stand on a real region's pages."""
    for name, words in NAMES.items():
        membership = getattr(world, name)
        membership.display_name = words
        membership.save()
    for name, words in PLACES.items():
        organisation = getattr(world, name)
        organisation.name = words
        organisation.save()
    town = world.funder.organisation
    town.name, town.municipality_code = "Gemeente Lindewaard", "GM9001"
    town.save()


def person(membership) -> dict[str, str]:
    """A password, and an authenticator app for who needs one."""
    from allauth.mfa.totp.internal.auth import TOTP

    from tests.factories import PASSWORD

    secret = b32encode(secrets.token_bytes(20)).decode()
    if membership.role not in ("core_team", "funder"):
        TOTP.activate(membership.user, secret)
    return {
        "email": membership.user.email,
        "password": PASSWORD,
        "secret": secret,
        "name": membership.display_name,
        "membership": str(membership.reference),
    }


def make_lists(world) -> None:
    """The lists that a region has on its first day."""
    from activities.examples import add_examples as add_map
    from referrals.examples import add_examples as add_reasons

    add_map(world.region)
    add_reasons(world.region)


def retire_double(cell) -> None:
    """The lists have the world's own choice too."""
    from django.utils import timezone

    for each in (cell, cell.target_group, cell.problem):
        each.retired_at = timezone.now()
        each.save()


def make_map(world) -> list:
    """Somewhere to go: a few activities on the sociale kaart, for who misses somebody and for who is alone."""
    from activities.models import TargetCell, Theme
    from tests.activities.build import make_activity, make_area, make_provider

    for pc4, latitude, longitude in (("4001", 51.899, 5.431), ("4002", 51.907, 5.445)):
        make_area(world.region, pc4, latitude, longitude)
    lonely = list(TargetCell.objects.in_use().filter(region=world.region, problem__code__in=("rouw", "weinig-contact")))
    theme = Theme.objects.get(region=world.region, code="zingeving")
    provider = make_provider(
        world.region, name="Buurthuis De Linde", contact_name="Thea", phone="0344000500", email="thea@linde.example"
    )
    return [
        make_activity(world.region, provider=provider, cells=lonely, themes=[theme], town="Lindewaard", **facts)
        for facts in ACTIVITIES
    ]


if __name__ == "__main__":
    main()
