import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
import wor.tenancy.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_administrator_reads_no_cases'),
        ('dashboard', '0002_dirty_marks'),
        ('tenancy', '0003_municipalities'),
    ]

    operations = [
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('quarter', 'Kwartaal'), ('half', 'Half jaar'), ('year', 'Jaar')], max_length=7)),
                ('first', models.DateField()),
                ('end', models.DateField()),
                ('definition_version', models.PositiveSmallIntegerField()),
                ('min_cell_core', models.PositiveSmallIntegerField()),
                ('min_cell_funder', models.PositiveSmallIntegerField()),
                ('checksum', models.CharField(max_length=64)),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'ordering': ['-end', 'kind', 'id'],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='dashboard_publication_region_id'), models.UniqueConstraint(fields=('region', 'kind', 'first'), name='period_closed_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['quarter', 'half', 'year'])), name='period_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='PublishedCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('audience', models.CharField(choices=[('core', 'Kernteam'), ('strict', 'Kernteam met een lid van gemeente of verzekeraar'), ('funder', 'Gemeente en zorgverzekeraar')], max_length=6)),
                ('municipality_code', models.CharField(blank=True, max_length=6)),
                ('table', models.CharField(max_length=20)),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('label', models.CharField(max_length=200)),
                ('across', models.CharField(blank=True, max_length=200)),
                ('value', models.IntegerField(null=True)),
                ('why', models.CharField(blank=True, choices=[('', 'getoond'), ('small', 'te klein'), ('hidden', 'verraadt een klein aantal')], max_length=6)),
                ('publication', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='cells', to='dashboard.publication')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'ordering': ['table', 'position', 'id'],
                'indexes': [models.Index(fields=['publication', 'audience', 'unit', 'municipality_code'], name='cell_of_unit')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='dashboard_publishedcell_region_id'), wor.tenancy.constraints.RegionForeignKey(field='publication', name='dashboard_publishedcell_publication_same_region'), wor.tenancy.constraints.RegionForeignKey(field='unit', name='dashboard_publishedcell_unit_same_region'), models.CheckConstraint(condition=models.Q(('audience__in', ['core', 'strict', 'funder'])), name='cell_audience_known'), models.CheckConstraint(condition=models.Q(('value__isnull', True), ('why', ''), _connector='XOR'), name='cell_shown_or_not_and_why')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('audience', models.CharField(choices=[('core', 'Kernteam'), ('strict', 'Kernteam met een lid van gemeente of verzekeraar'), ('funder', 'Gemeente en zorgverzekeraar')], max_length=6)),
                ('municipality_code', models.CharField(blank=True, max_length=6)),
                ('format', models.CharField(choices=[('pdf', 'PDF'), ('xlsx', 'Excel'), ('csv', 'CSV')], max_length=4)),
                ('definition_version', models.PositiveSmallIntegerField()),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('progress', models.PositiveSmallIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('started_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('failed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('checksum', models.CharField(blank=True, max_length=64)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('file', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.storedfile')),
                ('publication', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dashboard.publication')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['region', 'id'], name='report_due')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='dashboard_report_region_id'), wor.tenancy.constraints.RegionForeignKey(field='publication', name='dashboard_report_publication_same_region'), wor.tenancy.constraints.RegionForeignKey(field='unit', name='dashboard_report_unit_same_region'), wor.tenancy.constraints.RegionForeignKey(field='by', name='dashboard_report_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='file', name='dashboard_report_file_same_region'), models.UniqueConstraint(fields=('region', 'publication', 'audience', 'unit', 'municipality_code', 'format', 'definition_version'), name='report_made_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), models.Q(('done_at__isnull', False), ('file__isnull', False), models.Q(('checksum', ''), _negated=True)), _connector='OR'), name='report_done_with_file')],
            },
        ),
    ]
