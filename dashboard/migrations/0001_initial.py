import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
import wor.tenancy.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('tenancy', '0003_municipalities'),
    ]

    operations = [
        migrations.CreateModel(
            name='PracticeMonth',
            fields=[
                ('region_id', models.BigIntegerField()),
                ('municipality_code', models.CharField(blank=True, max_length=6)),
                ('month', models.DateField()),
                ('sent', models.PositiveIntegerField()),
                ('taken_on', models.PositiveIntegerField()),
                ('contacted', models.PositiveIntegerField()),
                ('contacted_in_time', models.PositiveIntegerField()),
                ('ended_before_contact', models.PositiveIntegerField()),
                ('talked', models.PositiveIntegerField()),
                ('feedback_given', models.PositiveIntegerField()),
                ('feedback_in_time', models.PositiveIntegerField()),
                ('still_open', models.PositiveIntegerField()),
                ('completed', models.PositiveIntegerField()),
                ('stopped', models.PositiveIntegerField()),
                ('not_started', models.PositiveIntegerField()),
                ('declined', models.PositiveIntegerField()),
                ('withdrawn', models.PositiveIntegerField()),
                ('deceased', models.PositiveIntegerField()),
                ('started_activity', models.PositiveIntegerField()),
                ('talks', models.PositiveIntegerField()),
                ('z68_noted', models.PositiveIntegerField()),
                ('counted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('pk', models.CompositePrimaryKey('region_id', 'practice_id', 'month', 'municipality_code', blank=True, editable=False, primary_key=True, serialize=False)),
                ('practice_id', models.BigIntegerField()),
                ('contact_days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('talk_days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
            ],
            options={
                'indexes': [models.Index(fields=['region_id', 'municipality_code', 'month'], name='practice_month_by_place')],
            },
        ),
        migrations.CreateModel(
            name='MunicipalityMonth',
            fields=[
                ('region_id', models.BigIntegerField()),
                ('municipality_code', models.CharField(blank=True, max_length=6)),
                ('month', models.DateField()),
                ('sent', models.PositiveIntegerField()),
                ('taken_on', models.PositiveIntegerField()),
                ('contacted', models.PositiveIntegerField()),
                ('contacted_in_time', models.PositiveIntegerField()),
                ('ended_before_contact', models.PositiveIntegerField()),
                ('talked', models.PositiveIntegerField()),
                ('feedback_given', models.PositiveIntegerField()),
                ('feedback_in_time', models.PositiveIntegerField()),
                ('still_open', models.PositiveIntegerField()),
                ('completed', models.PositiveIntegerField()),
                ('stopped', models.PositiveIntegerField()),
                ('not_started', models.PositiveIntegerField()),
                ('declined', models.PositiveIntegerField()),
                ('withdrawn', models.PositiveIntegerField()),
                ('deceased', models.PositiveIntegerField()),
                ('started_activity', models.PositiveIntegerField()),
                ('talks', models.PositiveIntegerField()),
                ('z68_noted', models.PositiveIntegerField()),
                ('counted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('pk', models.CompositePrimaryKey('region_id', 'municipality_code', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('contact_days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=91)),
                ('talk_days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=91)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reflection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('figure', models.CharField(max_length=30)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('body', models.TextField(max_length=1000)),
                ('key', models.UUIDField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'ordering': ['-ends_on', '-id'],
                'indexes': [models.Index(fields=['unit', 'figure', '-ends_on'], name='reflection_of_figure')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='dashboard_reflection_region_id'), wor.tenancy.constraints.RegionForeignKey(field='unit', name='dashboard_reflection_unit_same_region'), wor.tenancy.constraints.RegionForeignKey(field='by', name='dashboard_reflection_by_same_region'), models.UniqueConstraint(fields=('region', 'key'), name='reflection_key_once')],
            },
        ),
    ]
