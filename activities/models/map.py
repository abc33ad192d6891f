"""The region's doelgroepenkaart and its area: what a referral is about, and where somebody lives."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from wor.tenancy.fields import region_fk
from wor.tenancy.models import RegionModel


class ListItem(RegionModel):
    """An entry of a list that the region may rename, extend and retire."""

    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_example = models.BooleanField(_("voorbeeld"), default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    plain = ("code", "label", "position")

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class TargetGroup(ListItem):
    """Doelgroep: for whom (*Mensen na een verlies*)."""

    class Meta(ListItem.Meta):
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="target_group_code_once")]


class Problem(ListItem):
    """Problematiek: what plays (*Rouw en leegte*)."""

    class Meta(ListItem.Meta):
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="problem_code_once")]


class Theme(ListItem):
    """One of the six themes of Positieve Gezondheid, as a topic of conversation only: no scores."""

    class Meta(ListItem.Meta):
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="theme_code_once")]


class TargetCellQuerySet(models.QuerySet["TargetCell"]):
    def in_use(self) -> "TargetCellQuerySet":
        """The cells that can be chosen now, in the order of the map, with their labels."""
        return (
            self.filter(
                retired_at__isnull=True, target_group__retired_at__isnull=True, problem__retired_at__isnull=True
            )
            .select_related("target_group", "problem")
            .order_by("position", "id")
        )


class TargetCell(RegionModel):
    """A cell of the doelgroepenkaart: a target group with a problem, and the words a GP hears for it."""

    target_group = region_fk(TargetGroup, related_name="cells")
    problem = region_fk(Problem, related_name="cells")
    keywords = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    often_fits = models.CharField(max_length=200, blank=True)
    what_follows = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_example = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TargetCellQuerySet.as_manager()

    plain = ("keywords", "often_fits", "what_follows", "position")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "target_group", "problem"], name="target_cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.problem} ({self.target_group})"


class District(RegionModel):
    """Wijk or buurt."""

    name = models.CharField(max_length=80)
    municipality_code = models.CharField(max_length=6)

    plain = ("name", "municipality_code")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["region", "municipality_code", "name"], name="district_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class PostcodeArea(RegionModel):
    """A four-digit postcode, and the municipality and district it lies in."""

    pc4 = models.CharField(max_length=4)
    municipality_code = models.CharField(max_length=6)
    district = region_fk(District, null=True)
    # Of the middle of the area (WGS 84), from a file such as CBS publishes; without it people choose district or place.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_example = models.BooleanField(default=False)

    plain = ("pc4", "municipality_code", "latitude", "longitude")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "pc4"], name="postcode_area_once")]

    def __str__(self) -> str:
        return self.pc4
