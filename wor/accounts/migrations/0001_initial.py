import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import uuid
import wor.tenancy.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(db_index=False, max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(db_index=False, blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mailadres')),
                ('name', models.CharField(max_length=120, verbose_name='naam')),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='address_in_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='IdentityProvider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('name', models.CharField(max_length=60)),
                ('issuer', models.URLField()),
                ('client_id', models.CharField(max_length=200)),
                ('secret_encrypted', models.TextField()),
                ('is_active', models.BooleanField(default=True)),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='accounts_identityprovider_region_id'), models.UniqueConstraint(fields=('region',), name='one_identity_provider_per_region')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('role', models.CharField(choices=[('referrer', 'verwijzer'), ('coach', 'welzijnscoach'), ('coordinator', 'coördinator'), ('core_team', 'kernteamlid'), ('funder', 'gemeente of zorgverzekeraar'), ('region_admin', 'regiobeheerder')], max_length=14)),
                ('function', models.CharField(blank=True, choices=[('gp', 'huisarts'), ('practice_nurse', 'praktijkondersteuner'), ('assistant', 'doktersassistent')], max_length=16)),
                ('display_name', models.CharField(max_length=120)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('is_contact_point', models.BooleanField(default=False)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ended_by', models.ForeignKey(db_index=False, blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('organisation', models.ForeignKey(db_index=False, db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='memberships', to='tenancy.organisation')),
                ('photo', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.storedfile')),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['display_name', 'id'],
                'indexes': [models.Index(fields=['user'], name='membership_of_user'), models.Index(fields=['organisation', 'role'], name='membership_of_organisation')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='accounts_membership_region_id'), wor.tenancy.constraints.RegionForeignKey(field='organisation', name='accounts_membership_organisation_same_region'), wor.tenancy.constraints.RegionForeignKey(field='photo', name='accounts_membership_photo_same_region'), wor.tenancy.constraints.RegionForeignKey(field='ended_by', name='accounts_membership_ended_by_same_region'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('region', 'user', 'organisation', 'role'), name='one_membership_per_role'), models.CheckConstraint(condition=models.Q(('role__in', ['referrer', 'coach', 'coordinator', 'core_team', 'funder', 'region_admin'])), name='membership_role_known'), models.CheckConstraint(condition=models.Q(('function__in', ['', 'gp', 'practice_nurse', 'assistant'])), name='membership_function_known'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_from__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='membership_ends_after_it_begins'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at__isnull', True), ('role__in', ['funder', 'coach', 'coordinator'])), expressions=[('region', '='), ('user', '='), (models.Case(models.When(role='funder', then=1), default=2, output_field=models.IntegerField()), '<>')], name='funder_does_not_guide'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at__isnull', True), ('role__in', ['region_admin', 'referrer', 'coach', 'coordinator'])), expressions=[('region', '='), ('user', '='), (models.Case(models.When(role='region_admin', then=1), default=2, output_field=models.IntegerField()), '<>')], name='administrator_reads_no_cases')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('email', models.EmailField(max_length=254)),
                ('name', models.CharField(max_length=120)),
                ('role', models.CharField(choices=[('referrer', 'verwijzer'), ('coach', 'welzijnscoach'), ('coordinator', 'coördinator'), ('core_team', 'kernteamlid'), ('funder', 'gemeente of zorgverzekeraar'), ('region_admin', 'regiobeheerder')], max_length=14)),
                ('function', models.CharField(blank=True, choices=[('gp', 'huisarts'), ('practice_nurse', 'praktijkondersteuner'), ('assistant', 'doktersassistent')], max_length=16)),
                ('is_contact_point', models.BooleanField(default=False)),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('token_hash', models.CharField(blank=True, max_length=64)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.organisation')),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
                ('accepted_by', models.ForeignKey(db_index=False, blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('invited_by', models.ForeignKey(db_index=False, blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('revoked_by', models.ForeignKey(db_index=False, blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='accounts_invitation_region_id'), wor.tenancy.constraints.RegionForeignKey(field='organisation', name='accounts_invitation_organisation_same_region'), wor.tenancy.constraints.RegionForeignKey(field='invited_by', name='accounts_invitation_invited_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='accepted_by', name='accounts_invitation_accepted_by_same_region'), wor.tenancy.constraints.RegionForeignKey(field='revoked_by', name='accounts_invitation_revoked_by_same_region'), models.UniqueConstraint(condition=models.Q(('token_hash', ''), _negated=True), fields=('region', 'token_hash'), name='invitation_token_once'), models.CheckConstraint(condition=models.Q(('role__in', ['referrer', 'coach', 'coordinator', 'core_team', 'funder', 'region_admin'])), name='invitation_role_known')],
            },
        ),
    ]
