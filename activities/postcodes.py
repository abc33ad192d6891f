"""A file with the middle of each four-digit postcode, such as CBS publishes: latitude and longitude (WGS 84).

What it brings replaces example coordinates, and is the region's own from then on.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from activities.columns import Bad, Column, Lists, text
from activities.csv_files import Table
from activities.importing import Line, bsn_columns, refused
from activities.index import reindex
from activities.models import District, Import, ImportLine, PostcodeArea
from wor.accounts.models import Membership
from wor.forms import clean_text
from wor.tenancy.models import Municipality, Region

BATCH = 500
# The Netherlands in Europe, a little widely.
SOUTH, NORTH, WEST, EAST = 50.7, 53.7, 3.2, 7.3
Outcome = ImportLine.Outcome


def read_pc4(cell: str, lists: Lists) -> str:
    found = re.fullmatch(r"\s*([1-9][0-9]{3})\s*", cell)
    if found is None:
        raise Bad("pc4")
    return found[1]


def read_degrees(cell: str, lists: Lists) -> float:
    """51,886 or 51.886; six decimals are a decimetre."""
    plain = clean_text(cell).strip().replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,7}(\.[0-9]{1,20})?", plain):
        raise Bad("number")
    return round(float(plain), 6)


def read_municipality(cell: str, lists: Lists) -> str:
    plain = clean_text(cell).strip().upper()
    if plain and not re.fullmatch(r"(GM)?[0-9]{4}", plain):
        raise Bad("municipality")
    return f"GM{plain[-4:]}" if plain else ""


POSTCODE_COLUMNS = (
    Column(
        "pc4", _("Postcode"), _("Vier cijfers."), read_pc4, ("pc4", "pc", "postcode4", "postcodegebied"), required=True
    ),
    Column(
        "latitude",
        _("Breedtegraad"),
        _("In graden (WGS 84): 51,886."),
        read_degrees,
        ("latitude", "lat", "breedte", "y"),
        required=True,
    ),
    Column(
        "longitude",
        _("Lengtegraad"),
        _("In graden (WGS 84): 5,431."),
        read_degrees,
        ("longitude", "lon", "lng", "long", "lengte", "x"),
        required=True,
    ),
    Column(
        "municipality_code",
        _("Gemeentecode"),
        _("Niet verplicht. GM0281 of 0281. Zonder code houdt een postcode de gemeente die zij al had."),
        read_municipality,
        ("gm_code", "gmcode", "gemeente", "municipality_code"),
    ),
    Column(
        "district",
        _("Wijk"),
        _("Niet verplicht. De naam van de wijk of buurt."),
        text(80),
        ("buurt", "wijk of buurt", "district"),
    ),
)


class PostcodeFile:
    """The work of one file (see ``importing.Work``)."""

    columns: tuple[Column, ...] = POSTCODE_COLUMNS

    def __init__(self, region: Region, table: Table, places: dict[int, Column]) -> None:
        self.region, self.places, self.width = region, places, len(table.heads)
        self.lists = Lists(region.pk)
        self.municipalities = set(Municipality.objects.values_list("gm_code", flat=True))
        # A fictional region has municipalities of its own.
        self.municipalities |= set(
            PostcodeArea.objects.filter(region=region).values_list("municipality_code", flat=True)
        )
        self.first: dict[str, int] = {}
        for number, cells in table.lines:
            self.first.setdefault(self._cells(cells)["pc4"].strip(), number)

    def _cells(self, cells: list[str]) -> dict[str, str]:
        return {column.name: cells[place] if place < len(cells) else "" for place, column in self.places.items()}

    def check(self, lines: Sequence[tuple[int, list[str]]], *, lock: bool = False) -> list[Line]:
        """What these lines would do to the postcodes of the region."""
        rows = PostcodeArea.objects.filter(region=self.region).order_by("id")
        if lock:
            rows = rows.select_for_update(of=("self",))
        areas = {each.pc4: each for each in rows.select_related("district")}
        return [self._line(number, cells, areas) for number, cells in lines]

    def _line(self, number: int, cells: list[str], areas: dict[str, PostcodeArea]) -> Line:
        cell = self._cells(cells)
        facts: dict[str, Any] = {}
        reasons: list[dict[str, Any]] = []
        for column in self.places.values():
            try:
                facts[column.name] = column.read(cell[column.name], self.lists)
            except Bad as bad:
                reasons.append({"column": column.name, "reason": bad.reason, **bad.details})
        for name in bsn_columns(cells, self.places):
            # Degrees may have as many decimals as a BSN has digits.
            if name not in ("latitude", "longitude"):
                reasons.append({"column": name, "reason": "bsn"})
        if any(extra.strip() for extra in cells[self.width :]):
            reasons.append({"column": "", "reason": "too_many_cells"})
        reasons += self._doubts(number, cell, facts, areas)
        about = {"title": cell["pc4"].strip()[:4]}
        if reasons:
            return refused(number, reasons, about, cell)
        return self._compare(number, facts, areas.get(facts["pc4"]), about)

    def _doubts(self, number: int, cell: dict[str, str], facts: dict[str, Any], areas) -> list[dict[str, Any]]:
        """What each cell may be and the line may not."""
        found: list[dict[str, Any]] = []
        latitude, longitude = facts.get("latitude"), facts.get("longitude")
        if latitude is not None and longitude is not None:
            if SOUTH <= longitude <= NORTH and WEST <= latitude <= EAST:
                found.append({"column": "latitude", "reason": "turned"})
            elif abs(latitude) > 1000 or abs(longitude) > 1000:
                found.append({"column": "latitude", "reason": "rd"})
            elif not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
                found.append({"column": "latitude", "reason": "outside"})
        code = facts.get("municipality_code")
        if code and code not in self.municipalities:
            found.append({"column": "municipality_code", "reason": "municipality"})
        known = areas.get(facts.get("pc4", ""))
        if facts.get("district") and not code and not (known and known.municipality_code):
            found.append({"column": "district", "reason": "district_alone"})
        if "pc4" in facts and self.first[cell["pc4"].strip()] != number:
            found.append({"column": "pc4", "reason": "double", "line": self.first[cell["pc4"].strip()]})
        return found

    def _compare(self, number: int, facts: dict[str, Any], area: PostcodeArea | None, about: dict[str, str]) -> Line:
        facts = {name: value for name, value in facts.items() if value != ""}
        if area is None:
            return Line(number, Outcome.NEW, values=about, facts=facts)
        now = {"latitude": area.latitude, "longitude": area.longitude, "municipality_code": area.municipality_code}
        now["district"] = area.district.name if area.district else ""
        changed = [name for name in now if name in facts and facts[name] != now[name]]
        old = {name: shown(now[name]) for name in changed}
        new = {name: shown(facts[name]) for name in changed}
        if area.is_example:
            changed.append("is_example")
            old["is_example"], new["is_example"] = str(_("voorbeeld")), str(_("van de regio zelf"))
        line = Line(number, Outcome.CHANGED if changed else Outcome.SAME, [], dict(about), changed, facts=facts)
        if changed:
            line.values |= {"old": old, "new": new}
        return line

    def apply(self, lines: list[Line], source: Import, by: Membership, now: dt.datetime) -> dict[str, int]:
        """Write districts and areas, and tell the index where everything is now."""
        areas = {each.pc4: each for each in PostcodeArea.objects.filter(region=self.region)}
        districts = self._districts(lines, areas)
        new: list[PostcodeArea] = []
        changed: list[PostcodeArea] = []
        for line in lines:
            area = areas.get(line.facts["pc4"])
            (changed if area else new).append(area or PostcodeArea(region=self.region, pc4=line.facts["pc4"]))
            row = (changed if area else new)[-1]
            row.latitude, row.longitude, row.is_example = line.facts["latitude"], line.facts["longitude"], False
            row.municipality_code = line.facts.get("municipality_code", row.municipality_code)
            if "district" in line.facts:
                row.district = districts[row.municipality_code, line.facts["district"]]
        PostcodeArea.objects.bulk_create(new, batch_size=BATCH)
        PostcodeArea.objects.bulk_update(
            changed, ["latitude", "longitude", "is_example", "municipality_code", "district"], batch_size=BATCH
        )
        reindex(self.region.pk)
        return {"new": len(new), "changed": len(changed)}

    def _districts(self, lines: list[Line], areas: dict[str, PostcodeArea]) -> dict[tuple[str, str], District]:
        wanted = set()
        for line in lines:
            area = areas.get(line.facts["pc4"])
            code = line.facts.get("municipality_code") or (area.municipality_code if area else "")
            if "district" in line.facts:
                wanted.add((code, line.facts["district"]))
        District.objects.bulk_create(
            [District(region=self.region, municipality_code=code, name=name) for code, name in sorted(wanted)],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        return {(each.municipality_code, each.name): each for each in District.objects.filter(region=self.region)}


def shown(value: Any) -> str:
    """A number with a comma, as the file may have it."""
    if value is None:
        return ""
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)
