"""The worklist as one page shows it: tabs with counts, a filter, rows with their one next action."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaches import queries
from wor.accounts.models import Membership, Role
from wor.pages import parse_reference


class FilterForm(forms.Form):
    """Stays in the address: references only, never a name. Its fields are made for who looks."""


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class Worklist:
    tab: str
    tabs: list[Tab]
    rows: list[dict[str, Any]]
    clients: list[uuid.UUID]
    filter: FilterForm
    is_filtered: bool
    clear_url: str
    title: str
    lead: str
    next_url: str
    previous_url: str
    is_first_day: bool


def read(membership: Membership, asked: QueryDict, now: dt.datetime) -> Worklist:
    """The page that an address asks for; what it does not understand it leaves out."""
    tab = asked.get("lijst", "")
    tab = tab if tab in queries.TABS else "te-doen"
    kept = {name: str(value) for name in ("praktijk", "coach") if (value := parse_reference(asked.get(name)))}
    if membership.role != Role.COORDINATOR:
        kept.pop("coach", None)
    counted = queries.counts(_cases(membership, kept), now)
    cases = _cases(membership, kept, closed=tab == "afgesloten")
    page = queries.page_of(cases, tab, now, after=asked.get("na", ""), before=asked.get("voor", ""))
    return Worklist(
        tab=tab,
        tabs=[
            Tab(str(label), address(name, kept), counted.get(name.replace("-", "_")), name == tab)
            for name, label in queries.TABS.items()
        ],
        rows=[queries.row_of(each, membership, now) for each in page.referrals],
        clients=[each.client.reference for each in page.referrals],
        filter=filter_form(membership, kept, tab),
        is_filtered=bool(kept),
        clear_url=address(tab, {}) if kept else "",
        title=_title(counted),
        lead=_lead(counted),
        next_url=address(tab, kept | {"na": page.next_key}) if page.next_key else "",
        previous_url=address(tab, kept | {"voor": page.previous_key}) if page.previous_key else "",
        is_first_day=not kept and not any(counted.values()),
    )


def _cases(membership: Membership, kept: dict[str, str], *, closed: bool = False):
    cases = queries.worked_by(membership, coach=parse_reference(kept.get("coach")), closed=closed)
    return cases.filter(practice__reference=kept["praktijk"]) if "praktijk" in kept else cases


def address(tab: str, kept: dict[str, str]) -> str:
    chosen = ({} if tab == "te-doen" else {"lijst": tab}) | kept
    return reverse("worklist") + (f"?{urlencode(chosen)}" if chosen else "")


def filter_form(membership: Membership, kept: dict[str, str], tab: str) -> FilterForm:
    form = FilterForm()
    practices = [(str(each.reference), each.name) for each in queries.practices_of(membership)]
    form.fields["praktijk"] = _choice(_("Praktijk"), _("Alle praktijken"), practices, kept.get("praktijk"))
    if membership.role == Role.COORDINATOR:
        coaches = Membership.objects.visible_to(membership).active().of_role(Role.COACH, Role.COORDINATOR)
        names = [(str(each.reference), each.display_name) for each in coaches]
        form.fields["coach"] = _choice(_("Coach"), _("Iedereen"), names, kept.get("coach"))
    form.fields["lijst"] = forms.CharField(widget=forms.HiddenInput, initial=tab)
    return form


def _choice(label: str, everything: str, choices: list[tuple[str, str]], chosen: str | None) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices], initial=chosen)


def _title(counted: dict[str, int]) -> str:
    number = counted["te_doen"]
    if not number:
        return _("Vandaag, niets te doen")
    return ngettext("Vandaag, %(number)s ding", "Vandaag, %(number)s dingen", number) % {"number": number}


def _lead(counted: dict[str, int]) -> str:
    parts = []
    if counted["late"]:
        parts.append(_("%(number)s te laat") % {"number": counted["late"]})
    if counted["nieuw"]:
        parts.append(_("%(number)s nieuw") % {"number": counted["nieuw"]})
    return ", ".join(parts)
