"""The provider's link: asked by mail, answered without an account, seen and perhaps put back by a moderator."""

import datetime as dt
import re
import uuid

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from activities import links, services
from activities.models import Activity, ActivityIndex, Provider, ProviderAnswer, ProviderLink
from activities.reminders import CONFIRM_MAIL
from tests.activities.build import make_activity, make_provider
from tests.test_logs import log  # noqa: F401 - a fixture
from wor.audit.models import Event
from wor.errors import DomainError
from wor.outbox import relay
from wor.outbox.models import Effect, Reminder
from wor.outbox.services import enqueue
from wor.tenancy.context import open_region
from wor.tenancy.models import Organisation

CANARY = "Kanarievogel"
ANSWERS = "/beheer/sociale-kaart/antwoorden/"


@pytest.fixture
def provider(world) -> Provider:
    cache.clear()
    Organisation.objects.create(region=world.region, kind="support", name="Regio", phone="0344612345")
    return make_provider(world.region, name="Zang", email="zang@test.example", contact_name=CANARY)


@pytest.fixture
def koor(world, provider) -> Activity:
    return make_activity(world.region, "Koor", months=8, status="stale", provider=provider, place_name="Dorpshuis")


@pytest.fixture
def path(world, koor) -> str:
    """The address in the mail that a moderator had sent."""
    links.ask(koor.provider, key=uuid.uuid4(), by=world.coordinator)
    return sent_path()


def sent_path() -> str:
    relay.dispatch()
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]


def filled(client, path: str, **answers) -> dict:
    """What the browser sends when nothing is changed, with these answers and edits by activity title."""
    page = client.get(path).content.decode()
    sent: dict = {"activity": []}
    for tag in re.findall(r"<(?:input|textarea)[^>]*>", page):
        given = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if given.get("name") == "activity":
            sent["activity"].append(given["value"])
        elif given.get("name") and given.get("type") not in ("radio", "checkbox", "submit"):
            sent[given["name"]] = given.get("value", "")
    for title, fields in answers.items():
        entry = Activity.objects.get(title=title)
        for name, text in fields.items():
            sent[f"a{entry.reference.hex}-{name}"] = text
    return sent


# Asking


def test_ask_mails_a_link_and_nothing_else(world, client, provider, koor):
    client.sign_in(world.coordinator)
    form = {"key": str(uuid.uuid4())}

    for _turn in range(2):
        client.send(f"/beheer/sociale-kaart/aanbieders/{provider.reference}/vragen/", form)
    relay.dispatch()

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("Klopt dit nog?", ["zang@test.example"])
    assert sent.body.count("http") == 1
    for canary in (CANARY, "Koor", "Zang", str(provider.reference)):
        assert canary not in sent.message().as_string().replace("zang@test.example", "")
    token = sent_path().rstrip("/").rpartition("/")[2]
    link = ProviderLink.objects.get()
    assert len(token) == 43
    assert (link.token_hash, link.used_at) == (links.hash_of(token), None)
    assert token not in str(list(ProviderLink.objects.values())) + str(list(Effect.objects.values()))


def test_ask_needs_an_address_and_something_to_ask_about(world, koor):
    by = {"by": world.coordinator}
    links.ask(koor.provider, key=uuid.uuid4(), **by)
    with pytest.raises(DomainError, match="vandaag al"):
        links.ask(koor.provider, key=uuid.uuid4(), **by)
    with pytest.raises(DomainError, match="geen zichtbare"):
        links.ask(make_provider(world.region, email="a@test.example"), key=uuid.uuid4(), **by)
    with pytest.raises(DomainError, match="Bel om"):
        links.ask(make_provider(world.region), key=uuid.uuid4(), **by)


def test_provider_without_address_is_called(world, client):
    provider = make_provider(world.region, phone="0344612345")
    page = client.sign_in(world.coordinator).get(f"/beheer/sociale-kaart/aanbieders/{provider.reference}/vragen/")

    assert "Bel om na te vragen" in page.content.decode()
    assert "tel:0344612345" in page.content.decode()
    assert "Vraag versturen" not in page.content.decode()


