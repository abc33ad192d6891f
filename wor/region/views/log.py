"""The access log by reference, for the region's administrator. Reading the log is itself a row of it."""

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wor.accounts.models import Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.audit.models import AccessLogEntry
from wor.pages import parse_reference
from wor.region.forms import LogFilter
from wor.region.log_words import DEEDS, thing
from wor.region.paging import PER_PAGE, more_url

# A list names many clients at once and has no index by client: searched this far back, unless a day is given.
LISTS_BACK = dt.timedelta(days=92)


@allow(Permission.MANAGE_REGION)
@require_safe
def access_log(request: MemberRequest) -> HttpResponse:
    """Who did what with whose data: newest first, filtered, paged by key."""
    form = LogFilter(request.GET, viewer=request.membership)
    chosen = form.cleaned_data if form.is_valid() else {}
    entries = _filtered(AccessLogEntry.objects.visible_to(request.membership), chosen)
    found = _page(entries, chosen, parse_reference(request.GET.get("na")))
    shown = found[:PER_PAGE]
    audit.log(
        AccessLogEntry.Kind.LOG_ACCESS,
        by=request.membership,
        object_type="accesslogentry",
        count=len(shown),
        filter_codes=_codes(chosen),
    )
    return render(
        request,
        "region/access_log.html",
        {
            "form": form,
            "rows": [_row(each) for each in shown],
            "who": chosen.get("wie"),
            "clear_url": reverse("access_log") if any(chosen.values()) else "",
            "next_url": more_url(request, shown[-1].reference) if len(found) > PER_PAGE else "",
            "first_url": reverse("access_log") if request.GET.get("na") else "",
            "by_client": bool(chosen.get("client")) and not chosen.get("dag"),
        },
    )


def _filtered(entries: QuerySet[AccessLogEntry], chosen: dict) -> QuerySet[AccessLogEntry]:
    if chosen.get("soort"):
        entries = entries.filter(kind=chosen["soort"])
    if chosen.get("wie"):
        entries = entries.filter(user_id=chosen["wie"].user_id)
    if chosen.get("dag"):
        begin = timezone.make_aware(dt.datetime.combine(chosen["dag"], dt.time.min))
        end = timezone.make_aware(dt.datetime.combine(chosen["dag"], dt.time.max))
        entries = entries.filter(at__gte=begin, at__lte=end)
    return entries


def _page(entries: QuerySet[AccessLogEntry], chosen: dict, after: uuid.UUID | None) -> list[AccessLogEntry]:
    """One row more than a page. By client: rows about that client, and lists in which that client stood."""
    entries = entries.order_by("-id")
    if after is not None:
        last = entries.filter(reference=after).values_list("id", flat=True).first()
        entries = entries.filter(id__lt=last) if last else entries
    client = chosen.get("client")
    if not client:
        return list(entries[: PER_PAGE + 1])
    lists = entries.filter(client_refs__contains=[client])
    if not chosen.get("dag"):
        lists = lists.filter(at__gte=timezone.now() - LISTS_BACK)
    both = [*entries.filter(client_ref=client)[: PER_PAGE + 1], *lists[: PER_PAGE + 1]]
    return sorted(both, key=lambda each: -each.pk)[: PER_PAGE + 1]


def _codes(chosen: dict) -> str:
    """What was asked, as codes: a reference, never a name."""
    asked = {name: value for name, value in chosen.items() if value}
    if "wie" in asked:
        asked["wie"] = asked["wie"].reference
    return " ".join(f"{name}={value}" for name, value in asked.items())


def _row(entry: AccessLogEntry) -> dict:
    role = dict(Role.choices).get(entry.role, "")
    who = " · ".join(str(part) for part in (role, entry.organisation_name) if part)
    what, deed = entry.get_kind_display(), DEEDS.get(entry.purpose.rpartition(".")[2], "")
    return {
        "when": formats.date_format(timezone.localtime(entry.at), "j b Y, H.i.s"),
        "who": entry.actor_name or (_("het systeem") if entry.user_id is None else _("onbekend")),
        "who_meta": who,
        "what": what,
        "thing": thing(entry.object_type),
        "count": entry.row_count,
        "refused": entry.outcome != "ok",
        "outcome": entry.outcome,
        "client": str(entry.client_ref)[:8] if entry.client_ref else "",
        "client_url": f"?client={entry.client_ref}" if entry.client_ref else "",
        "ip": entry.ip or "",
        "purpose": deed if deed != what else "",
    }
