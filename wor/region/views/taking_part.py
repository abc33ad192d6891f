"""Wie doet mee: for kernteam, municipality and insurer: the parties, and whom to ask."""

from collections import Counter, defaultdict

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django.views.decorators.http import require_safe

from wor.accounts.models import Membership, Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.tenancy.models import Organisation

Kind = Organisation.Kind
HEADINGS = (
    (gettext_lazy("Gezondheidscentra en zorggroepen"), (Kind.PRACTICE_GROUP,)),
    (gettext_lazy("Huisartsenpraktijken"), (Kind.PRACTICE,)),
    (gettext_lazy("Welzijnsorganisaties"), (Kind.WELFARE,)),
    (gettext_lazy("Gemeente, zorgverzekeraar en regio-organisatie"), (Kind.MUNICIPALITY, Kind.INSURER, Kind.SUPPORT)),
)
COUNTED = {
    Role.REFERRER: ngettext_lazy("%d verwijzer", "%d verwijzers"),
    Role.COACH: ngettext_lazy("%d welzijnscoach", "%d welzijnscoaches"),
    Role.COORDINATOR: ngettext_lazy("%d coördinator", "%d coördinatoren"),
    Role.CORE_TEAM: ngettext_lazy("%d kernteamlid", "%d kernteamleden"),
    Role.FUNDER: ngettext_lazy("%d beleidsadviseur", "%d beleidsadviseurs"),
    Role.REGION_ADMIN: ngettext_lazy("%d beheerder", "%d beheerders"),
}


@allow(Permission.FIGURES)
@require_safe
def taking_part(request: MemberRequest) -> HttpResponse:
    """The parties of the region, how many people work there, and whom to ask. Names of contact points only."""
    organisations = list(Organisation.objects.visible_to(request.membership).order_by("name"))
    working, contact_points = _people(request.region.pk)
    groups = []
    for heading, kinds in HEADINGS:
        rows = [
            {
                "name": each.name,
                "place": each.place,
                "is_paused": each.is_paused,
                "people": [words % working[each.pk][role] for role, words in COUNTED.items() if working[each.pk][role]],
                "contact_point": contact_points.get(each.pk, ""),
            }
            for each in organisations
            if each.kind in kinds
        ]
        if rows:
            groups.append((heading, rows))
    total = Counter(each.kind for each in organisations if not each.is_paused)
    practices = ngettext("%d praktijk", "%d praktijken", total[Kind.PRACTICE]) % total[Kind.PRACTICE]
    welfare = ngettext("%d welzijnsorganisatie", "%d welzijnsorganisaties", total[Kind.WELFARE]) % total[Kind.WELFARE]
    lead = _("In %(region)s werken samen: %(practices)s en %(welfare)s.") % {
        "region": request.region.name,
        "practices": practices,
        "welfare": welfare,
    }
    return render(request, "region/taking_part.html", {"groups": groups, "lead": lead})


def _people(region_id: int) -> tuple[dict[int, Counter], dict[int, str]]:
    """How many of each role work in each organisation, and who is its contact point. No other name is read."""
    working: dict[int, Counter] = defaultdict(Counter)
    active = Membership.objects.active().filter(region_id=region_id).order_by()
    for organisation_id, role in active.values_list("organisation_id", "role"):
        working[organisation_id][role] += 1
    contact_points = active.filter(is_contact_point=True).values_list("organisation_id", "display_name")
    return working, dict(contact_points)