def test_reminder_becomes_the_same_mail_once(world, koor):
    reminder = Reminder.objects.create(
        region=world.region, kind="confirm_activity", subject_type="provider", due_at=timezone.now(),
        subject_ref=koor.provider.reference,
    )  # fmt: skip
    enqueue(CONFIRM_MAIL, reminder.reference, region_id=world.region.pk)

    path = sent_path()
    Effect.objects.update(done_at=None, sending_at=None)
    relay.dispatch()

    assert path.startswith("/r/rivierenland/a/")
    assert ProviderLink.objects.count() == 1


def test_reminder_is_silent_after_a_moderator_asked(world, koor, path):
    reminder = Reminder.objects.create(
        region=world.region, kind="confirm_activity", subject_type="provider", due_at=timezone.now(),
        subject_ref=koor.provider.reference,
    )  # fmt: skip
    enqueue(CONFIRM_MAIL, reminder.reference, region_id=world.region.pk)
    relay.dispatch()

    assert len(mail.outbox) == 1


# Looking


def test_looking_changes_nothing_and_sets_no_cookie(client, koor, path):
    before = list(Activity.objects.values()), list(ProviderLink.objects.values()), Event.objects.count()

    for _turn in range(5):
        client.head(path)
        answer = client.get(path)

    assert (list(Activity.objects.values()), list(ProviderLink.objects.values()), Event.objects.count()) == before
    assert answer.status_code == 200
    assert "Laatst bevestigd op" in answer.content.decode()
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_what_does_not_work_looks_the_same(world, elsewhere, client, koor, path):
    def body(asked: str, answer=None) -> str:
        answer = answer or client.get(asked)
        assert answer.status_code == 404
        assert "0344 612 345" in answer.content.decode()
        assert answer["Referrer-Policy"] == "strict-origin"
        return answer.content.decode().replace(asked, "")

    unknown = body("/r/rivierenland/a/iets/")
    now = timezone.now()
    closed = ({"used_at": now}, {"revoked_at": now}, {"expires_at": now - dt.timedelta(minutes=1)})
    for change in closed:
        ProviderLink.objects.update(**{"used_at": None, "revoked_at": None, "expires_at": now + links.VALID} | change)
        assert body(path) == unknown
    ProviderLink.objects.update(used_at=None, revoked_at=None, expires_at=now + links.VALID)
    assert client.get(path).status_code == 200
    assert client.get(path.replace("rivierenland", "heideland")).status_code == 404
    assert client.get(path.replace("rivierenland", "nergens")).status_code == 404


def test_too_many_requests_wait(client, koor, path):
    answers = [client.get("/r/rivierenland/a/raden/").status_code for _turn in range(61)]

    assert answers[-1] == 429
    assert set(answers[:-1]) == {404}


def test_moderator_revokes_and_a_new_address_closes_the_old_link(world, client, koor, path):
    client.sign_in(world.coordinator)
    client.send(f"/beheer/sociale-kaart/aanbieders/{koor.provider.reference}/intrekken/")
    assert client.get(path).status_code == 404

    ProviderLink.objects.update(revoked_at=None)
    services.change_provider(koor.provider, version=0, by=world.coordinator, email="nieuw@test.example")
    assert client.get(path).status_code == 404


# Answering


def test_fine_confirms_by_the_provider_and_consumes_the_link(client, koor, path):
    answer = client.post(path, filled(client, path, Koor={"answer": "fine"}))

    koor.refresh_from_db()
    assert answer["Location"] == "/r/rivierenland/a/bedankt/"
    assert "Dank u wel" in client.get(answer["Location"]).content.decode()
    assert (koor.status, koor.checked_by_kind, koor.checked_by) == ("live", "provider", None)
    assert timezone.now() - koor.checked_at < dt.timedelta(minutes=1)
    assert client.get(path).status_code == 404
    assert not ProviderAnswer.objects.exists()


