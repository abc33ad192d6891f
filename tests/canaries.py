"""Something recognisable in every personal field, and a look at all that is written down or goes elsewhere."""

import base64
import datetime as dt
import re
import uuid
from urllib.parse import unquote

from celery.app.task import Task
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from coaches.models import Gap, Intake
from dashboard.models import Reflection
from referrals.models import Message, Referral

WORD, PHONE, POSTCODE, BIRTHDAY = "Kanarievogel", "0687654321", "4007SA", dt.date(1931, 7, 23)
EMAIL = f"{WORD.lower()}@client.example"
LEAKS = re.compile(rf"{WORD}|6\W?87\W?65\W?43\W?21|87654321|4007\W?SA|1931\W0?7\W23|23\W0?7\W1931|23 juli 1931", re.I)
# People who work with the application, and files: what a client tells is in the lines and rows made of them.
NOT_OF_CLIENTS = {
    *("accounts.User", "accounts.Membership", "accounts.Invitation", "audit.AccessLogEntry", "audit.SignInEvent"),
    *("tenancy.StoredFile", "demo.SentMail"),
}
# A number, a choice or a code: nothing in it can be recognised. Their models have words that can, or nothing else.
NO_WORDS = {
    *("referrals.Referral.reason_code", "coaches.Intake.wellbeing_t0", "coaches.Intake.prior_needs"),
    *("coaches.Placement.why", "coaches.Placement.is_warm", "coaches.Measurement.value"),
}
# Where something is written down beside the rows of the case itself.
BESIDE = (
    *("outbox_effect", "outbox_notice", "outbox_reminder", "outbox_dirtymonth", "outbox_heartbeat"),
    *("audit_event", "audit_accesslogentry", "audit_signinevent"),
)
LINKS = re.compile(r'(?:href|action|src|formaction|hx-\w+)="([^"]*)"')


# --- Filling ----------------------------------------------------------------------------------------------------------


def models_of_clients() -> list[type[models.Model]]:
    found = [each for each in apps.get_models() if getattr(each, "personal", ())]
    return [each for each in found if each._meta.label not in NOT_OF_CLIENTS]


def words_of(model) -> list[models.Field]:
    names = [name for name in model.personal if f"{model._meta.label}.{name}" not in NO_WORDS]
    return [model._meta.get_field(name) for name in names]


def typed(name: str) -> str:
    """What a client would make somebody type in a field of this name."""
    kinds = {"next": "/", "phone": PHONE, "postcode": POSTCODE, "email": EMAIL, "birth": f"{BIRTHDAY:%d-%m-%Y}"}
    return next((text for kind, text in kinds.items() if kind in name), WORD)


def canary(field: models.Field, former):
    if isinstance(field, models.JSONField):
        return {key: typed(key) if isinstance(text, str) else text for key, text in former.items()} or {"given": WORD}
    if isinstance(field, models.DateField):
        return BIRTHDAY
    assert isinstance(field, (models.CharField, models.TextField)), f"{field}: how would one recognise it?"
    return typed(field.name)


def fill_in(world) -> None:
    """Everything there is in the region, by what each model says of itself."""
    referral = Referral.objects.get(status="active")
    mine = {"region": world.region, "welfare_organisation": world.welfare}
    inside, now = {**mine, "referral": referral}, timezone.now()
    Intake.objects.create(**inside, held_at=now, held_by=world.coach)
    Gap.objects.create(**mine, practice=world.practice, kind="full", by=world.coach, key=uuid.uuid4())
    Reflection.objects.create(
        region=world.region, unit=world.practice, figure="sent", starts_on=now, ends_on=now, by=world.core_team,
        key=uuid.uuid4(),
    )  # fmt: skip
    Message.objects.create(
        region=world.region, referral=referral, side="welfare", kind="question", body=WORD, by=world.coach,
        key=uuid.uuid4(),
    )  # fmt: skip
    for model in models_of_clients():
        if not model.append_only:
            for row in model.objects.all():
                changes = {field.name: canary(field, getattr(row, field.name)) for field in words_of(model)}
                model.objects.filter(pk=row.pk).update(**changes)


# --- Listening --------------------------------------------------------------------------------------------------------


def beside() -> dict[str, str]:
    """All that is written beside the case, by table."""
    with connection.cursor() as cursor:
        parts = [f"SELECT '{table}', string_agg(t::text, ' ') FROM {table} t" for table in BESIDE]
        cursor.execute(" UNION ALL ".join(parts))
        found = {table: text or "" for table, text in cursor.fetchall()}
        cursor.execute("SELECT cache_key, value FROM wor_cache")
        rows = [f"{key} {base64.b64decode(value)!r}" for key, value in cursor.fetchall()]
    return {**found, "wor_cache": " ".join(rows)}


def leaks_in(places: dict[str, str]) -> list[str]:
    """Where a canary came out, and which."""
    return [f"{place}: {found[0]}" for place, text in places.items() if (found := LEAKS.search(text))]


class Ear:
    """Hears where a canary comes out. ``lines`` are those of the log, ``sent`` what the broker would get."""

    def __init__(self, lines: list[str], monkeypatch):
        self.lines, self.sent = lines, []
        monkeypatch.setattr(Task, "apply_async", lambda task, *args, **kwargs: self.sent.append((task, args, kwargs)))

    def leaks(self, answer, method: str) -> list[str]:
        """In this answer and what was written for it, in its own transaction. Begins anew for the next one."""
        said = answer.content.decode(errors="replace") if not answer.streaming else ""
        links = [each for each in LINKS.findall(said) if not each.startswith(("tel:", "mailto:"))]
        places = {"log": " ".join(self.lines), "broker": repr(self.sent), "address": " ".join(map(unquote, links))}
        places |= {name: unquote(text) for name, text in answer.headers.items()}
        places |= {f"cookie {name}": unquote(each.value) for name, each in answer.cookies.items()}
        if answer.status_code >= 500:
            places["page of an error"] = said
        if method == "post" and answer.status_code < 400 and not connection.needs_rollback:
            places |= beside()
        self.lines.clear()
        return leaks_in(places)
