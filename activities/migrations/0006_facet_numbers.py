import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0005_imports_and_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="FacetNumbers",
            fields=[
                ("region_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("edition", models.UUIDField(default=uuid.uuid4)),
                ("numbers", models.JSONField(null=True)),
            ],
        ),
    ]
