import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import wor.tenancy.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('activities', '0001_initial'),
        ('referrals', '0001_initial'),
        ('tenancy', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('introduction', 'Kennismaking'), ('talk', 'Vervolggesprek'), ('accompany', 'Meegaan naar activiteit'), ('follow_up', 'Opvolging'), ('referrer', 'Overleg met verwijzer'), ('provider', 'Overleg met aanbieder'), ('mdo', 'MDO'), ('other_help', 'Overleg met andere hulp'), ('concern', 'Zorgen: praktijk gebeld')], max_length=14)),
                ('way', models.CharField(choices=[('practice', 'In de praktijk'), ('office', 'Bij de welzijnsorganisatie'), ('home', 'Thuis'), ('walking', 'Wandelend of onderweg'), ('phone', 'Telefoon'), ('video', 'Beeldbellen'), ('message', 'Bericht'), ('letter', 'Brief')], max_length=10)),
                ('result', models.CharField(choices=[('spoken', 'Gesproken'), ('no_answer', 'Geen gehoor'), ('voicemail', 'Voicemail ingesproken'), ('callback', 'Terugbelverzoek achtergelaten'), ('no_show', 'Niet gekomen'), ('cancelled_by_client', 'Afgezegd door cliënt'), ('moved', 'Verzet'), ('cancelled_by_us', 'Afgezegd door ons'), ('wrong_number', 'Nummer klopt niet')], default='spoken', max_length=20)),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('line', models.CharField(blank=True, max_length=300)),
                ('told_to', models.CharField(blank=True, max_length=120)),
                ('key', models.UUIDField()),
                ('entered_in_error_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('entered_in_error_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='contacts', to='referrals.referral')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['referral', 'at'], name='contact_of_referral')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='coaches_contact_region_id'), wor.tenancy.constraints.RegionForeignKey(field='referral', name='coaches_contact_referral_same_region'), wor.tenancy.constraints.RegionForeignKey(field='welfare_organisation', name='coaches_contact_welfare_organisation_same_region'), wor.tenancy.constraints.RegionForeignKey(field='by', name='coaches_contact_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='entered_in_error_by', name='coaches_contact_entered_in_error_by_same_region'), models.UniqueConstraint(fields=('region', 'key'), name='contact_key_once'), models.CheckConstraint(condition=models.Q(('minutes__isnull', True), ('minutes__lte', 600), _connector='OR'), name='contact_minutes_sane')],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('due_on', models.DateField()),
                ('text', models.CharField(max_length=200)),
                ('key', models.UUIDField()),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('done_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='actions', to='referrals.referral')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
                ('done_in', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='coaches.contact')),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['owner', 'due_on'], name='action_to_do'), models.Index(fields=['referral'], name='action_of_referral')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='coaches_action_region_id'), wor.tenancy.constraints.RegionForeignKey(field='referral', name='coaches_action_referral_same_region'), wor.tenancy.constraints.RegionForeignKey(field='welfare_organisation', name='coaches_action_welfare_organisation_same_region'), wor.tenancy.constraints.RegionForeignKey(field='owner', name='coaches_action_owner_same_region'), wor.tenancy.constraints.RegionForeignKey(field='done_by', name='coaches_action_done_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='done_in', name='coaches_action_done_in_same_region'), models.UniqueConstraint(fields=('region', 'key'), name='action_key_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_by__isnull', True)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='action_done_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('wish', models.TextField(blank=True, max_length=1000)),
                ('strengths', models.TextField(blank=True, max_length=1000)),
                ('obstacles', models.TextField(blank=True, max_length=1000)),
                ('prior_needs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('wellbeing_t0', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('held_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('held_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='intakes', to='referrals.referral')),
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='activities.theme')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='coaches_intake_region_id'), wor.tenancy.constraints.RegionForeignKey(field='referral', name='coaches_intake_referral_same_region'), wor.tenancy.constraints.RegionForeignKey(field='welfare_organisation', name='coaches_intake_welfare_organisation_same_region'), wor.tenancy.constraints.RegionForeignKey(field='theme', name='coaches_intake_theme_same_region'), wor.tenancy.constraints.RegionForeignKey(field='held_by', name='coaches_intake_held_by_same_region'), models.UniqueConstraint(fields=('referral', 'welfare_organisation'), name='one_intake_each'), models.CheckConstraint(condition=models.Q(('wellbeing_t0__isnull', True), ('wellbeing_t0__lte', 10), _connector='OR'), name='intake_figure_0_to_10')],
            },
        ),
        migrations.CreateModel(
            name='IntakeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('wish', models.TextField(blank=True, max_length=1000)),
                ('strengths', models.TextField(blank=True, max_length=1000)),
                ('obstacles', models.TextField(blank=True, max_length=1000)),
                ('prior_needs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('wellbeing_t0', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('held_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('held_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.membership')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='coaches.intake')),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='referrals.referral')),
                ('region', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenancy.region')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='activities.theme')),
                ('welfare_organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='intake',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "coaches_intakeevent" ("created_at", "held_at", "held_by_id", "id", "obstacles", "pgh_created_at", "pgh_label", "pgh_obj_id", "prior_needs", "reference", "referral_id", "region_id", "strengths", "theme_id", "version", "welfare_organisation_id", "wellbeing_t0", "wish") VALUES (OLD."created_at", OLD."held_at", OLD."held_by_id", OLD."id", OLD."obstacles", NOW(), \'update\', OLD."id", OLD."prior_needs", OLD."reference", OLD."referral_id", OLD."region_id", OLD."strengths", OLD."theme_id", OLD."version", OLD."welfare_organisation_id", OLD."wellbeing_t0", OLD."wish"); RETURN NULL;', hash='49bdc9e574014035aecf4637a150a0757514cb63', operation='UPDATE', pgid='pgtrigger_update_update_07dab', table='coaches_intake', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='intakeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='936c1abae11ad2418b5519f3f662c0c2d955b652', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_67d1a', table='coaches_intakeevent', when='BEFORE')),
        ),
    ]