def test_sent_twice_is_thanked_twice_and_done_once(client, koor, path):
    sent = filled(client, path, Koor={"answer": "changed", "schedule": "vrijdag 20.00"})
    other = filled(client, path, Koor={"answer": "gone"})

    first, second = client.post(path, sent), client.post(path, sent)

    assert first["Location"] == second["Location"]
    assert ProviderAnswer.objects.count() == 1
    assert client.post(path, other).status_code == 404


def test_correct_is_found_at_once_and_moderator_sees_old_and_new(world, client, koor, path):
    edits = {"schedule": "vrijdag 20.00", "cost_cents": "€ 2,50", "contact_phone": "06 1234 5678"}
    client.post(path, filled(client, path, Koor={"answer": "changed", **edits}))

    koor.refresh_from_db()
    assert (koor.schedule, koor.cost_cents, koor.contact_phone) == ("vrijdag 20.00", 250, "0612345678")
    assert ActivityIndex.objects.filter(activity_id=koor.pk, cost_cents=250).exists()
    page = client.sign_in(world.coordinator).get(ANSWERS).content.decode()
    assert "dinsdag 10.00–11.00</del>" in page
    assert "vrijdag 20.00</ins>" in page


def test_several_at_once_each_its_own_answer(world, client, provider, koor):
    for title in ("Dans", "Soos", "Taal"):
        make_activity(world.region, title, provider=provider)
    make_activity(world.region, "Yoga", provider=provider, status="paused")
    links.ask(provider, key=uuid.uuid4(), by=world.coordinator)
    path = sent_path()
    until = f"1-1-{timezone.now().year + 1}"

    said = {
        "Koor": {"answer": "fine", "place_name": "De Ark"},
        "Dans": {"answer": "gone"},
        "Taal": {"answer": "later"},
        "Soos": {"answer": "paused", "until": until},
        "Yoga": {"answer": "back"},
    }
    assert client.post(path, filled(client, path, **said)).status_code == 302

    states = dict(Activity.objects.values_list("title", "status"))
    assert states == {"Koor": "live", "Dans": "retired", "Soos": "paused", "Taal": "live", "Yoga": "live"}
    assert Activity.objects.get(title="Koor").place_name == "De Ark"
    assert Activity.objects.get(title="Taal").checked_at < timezone.now() - dt.timedelta(days=20)
    kinds = dict(ProviderAnswer.objects.values_list("activity__title", "kind"))
    assert kinds == {"Koor": "changed", "Dans": "gone", "Soos": "paused", "Yoga": "back"}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Kies een antwoord"),
        ({"answer": "later"}, "Kies bij ten minste één"),
        ({"answer": "changed"}, "Pas hieronder aan wat er anders is"),
        ({"answer": "changed", "body": "Bel 111222333"}, "burgerservicenummer"),
        ({"answer": "changed", "schedule": ""}, "Vul dit nog in"),
        ({"answer": "paused", "until": "1-1-2020"}, "Kies een dag na vandaag"),
    ],
)
def test_refusal_keeps_what_was_typed_and_the_link(client, koor, path, answers, sentence):
    sent = filled(client, path, Koor={"town": "Ooijsterwaard", **answers} if answers.get("body") else answers)

    answer = client.post(path, sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    if answers.get("body"):
        assert "Ooijsterwaard" in page
        assert "Dit is geen BSN" in page
    assert client.get(path).status_code == 200
    koor.refresh_from_db()
    assert koor.version == 0


@pytest.mark.parametrize("answers", [{"answer": "paused", "until": "1-1-2020"}, {"answer": "fine", "until": "gauw"}])
def test_refused_day_is_not_hidden_under_the_fold(client, koor, path, answers):
    answer = client.post(path, filled(client, path, Koor=answers))

    assert answer.status_code == 422
    assert '<details class="disclosure" open>' in answer.content.decode()


def test_changed_meanwhile_shows_both_texts_and_a_second_look_goes_through(world, client, koor, path):
    sent = filled(client, path, Koor={"answer": "changed", "schedule": "Mijn nieuwe tijd"})
    Activity.objects.filter(pk=koor.pk).update(schedule="Tijd van de beheerder", version=3)

    refused = client.post(path, sent)

    page = refused.content.decode()
    assert refused.status_code == 409
    assert refused["Referrer-Policy"] == "strict-origin"
    assert "Mijn nieuwe tijd" in page
    assert "Tijd van de beheerder" in page
    assert ProviderLink.objects.get().used_at is None
    again = sent | {f"a{koor.reference.hex}-version": "3"}
    assert client.post(path, again).status_code == 302


def test_form_of_another_or_none_is_refused_and_never_another_providers(world, client, koor, path):
    other = make_activity(world.region, "Dans", status="stale")
    sent = filled(client, path, Koor={"answer": "fine"})
    sent["activity"] = [str(other.reference)]
    sent |= {f"a{other.reference.hex}-answer": "gone", f"a{other.reference.hex}-version": "0"}

    assert client.post(path, sent).status_code == 422
    assert client.post(path, {**sent, "bewijs": "x"}).status_code == 403
    other.refresh_from_db()
    assert other.status == "stale"


def test_link_of_another_region_is_unknown_for_its_answers_too(world, elsewhere, client, koor, path):
    sent = filled(client, path, Koor={"answer": "fine"})

    assert client.post(path.replace("rivierenland", "heideland"), sent).status_code in (403, 404)
    with open_region(elsewhere.region.pk):
        assert links.find(path.split("/")[4]) is None


def test_nothing_typed_or_secret_is_logged(client, koor, path, log):  # noqa: F811
    client.post(path, filled(client, path, Koor={"answer": "changed", "body": CANARY, "contact_name": CANARY}))
    relay.dispatch()

    said = "".join(log)
    assert "request_finished" in said
    assert CANARY not in said
    assert path.split("/")[4] not in said
    assert CANARY not in str(list(Event.objects.values())) + str(list(Effect.objects.values()))


# What a moderator does with it


@pytest.fixture
def changed(client, koor, path) -> ProviderAnswer:
    client.post(path, filled(client, path, Koor={"answer": "gone", "schedule": "vrijdag 20.00"}))
    return ProviderAnswer.objects.get()


def test_put_back_gives_text_state_and_confirmation_of_before(world, client, koor, changed):
    client.sign_in(world.coordinator)

    client.send(f"{ANSWERS}{changed.reference}/terugzetten/")

    now = Activity.objects.get(pk=koor.pk)
    assert (now.schedule, now.status, now.checked_at) == (koor.schedule, "stale", koor.checked_at)
    changed.refresh_from_db()
    assert (changed.outcome, changed.handled_by) == ("put_back", world.coordinator)
    assert ActivityIndex.objects.filter(activity_id=koor.pk).exists()
    assert client.send(f"{ANSWERS}{changed.reference}/terugzetten/").status_code == 409


def test_put_back_never_goes_over_a_colleague(world, client, koor, changed):
    client.sign_in(world.coordinator)
    Activity.objects.filter(pk=koor.pk).update(schedule="Van een collega")

    answer = client.send(f"{ANSWERS}{changed.reference}/terugzetten/")

    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("dinsdag 10.00–11.00", "vrijdag 20.00", "Van een collega"):
        assert text in page
    assert Activity.objects.get(pk=koor.pk).schedule == "Van een collega"


def test_keep_takes_it_off_the_list(world, client, changed):
    client.sign_in(world.coordinator)
    client.send(f"{ANSWERS}{changed.reference}/zo-laten/")

    assert "Niets te bekijken" in client.get(ANSWERS).content.decode()
    assert client.send(f"{ANSWERS}{changed.reference}/zo-laten/").status_code == 409


def test_answers_are_for_who_keeps_the_kaart(world, elsewhere, client, changed):
    client.sign_in(world.coach)
    for path in ("", f"{changed.reference}/terugzetten/", f"{changed.reference}/zo-laten/"):
        assert client.get(f"{ANSWERS}{path}").status_code == 403
    client.sign_in(elsewhere.coordinator)
    for path in (f"{changed.reference}/terugzetten/", f"{changed.reference}/zo-laten/"):
        assert client.get(f"{ANSWERS}{path}").status_code == 404
        assert client.send(f"{ANSWERS}{path}").status_code == 404
