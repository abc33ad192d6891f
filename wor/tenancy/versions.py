"""A version for rows that have no column of that name: a number made of their fields.

For what two administrators rarely edit at once. What many people edit has a ``version`` column.
"""

import json
import zlib
from collections.abc import Iterable

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model


def version_of(row: Model, fields: Iterable[str]) -> int:
    """Changes when one of these fields changes."""
    shown = {name: getattr(row, name) for name in fields}
    return zlib.crc32(json.dumps(shown, cls=DjangoJSONEncoder, sort_keys=True).encode())


def same_version(row: Model, fields: Iterable[str], version: int) -> bool:
    """Is the row still what the form was opened with?"""
    return version_of(row, fields) == version
