import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
import wor.tenancy.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_extensions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('gm_code', models.CharField(max_length=6, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('province', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('primary', models.CharField(default='#0B5D63', max_length=7)),
                ('accent', models.CharField(default='#C8502D', max_length=7)),
                ('variant', models.CharField(choices=[('gericht', 'Gericht'), ('breed', 'Breed')], default='breed', max_length=8)),
                ('settings', models.JSONField(blank=True, default=dict)),
                ('min_cell_core', models.PositiveSmallIntegerField(default=5)),
                ('min_cell_funder', models.PositiveSmallIntegerField(default=10)),
                ('is_fictional', models.BooleanField(default=False)),
                ('dpia_adopted_on', models.DateField(blank=True, null=True)),
                ('processing_agreements_on', models.DateField(blank=True, null=True)),
                ('joint_arrangement_on', models.DateField(blank=True, null=True)),
                ('privacy_statement', models.TextField(blank=True)),
                ('data_protection_officer', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('min_cell_core__gte', 5), ('min_cell_funder__gte', 5)), name='region_thresholds_at_least_five'), models.CheckConstraint(condition=models.Q(('variant__in', ['gericht', 'breed'])), name='region_variant_known')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('practice', 'Huisartsenpraktijk'), ('practice_group', 'Gezondheidscentrum of zorggroep'), ('welfare', 'Welzijnsorganisatie'), ('municipality', 'Gemeente'), ('insurer', 'Zorgverzekeraar'), ('support', 'Regio-organisatie')], max_length=14)),
                ('name', models.CharField(max_length=120)),
                ('place', models.CharField(blank=True, max_length=80)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('agb', models.CharField(blank=True, max_length=8)),
                ('municipality_code', models.CharField(blank=True, max_length=6)),
                ('registered_patients', models.PositiveIntegerField(blank=True, null=True)),
                ('is_paused', models.BooleanField(default=False)),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='tenancy_organisation_region_id'), wor.tenancy.constraints.RegionForeignKey(field='parent', name='tenancy_organisation_parent_same_region'), models.UniqueConstraint(fields=('region', 'kind', 'name'), name='organisation_named_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['practice', 'practice_group', 'welfare', 'municipality', 'insurer', 'support'])), name='organisation_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(max_length=20)),
                ('sha256', models.CharField(max_length=64)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='tenancy_storedfile_region_id'), models.CheckConstraint(condition=models.Q(('size__lte', 5242880)), name='file_at_most_5_mb')],
            },
        ),
        migrations.CreateModel(
            name='ServedArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('municipality_code', models.CharField(max_length=6)),
                ('practice', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='tenancy_servedarea_region_id'), wor.tenancy.constraints.RegionForeignKey(field='practice', name='tenancy_servedarea_practice_same_region'), wor.tenancy.constraints.RegionForeignKey(field='welfare_organisation', name='tenancy_servedarea_welfare_organisation_same_region'), models.UniqueConstraint(fields=('region', 'practice', 'municipality_code'), name='served_by_one')],
            },
        ),
    ]
