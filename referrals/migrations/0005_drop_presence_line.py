from django.db import migrations


class Migration(migrations.Migration):
    """The rota in words is made when the line is shown (referrals.capacity.lines_of)."""

    dependencies = [("referrals", "0004_erasure")]

    operations = [migrations.RemoveField(model_name="practiceintake", name="presence_line")]
