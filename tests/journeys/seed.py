"""Fills a journey's database with people who have a password and a real second factor; prints them as JSON.

Runs as a process of its own (``python -m tests.journeys.seed``), as wor_app, and commits.
"""

import json
import secrets
import sys
from base64 import b32encode

import django


def main() -> None:
    django.setup()
    from django.db import transaction

    from tests import factories

    with transaction.atomic():
        world = factories.make_world("rivierenland")
        people = {
            name: person(getattr(world, name))
            for name in ("referrer", "assistant", "coach", "second_coach", "coordinator", "core_team", "funder")
        }
        people["region_admin"] = person(world.region_admin)
        people["stranger_coach"] = person(world.stranger_coach)
        world_as_json = {
            "people": people,
            "practice": world.practice.name,
            "welfare": world.welfare.name,
            "problem": world.cell.problem.label,
        }
        make_lists(world)
    json.dump(world_as_json, sys.stdout)


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


if __name__ == "__main__":
    main()
