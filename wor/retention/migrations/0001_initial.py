import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('text', 'vrije tekst van een begeleiding'), ('case', 'verwijzing, op de telling na'), ('client', 'gegevens van een cliënt')], max_length=8)),
                ('subject_ref', models.UUIDField()),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'indexes': [models.Index(fields=['region', 'at'], name='erasure_by_time')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='retention_erasure_region_id')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('on', models.DateField()),
                ('counts', models.JSONField(default=dict)),
                ('finished_at', models.DateTimeField(null=True)),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='retention_retentionrun_region_id'), models.UniqueConstraint(fields=('region', 'on'), name='one_retention_run_a_day')],
            },
        ),
    ]
