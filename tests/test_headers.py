"""Headers that every answer carries, whoever gives it: a page, an error, a redirect, a static file."""

from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.django_db
ALWAYS = {
    "Content-Security-Policy": "default-src 'none'",
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
ANSWERS = {
    "page": ("/aanmelden/", 200),
    "static file": ("/static/css/app.css", 200),
    "missing static file": ("/static/css/none.css", 404),
    "missing page": ("/bestaat-niet/", 404),
    "no such region": ("/r/%00/", 404),
    "redirect": ("/", 302),
    "to sign in": ("/verwijzingen/", 302),
    "not this method": ("/csp-melding/", 405),
    "health": ("/healthz", 200),
}


def carries_all(answer) -> None:
    for name, part in ALWAYS.items():
        assert part in answer.headers.get(name, ""), name


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_carries_them(client, settings, what):
    settings.WHITENOISE_USE_FINDERS = True
    path, status = ANSWERS[what]

    answer = client.get(path)

    assert answer.status_code == status
    carries_all(answer)
    assert path.startswith("/static/") or "no-store" in answer.headers["Cache-Control"]


def test_redirect_to_https_carries_them(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/aanmelden/")

    assert answer.status_code == 301
    carries_all(answer)


def test_error_of_ours_carries_them(client, monkeypatch):
    monkeypatch.setattr("wor.accounts.middleware.Region.objects", None)
    client.raise_request_exception = False

    answer = client.get("/r/rivierenland/")

    assert answer.status_code == 500
    carries_all(answer)


def test_wrong_host_is_refused_with_them(client):
    answer = client.get("/aanmelden/", headers={"Host": "elders.example"})

    assert answer.status_code == 400
    carries_all(answer)


def test_body_beyond_the_largest_file_is_refused_unread(client):
    answer = client.post("/aanmelden/", {"login": "a"}, CONTENT_LENGTH=str(6 * 1024 * 1024))

    assert answer.status_code == 413
    assert "te groot" in answer.content.decode()
    carries_all(answer)


@pytest.mark.parametrize("how", ["urlencoded", "multipart"])
def test_text_beyond_a_megabyte_is_refused_with_the_reason(client, how):
    fields = {"login": "a", "text": "x" * 2 * 1024 * 1024}

    if how == "multipart":
        answer = client.post("/aanmelden/", fields)
    else:
        answer = client.post("/aanmelden/", urlencode(fields), "application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert "te groot" in answer.content.decode()
    carries_all(answer)


@pytest.mark.parametrize("name", ["sessie", "csrf", "taal"])
def test_cookie_of_nonsense_is_no_error(client, name):
    client.cookies[name] = "\x00" * 40

    assert client.get("/aanmelden/").status_code == 200
