from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='referraldraft',
            name='sheet',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='referraldraft',
            name='turn',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
