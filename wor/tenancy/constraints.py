"""The composite foreign key that keeps a reference inside its region."""

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint


class RegionForeignKey(BaseConstraint):
    """``FOREIGN KEY (region_id, <field>_id) REFERENCES <target> (region_id, id)``.

    PostgreSQL checks a foreign key past row-level security, so a plain key would accept, and thereby betray,
    an id of another region. This one refuses it.
    """

    def __init__(self, *, field: str, name: str, violation_error_code=None, violation_error_message=None):
        self.field = field
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def constraint_sql(self, model, schema_editor):
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY (region_id, {quote(field.column)}) "
            f"REFERENCES {quote(field.remote_field.model._meta.db_table)} (region_id, id)"
        )

    def create_sql(self, model, schema_editor):
        return Statement(
            "ALTER TABLE %(table)s ADD %(constraint)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            constraint=self.constraint_sql(model, schema_editor),
        )

    def remove_sql(self, model, schema_editor):
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        """The database decides; asking first would only cost a query."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def __eq__(self, other):
        if isinstance(other, RegionForeignKey):
            return (self.name, self.field) == (other.name, other.field)
        return NotImplemented

    def __hash__(self):
        return hash((self.name, self.field))
