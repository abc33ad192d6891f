"""Fields that several apps share."""

from django.db import models


def region_fk(to, *, null: bool = False, related_name: str = "+", **kwargs) -> models.ForeignKey:
    """A reference to a row of the same region. ``RegionModel`` adds the composite key that the database checks."""
    return models.ForeignKey(
        to,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=null,
        blank=null,
        related_name=related_name,
        **kwargs,
    )


def by_field(related_name: str = "+") -> models.ForeignKey:
    """Who did it: the membership (person, organisation and role) in which somebody acted. Comes with an ``_at``.

    Without an index: nothing is looked up by it, and each would cost every write.
    """
    return region_fk("accounts.Membership", null=True, related_name=related_name, db_index=False)


def at_field() -> models.DateTimeField:
    """When it happened, UTC. Comes with a ``_by``."""
    return models.DateTimeField(null=True, blank=True, editable=False)
