"""The practice's list: unread terugkoppeling on top, then every referral by its last news."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render

from referrals import queries
from referrals.forms import FilterForm, SearchForm
from referrals.models import Client, Referral
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit.services import log
from wor.pages import page


@allow(Permission.REFER)
def referrals(request: MemberRequest) -> HttpResponse:
    by = request.membership
    filter_form = FilterForm(request.GET or None)
    chosen = filter_form.cleaned_data if filter_form.is_bound and filter_form.is_valid() else {}
    cursor = request.GET.get("na", "")
    found = queries.page_of(queries.filtered(by, **chosen), cursor)
    is_first = not cursor and not any(chosen.values())
    unread, unread_refs = queries.unread_feedback(by) if is_first else ([], [])
    drafts = queries.drafts_of(by) if is_first else []
    codes = ",".join(f"{name}={value}" for name, value in chosen.items() if value)
    refs = list(dict.fromkeys([*unread_refs, *found.client_refs]))
    log("list", by=by, clients=refs, object_type="referral", filter_codes=codes)
    kept = {name: value for name, value in chosen.items() if value}
    context = {
        "unread": unread,
        "drafts": drafts,
        "rows": found.rows,
        "filter_form": filter_form if filter_form.is_bound else FilterForm(),
        "search_form": SearchForm(),
        "filtered": bool(kept),
        "next_url": f"?{urlencode({**kept, 'na': found.next_cursor})}" if found.next_cursor else "",
        "first_url": f"?{urlencode(kept)}" if cursor else "",
    }
    return render(request, "referrals/list.html", context)


@allow(Permission.REFER)
def referrals_search(request: MemberRequest) -> HttpResponse:
    """Search by family name. By POST: a name may not stand in an address."""
    if request.method != "POST":
        return redirect("referrals")
    by, form = request.membership, SearchForm(request.POST)
    if not form.is_valid():
        return page(request, "referrals/search.html", {"rows": []}, form=form)
    if not form.cleaned_data["name"].strip():
        return redirect("referrals")
    like = Client.objects.visible_to(by).named_like(form.cleaned_data["name"]).only(*queries.OF_CLIENT)
    people = list(like.order_by("search_name", "id")[:25])
    of = {person.pk: person for person in people}
    mine = queries.with_names(Referral.objects.visible_to(by)).filter(client__in=of)
    found = list(mine.order_by("-last_news_at", "reference")[:50])
    for each in found:
        each.client = of[each.client_id]
    log("search", by=by, clients=[person.reference for person in people], object_type="referral", filter_codes="name")
    return page(request, "referrals/search.html", {"rows": queries.rows_of(found)}, form=form)
