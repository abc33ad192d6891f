"""The lists that a region makes its own: what a referral is about, and why one ends."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.models import Problem, TargetCell, TargetGroup, Theme
from referrals.models import ClosingReason

Kind = ClosingReason.Kind
# Given by the application itself, whatever the region chose; somebody may not take these out of use.
OWN_REASONS = frozenset({"consent_withdrawn", "deceased"})


@dataclass(frozen=True)
class RegionList:
    """One list: its address, its name, what it is for, and which rows it has."""

    slug: str
    name: str | Promise
    about: str | Promise
    model: Any
    kind: str = ""

    @property
    def is_map(self) -> bool:
        """Are its rows cells of the doelgroepenkaart, which have no label of their own?"""
        return self.model is TargetCell

    def rows(self):
        """All rows, in the order of the list. A cell that was only made to hold one referral is not on the map."""
        if self.is_map:
            return (
                TargetCell.objects.select_related("target_group", "problem")
                .exclude(retired_at__isnull=False, position=0)
                .order_by("position", "id")
            )
        rows = self.model.objects.order_by("position", "id")
        return rows.filter(kind=self.kind) if self.kind else rows


_ENDS = _("Waaruit de coach kiest als een verwijzing zo eindigt. De verwijzer leest de reden.")
LISTS = {
    each.slug: each
    for each in (
        RegionList("doelgroepen", _("Doelgroepen"), _("Voor wie: de kopjes op de doelgroepenkaart."), TargetGroup),
        RegionList("problemen", _("Problemen"), _("Wat er speelt. Een probleem kan bij meer doelgroepen."), Problem),
        RegionList(
            "vakjes",
            _("Vakjes van de doelgroepenkaart"),
            _("Een doelgroep met een probleem, en de woorden waarop een huisarts zoekt."),
            TargetCell,
        ),
        RegionList("themas", _("Thema’s"), _("Onderwerpen voor het gesprek met de cliënt."), Theme),
        RegionList("niet-passend", _("Redenen: niet passend"), _ENDS, ClosingReason, Kind.DECLINED),
        RegionList("niet-gestart", _("Redenen: niet gestart"), _ENDS, ClosingReason, Kind.NOT_STARTED),
        RegionList("gestopt", _("Redenen: tussentijds gestopt"), _ENDS, ClosingReason, Kind.STOPPED),
        RegionList(
            "gepauzeerd",
            _("Redenen: gepauzeerd"),
            _("Waarom een begeleiding wacht. Bij veiligheid leest de verwijzer nooit de reden."),
            ClosingReason,
            Kind.PAUSED,
        ),
        RegionList(
            "afgerond",
            _("Uitkomsten: afgerond"),
            _("Alle uitkomsten zijn gelijkwaardig."),
            ClosingReason,
            Kind.COMPLETED,
        ),
        RegionList(
            "ingetrokken",
            _("Redenen: ingetrokken"),
            _("Waaruit de verwijzer kiest bij het intrekken."),
            ClosingReason,
            Kind.WITHDRAWN,
        ),
        RegionList(
            "activiteit-gestopt",
            _("Redenen: met een activiteit gestopt"),
            _("Waarom iemand niet verder ging met een activiteit."),
            ClosingReason,
            Kind.PLACEMENT,
        ),
    )
}
