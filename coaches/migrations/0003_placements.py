import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import wor.tenancy.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('activities', '0003_directory'),
        ('coaches', '0002_arrange_contact'),
        ('referrals', '0003_placements'),
        ('tenancy', '0003_municipalities'),
    ]

    operations = [
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('status', models.CharField(choices=[('proposed', 'Voorgesteld'), ('introduced', 'Kennisgemaakt'), ('started', 'Begonnen'), ('continuing', 'Doet nog mee'), ('stopped', 'Gestopt')], default='proposed', max_length=10)),
                ('why', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('is_warm', models.BooleanField(default=False)),
                ('proposed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('introduced_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('started_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('continuing_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('stopped_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('key', models.UUIDField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('activity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='activities.activity')),
                ('continuing_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('introduced_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='placements', to='referrals.referral')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('started_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('stop_reason', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referrals.closingreason')),
                ('stopped_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['referral'], name='placement_of_referral'), models.Index(condition=models.Q(('status', 'stopped'), _negated=True), fields=['activity'], name='placement_in_activity')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='coaches_placement_region_id'), wor.tenancy.constraints.RegionForeignKey(field='referral', name='coaches_placement_referral_same_region'), wor.tenancy.constraints.RegionForeignKey(field='welfare_organisation', name='coaches_placement_welfare_organisation_same_region'), wor.tenancy.constraints.RegionForeignKey(field='activity', name='coaches_placement_activity_same_region'), wor.tenancy.constraints.RegionForeignKey(field='proposed_by', name='coaches_placement_proposed_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='introduced_by', name='coaches_placement_introduced_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='started_by', name='coaches_placement_started_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='continuing_by', name='coaches_placement_continuing_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='stopped_by', name='coaches_placement_stopped_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='stop_reason', name='coaches_placement_stop_reason_same_region'), models.UniqueConstraint(fields=('region', 'key'), name='placement_key_once'), models.UniqueConstraint(condition=models.Q(('status', 'stopped'), _negated=True), fields=('referral', 'activity'), name='placement_running_once'), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'introduced', 'started', 'continuing', 'stopped'])), name='placement_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'stopped'), ('stop_reason__isnull', False), ('stopped_at__isnull', False)), models.Q(models.Q(('status', 'stopped'), _negated=True), ('stop_reason__isnull', True), ('stopped_at__isnull', True)), _connector='OR'), name='placement_stopped_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['started', 'continuing']), _negated=True), ('started_at__isnull', False), _connector='OR'), name='placement_started_before_it_goes_on'), models.CheckConstraint(condition=models.Q(models.Q(('proposed_at__isnull', True), ('proposed_by__isnull', True)), models.Q(('proposed_at__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='placement_proposed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('introduced_at__isnull', True), ('introduced_by__isnull', True)), models.Q(('introduced_at__isnull', False), ('introduced_by__isnull', False)), _connector='OR'), name='placement_introduced_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('started_at__isnull', True), ('started_by__isnull', True)), models.Q(('started_at__isnull', False), ('started_by__isnull', False)), _connector='OR'), name='placement_started_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('continuing_at__isnull', True), ('continuing_by__isnull', True)), models.Q(('continuing_at__isnull', False), ('continuing_by__isnull', False)), _connector='OR'), name='placement_continuing_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('stopped_at__isnull', True), ('stopped_by__isnull', True)), models.Q(('stopped_at__isnull', False), ('stopped_by__isnull', False)), _connector='OR'), name='placement_stopped_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='PlacementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('status', models.CharField(choices=[('proposed', 'Voorgesteld'), ('introduced', 'Kennisgemaakt'), ('started', 'Begonnen'), ('continuing', 'Doet nog mee'), ('stopped', 'Gestopt')], default='proposed', max_length=10)),
                ('why', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('is_warm', models.BooleanField(default=False)),
                ('proposed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('introduced_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('started_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('continuing_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('stopped_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('key', models.UUIDField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('activity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='activities.activity')),
                ('continuing_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership')),
                ('introduced_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='coaches.placement')),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership')),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='referrals.referral')),
                ('region', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenancy.region')),
                ('started_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership')),
                ('stop_reason', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='referrals.closingreason')),
                ('stopped_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('missing', 'Bestaat niet'), ('too_far', 'Wel, maar te ver'), ('too_expensive', 'Te duur'), ('wrong_time', 'Verkeerd moment (avond, weekend)'), ('full', 'Vol'), ('not_accessible', 'Niet toegankelijk'), ('language', 'Niet in eigen taal'), ('age', 'Niet voor deze leeftijd')], max_length=14)),
                ('note', models.CharField(blank=True, max_length=140)),
                ('key', models.UUIDField()),
                ('handled_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('district', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='activities.district')),
                ('handled_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('practice', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('target_cell', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='activities.targetcell')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='activities.theme')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'created_at'], name='gap_of_practice'), models.Index(condition=models.Q(('handled_at__isnull', True)), fields=['region', 'id'], name='gap_to_do')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='coaches_gap_region_id'), wor.tenancy.constraints.RegionForeignKey(field='welfare_organisation', name='coaches_gap_welfare_organisation_same_region'), wor.tenancy.constraints.RegionForeignKey(field='practice', name='coaches_gap_practice_same_region'), wor.tenancy.constraints.RegionForeignKey(field='target_cell', name='coaches_gap_target_cell_same_region'), wor.tenancy.constraints.RegionForeignKey(field='theme', name='coaches_gap_theme_same_region'), wor.tenancy.constraints.RegionForeignKey(field='district', name='coaches_gap_district_same_region'), wor.tenancy.constraints.RegionForeignKey(field='by', name='coaches_gap_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='handled_by', name='coaches_gap_handled_by_same_region'), models.UniqueConstraint(fields=('region', 'key'), name='gap_key_once'), models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('handled_by__isnull', True)), models.Q(('handled_at__isnull', False), ('handled_by__isnull', False)), _connector='OR'), name='gap_handled_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('moment', models.CharField(choices=[('t1', 'Bij de opvolging')], default='t1', max_length=2)),
                ('value', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='measurements', to='referrals.referral')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='coaches_measurement_region_id'), wor.tenancy.constraints.RegionForeignKey(field='referral', name='coaches_measurement_referral_same_region'), wor.tenancy.constraints.RegionForeignKey(field='welfare_organisation', name='coaches_measurement_welfare_organisation_same_region'), wor.tenancy.constraints.RegionForeignKey(field='by', name='coaches_measurement_by_same_region'), models.UniqueConstraint(fields=('region', 'referral', 'moment'), name='measured_once_each_moment'), models.CheckConstraint(condition=models.Q(('value__lte', 10)), name='measurement_0_to_10')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "coaches_placementevent" ("activity_id", "continuing_at", "continuing_by_id", "created_at", "id", "introduced_at", "introduced_by_id", "is_warm", "key", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference", "referral_id", "region_id", "started_at", "started_by_id", "status", "stop_reason_id", "stopped_at", "stopped_by_id", "version", "welfare_organisation_id", "why") VALUES (OLD."activity_id", OLD."continuing_at", OLD."continuing_by_id", OLD."created_at", OLD."id", OLD."introduced_at", OLD."introduced_by_id", OLD."is_warm", OLD."key", NOW(), \'update\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reference", OLD."referral_id", OLD."region_id", OLD."started_at", OLD."started_by_id", OLD."status", OLD."stop_reason_id", OLD."stopped_at", OLD."stopped_by_id", OLD."version", OLD."welfare_organisation_id", OLD."why"); RETURN NULL;', hash='dabf0b1b52d7396430aebbddf082a05c8ff25871', operation='UPDATE', pgid='pgtrigger_update_update_2bd50', table='coaches_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aeb890b54443bbcd9d19f6ab38e1cdf070c4f469', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b4778', table='coaches_placementevent', when='BEFORE')),
        ),
    ]
