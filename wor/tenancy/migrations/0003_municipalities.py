import csv
from pathlib import Path

from django.db import migrations

SOURCE = Path(__file__).resolve().parents[2] / "data" / "municipalities_2025.csv"


def load(apps, schema_editor):
    """The country's municipalities (CBS, CC BY 4.0). Adds and corrects; repeating changes nothing."""
    Municipality = apps.get_model("tenancy", "Municipality")
    with open(SOURCE, encoding="utf-8", newline="") as file:
        rows = [
            Municipality(gm_code=row["gm_code"], name=row["naam"], province=row["provincie"])
            for row in csv.DictReader(file)
        ]
    Municipality.objects.using(schema_editor.connection.alias).bulk_create(
        rows, update_conflicts=True, unique_fields=["gm_code"], update_fields=["name", "province"]
    )


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
