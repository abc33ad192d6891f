"""The list: what there is to do, and a search on a name."""

from django.http import HttpResponse
from django.utils import timezone

from coaches import forms, queries, worklist
from coaches.views.shared import sent
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.forms import bound
from wor.pages import page


@allow(Permission.GUIDE)
def worklist_page(request: MemberRequest) -> HttpResponse:
    """What there is to do, most urgent first. A search on a name comes by POST."""
    now = timezone.now()
    form = bound(request, forms.SearchForm)
    if sent(form):
        found = queries.search(request.membership, form.cleaned_data["name"], now)
        audit.log(
            "search", by=request.membership, clients=[each.client.reference for each in found], object_type="referral"
        )
        rows = [queries.row_of(each, request.membership, now) for each in found]
        return page(request, "coaches/found.html", {"rows": rows}, form=form)
    shown = worklist.read(request.membership, request.GET, now)
    audit.log(
        "list",
        by=request.membership,
        clients=shown.clients,
        object_type="referral",
        filter_codes=shown.tab,
    )
    return page(request, "coaches/worklist.html", {"list": shown}, form=form)
