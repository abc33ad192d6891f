"""No dead ends: from the first page each role gets to every page that it may open, and no link refuses it."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from tests.activities.build import make_activity
from tests.factories import make_referral
from tests.test_access_sweep import PEOPLE
from tests.urls import own
from wor.accounts.permissions import ROLE_PERMISSIONS

# Who comes to these without a link that is there from the first day.
NO_LINK_NEEDED = {
    *("draft_save", "refer_capacity", "refer_fill", "refer_known"),  # by a button of the form that they are part of
    *("assign_several", "order_report"),  # likewise, of a list or report that is not empty
    *("figure_words", "notices_read_all"),  # beside the report or the notices that they are about
    *("own_photo_remove", "socialaccount_connections"),  # once there is a photo, or a way to sign in of the region
}
# The same page of other rows says nothing new.
EACH_AT_MOST = 1


def walk(client) -> tuple[set[str], dict[str, int]]:
    """Every page that can be reached by links, each opened once; and the ones that refused, with their status."""
    seen, visited, refused, waiting = {"/"}, set[str](), {}, ["/"]
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if name in visited:
            continue
        visited.add(name)
        answer = client.get(path, follow=True)
        if answer.status_code != 200:
            refused[path] = answer.status_code
        visited |= {name_of(url) for url, _status in answer.redirect_chain}
        if answer.streaming or "text/html" not in answer["Content-Type"]:
            continue
        for link in re.findall(r'<a [^>]*?href="([^"#]+)', answer.content.decode()):
            address = urlsplit(path).path + link if link.startswith("?") else link
            if address.startswith("/") and not address.startswith(("/static/", "/r/")) and address not in seen:
                seen.add(address)
                waiting.append(address)
    return visited, refused


def name_of(path: str) -> str:
    return resolve(urlsplit(path).path).url_name or ""


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_each_role_reaches_every_page_it_may_open(world, client, person):
    make_referral(world, status="active")
    make_referral(world)
    make_activity(world.region)
    client.sign_in(getattr(world, person))

    visited, refused = walk(client)

    assert refused == {}, refused
    lost = [
        each.name
        for each in own()
        if each.access in ROLE_PERMISSIONS[PEOPLE[person]]
        and each.name not in visited | NO_LINK_NEEDED
        and client.get(each.path()).status_code == 200
    ]
    assert not lost, lost
