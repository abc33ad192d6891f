"""The doelgroepenkaart and the region's area, the sociale kaart, and what is brought into it from files."""

from activities.models.directory import (
    Activity,
    ActivityCell,
    ActivityIndex,
    ActivityReport,
    ActivityTheme,
    FacetNumbers,
    Provider,
    ProviderAnswer,
    ProviderLink,
)
from activities.models.imports import Import, ImportLine
from activities.models.map import District, ListItem, PostcodeArea, Problem, TargetCell, TargetGroup, Theme

__all__ = [
    "Activity",
    "ActivityCell",
    "ActivityIndex",
    "ActivityReport",
    "ActivityTheme",
    "District",
    "FacetNumbers",
    "Import",
    "ImportLine",
    "ListItem",
    "PostcodeArea",
    "Problem",
    "Provider",
    "ProviderAnswer",
    "ProviderLink",
    "TargetCell",
    "TargetGroup",
    "Theme",
]
