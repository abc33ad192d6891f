"""Signing in through a region's own OpenID Connect provider. The provider is a pair of functions here: no network."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount

from tests.accounts.people import add_app, code, type_password
from tests.factories import make_user
from wor.accounts import outgoing, services
from wor.accounts.models import IdentityProvider, User
from wor.errors import DomainError
from wor.outbox.models import Effect

ISSUER = "https://inloggen.example"
DISCOVERY = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/keys",
    "token_endpoint_auth_methods_supported": ["client_secret_post"],
}
PATH = "/aanmelden/via/rivierenland/"


class FakeProvider:
    """Answers what a provider would; ``person`` is who signs in there."""

    def __init__(self):
        self.person = {"sub": "abc-123", "email": "iemand@inloggen.example", "name": "Iemand"}
        self.posted: dict = {}

    def __call__(self, method, url, **kwargs):
        answer = requests.Response()
        answer.status_code, answer.headers["Content-Type"] = 200, "application/json"
        body = {"/token": {"access_token": "t", "token_type": "Bearer"}, "/userinfo": self.person}
        if url.endswith("/token"):
            self.posted = kwargs.get("data") or {}
        answer._content = json.dumps(body.get(urlsplit(url).path, DISCOVERY)).encode()
        return answer


@pytest.fixture
def provider(world, monkeypatch):
    services.set_identity_provider(
        world.region,
        name="Zorgaccount",
        issuer=ISSUER,
        client_id="wor",
        secret="een geheim van de aanbieder",
        by=world.region_admin,
    )
    fake = FakeProvider()
    monkeypatch.setattr(requests.Session, "request", lambda self, method, url, **kwargs: fake(method, url, **kwargs))
    return fake


def through(client, **data):
    """To the provider and back."""
    sent = client.post(PATH, data)
    query = parse_qs(urlsplit(sent["Location"]).query)
    return client.get(f"{PATH}terug/", {"code": "c", "state": query["state"][0]})


def link(client, membership):
    add_app(membership.user)
    type_password(client, membership.user.email)
    client.post("/aanmelden/tweede-stap/", {"code": code()})
    return through(client, process="connect")


def test_provider_page_may_send_its_form_to_the_provider_only(provider, client):
    answer = client.get(PATH)

    assert "Verder naar Zorgaccount" in answer.content.decode()
    assert f"form-action 'self' {ISSUER};" in answer["Content-Security-Policy"] + ";"
    assert ISSUER not in client.get("/aanmelden/")["Content-Security-Policy"]


def test_provider_gets_a_state_and_a_code_challenge(provider, client):
    answer = client.post(PATH)

    query = parse_qs(urlsplit(answer["Location"]).query)
    assert answer["Location"].startswith(f"{ISSUER}/authorize?")
    assert query["redirect_uri"] == [f"http://testserver{PATH}terug/"]
    assert query["code_challenge_method"] == ["S256"]
    assert "openid" in query["scope"][0]


def test_provider_opens_no_account_for_somebody_unknown(provider, client):
    answer = through(client)

    assert "nog niet gekoppeld" in answer.content.decode()
    assert not User.objects.filter(email=provider.person["email"]).exists()
    assert "_auth_user_id" not in client.session


def test_provider_does_not_open_an_account_with_the_same_address(provider, world, client):
    provider.person["email"] = world.coach.user.email
    provider.person["email_verified"] = True

    through(client)

    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_connect_then_sign_in_with_the_second_step(provider, world, client):
    assert link(client, world.coach)["Location"] == "/account/koppeling/"
    linked = SocialAccount.objects.get(user=world.coach.user)
    assert (linked.provider, linked.uid, linked.extra_data) == ("rivierenland", "abc-123", {})
    assert "Ontkoppelen" in client.get("/account/koppeling/").content.decode()
    client.post("/afmelden/")

    assert through(client)["Location"] == "/aanmelden/tweede-stap/"

    linked.refresh_from_db()
    assert linked.extra_data == {}


def test_connect_asks_who_you_are_again(provider, world, client):
    client.sign_in(world.coach)

    answer = client.get(PATH, {"process": "connect"})

    assert answer["Location"].startswith("/account/bevestigen/")


def test_connect_is_refused_to_who_does_not_work_in_the_region(provider, world, elsewhere, client):
    answer = link(client, elsewhere.coach)

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_provider_is_closed_to_whose_role_ended(provider, world, client):
    link(client, world.coach)
    client.post("/afmelden/")
    services.end_membership(world.coach, by=world.region_admin)

    assert through(client).status_code == 403
    assert "_auth_user_id" not in client.session


def test_disconnect(provider, world, client):
    link(client, world.coach)

    client.post("/account/koppeling/", {"provider": "rivierenland"})

    assert not SocialAccount.objects.exists()
    assert client.post("/account/koppeling/", {"provider": "rivierenland"}).status_code == 404


def test_a_state_that_was_not_given_out_is_refused(provider, client):
    answer = client.get(f"{PATH}terug/", {"code": "c", "state": "verzonnen"})

    assert answer.status_code == 401
    assert "Aanmelden lukte niet" in answer.content.decode()


def test_a_provider_that_fails_says_so(provider, client, monkeypatch):
    def broken(*args, **kwargs):
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", broken)

    answer = client.post(PATH)

    assert answer.status_code == 401
    assert "Aanmelden lukte niet" in answer.content.decode()


@pytest.mark.parametrize("slug", ["heideland", "nergens", "openid_connect", "google"])
def test_a_region_without_provider_has_no_such_page(provider, elsewhere, client, slug):
    assert client.get(f"/aanmelden/via/{slug}/").status_code == 404
    assert client.get(f"/aanmelden/via/{slug}/terug/").status_code == 404


def test_a_provider_that_is_off_has_no_such_page(provider, client):
    IdentityProvider.objects.update(is_active=False)

    assert client.get(PATH).status_code == 404


def test_another_issuer_opens_no_account_that_was_connected_before(provider, world, client):
    """Else an administrator could put up a provider of their own that says to be anybody."""
    link(client, world.coach)
    client.post("/afmelden/")
    facts = {"name": "Van mij", "client_id": "wor", "by": world.region_admin}
    services.set_identity_provider(world.region, issuer=ISSUER, **facts)
    assert SocialAccount.objects.count() == 1  # the same issuer: nothing changes

    services.set_identity_provider(world.region, issuer="https://van-mij.example", **facts)

    assert "nog niet gekoppeld" in through(client).content.decode()
    assert not SocialAccount.objects.exists()
    assert Effect.objects.filter(kind="sign_in_changed", recipient_user_id=world.coach.user_id).exists()


def test_the_secret_is_stored_encrypted_and_kept_when_left_empty(provider, world):
    stored = IdentityProvider.objects.get()
    assert "geheim" not in stored.secret_encrypted

    services.set_identity_provider(world.region, name="Anders", issuer=ISSUER, client_id="wor", by=world.region_admin)

    assert IdentityProvider.objects.get().secret_encrypted == stored.secret_encrypted


@pytest.mark.parametrize("issuer", ["http://inloggen.example", "ftp://x", "https://", "javascript:alert(1)"])
def test_an_issuer_without_https_is_refused(world, issuer):
    with pytest.raises(DomainError, match="https"):
        services.set_identity_provider(
            world.region, name="X", issuer=issuer, client_id="y", secret="z", by=world.region_admin
        )


class Resolver:
    """Answers a name with the next of these addresses, and keeps whereto a connection was asked."""

    def __init__(self, monkeypatch, *answers):
        self.answers, self.asked, self.called = list(answers), 0, []
        monkeypatch.setattr(outgoing.socket, "getaddrinfo", self.resolve)
        monkeypatch.setattr(outgoing, "create_connection", self.connect)

    def resolve(self, host, port, **kwargs):
        found = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(2, 1, 6, "", (each, port)) for each in found]

    def connect(self, address, *args):
        self.called.append(address)
        raise OSError("no network in a test")


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "fe80::1%eth0", "::ffff:10.0.0.1", "100.64.0.1"]
)
def test_a_name_that_leads_to_a_private_address_is_never_called(monkeypatch, address):
    resolver = Resolver(monkeypatch, ["8.8.8.8", address])

    with pytest.raises(requests.ConnectionError):
        outgoing.PublicSession().get("https://inloggen.example/")

    assert resolver.called == []


def test_a_name_is_looked_up_once_and_what_was_judged_is_called(monkeypatch):
    """A name that is public when it is judged and private a moment later (DNS rebinding) leads nowhere else."""
    resolver = Resolver(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])

    with pytest.raises(requests.ConnectionError):
        outgoing.PublicSession().get("https://inloggen.example:8443/")

    assert (resolver.asked, resolver.called) == (1, [("8.8.8.8", 8443)])


@pytest.mark.parametrize("url", ["http://inloggen.example/", "ftp://inloggen.example/", "file:///etc/passwd"])
def test_only_https_is_called(monkeypatch, url):
    resolver = Resolver(monkeypatch, ["8.8.8.8"])

    with pytest.raises(requests.RequestException):
        outgoing.PublicSession().get(url)

    assert resolver.asked == 0


def test_a_proxy_from_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.1:3128")
    resolver = Resolver(monkeypatch, ["8.8.8.8"])

    with pytest.raises(requests.ConnectionError):
        outgoing.PublicSession().get("https://inloggen.example/")

    assert resolver.called == [("8.8.8.8", 443)]


def test_make_user_is_not_signed_in_by_a_provider_of_another_region(provider, world, elsewhere, client):
    stranger = make_user()
    SocialAccount.objects.create(user=stranger, provider="rivierenland", uid="abc-123")

    assert through(client).status_code == 403
