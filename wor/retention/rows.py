"""Emptying what is personal in a row, for any model, from what the model itself says."""

import datetime as dt

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

# A client without a birthday must still have a date: nobody is that old.
NO_BIRTHDAY = dt.date(1900, 1, 1)


def personal_fields(model, *, words_only: bool) -> list[models.Field]:
    """The fields about a person; of these the words: what somebody typed."""
    fields = [model._meta.get_field(name) for name in model.personal]
    return [
        each for each in fields if not words_only or isinstance(each, (models.CharField, models.TextField, ArrayField))
    ]


def emptied(field: models.Field) -> str:
    """How this field is emptied, as SQL."""
    if field.null:
        return f'"{field.column}" = NULL'
    if isinstance(field, ArrayField):
        return f"\"{field.column}\" = '{{}}'"
    if isinstance(field, models.DateField):
        return f"\"{field.column}\" = '{NO_BIRTHDAY}'"
    if isinstance(field, models.BooleanField):
        return f'"{field.column}" = false'
    if not isinstance(field, (models.CharField, models.TextField)):
        raise TypeError(f"{field} has no empty value: make it nullable, or let its row go with the case")
    return f"\"{field.column}\" = ''"


def history_table(model) -> str | None:
    """The table with old values of this model."""
    tracker = next((m for m in apps.get_models() if getattr(m, "pgh_tracked_model", None) is model), None)
    return tracker._meta.db_table if tracker else None
