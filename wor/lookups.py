"""Comparisons that Django's ORM lacks."""

from django.db.models import ForeignKey, Lookup


@ForeignKey.register_lookup
class AnyOf(Lookup):
    """``coach__any=array``: one of an array's values.

    With a subquery ``__in`` says the same; but where it stands beside an OR, PostgreSQL then compares row by row, and
    for an array it looks up each value in the index.
    """

    lookup_name = "any"

    def as_sql(self, compiler, connection):
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY {right}", (*left_values, *right_values)
