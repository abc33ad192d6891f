import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
import wor.audit.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignInEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('user_id', models.BigIntegerField(null=True)),
                ('address_hmac', models.CharField(blank=True, max_length=64)),
                ('kind', models.CharField(max_length=30)),
                ('outcome', models.CharField(max_length=10)),
                ('ip', models.GenericIPAddressField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['user_id', 'at'], name='sign_in_by_user')],
            },
        ),
        migrations.CreateModel(
            name='AccessLogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('action', models.CharField(choices=[('C', 'aangemaakt'), ('R', 'bekeken'), ('U', 'gewijzigd'), ('D', 'verwijderd'), ('E', 'uitgevoerd')], max_length=1)),
                ('kind', models.CharField(choices=[('read', 'bekeken'), ('list', 'in een lijst gezien'), ('search', 'gezocht'), ('change', 'gewijzigd'), ('export', 'uitgevoerd naar een bestand'), ('print', 'afgedrukt'), ('refused', 'geweigerd'), ('sign-in', 'aangemeld'), ('log-access', 'logboek bekeken')], max_length=12)),
                ('outcome', models.CharField(default='ok', max_length=10)),
                ('user_id', models.BigIntegerField(null=True)),
                ('membership_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(blank=True, max_length=120)),
                ('role', models.CharField(blank=True, max_length=20)),
                ('organisation_id', models.BigIntegerField(null=True)),
                ('organisation_name', models.CharField(blank=True, max_length=120)),
                ('on_behalf_of', models.BigIntegerField(null=True)),
                ('ip', models.GenericIPAddressField(null=True)),
                ('purpose', models.CharField(blank=True, max_length=40)),
                ('client_ref', models.UUIDField(null=True)),
                ('client_refs', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None)),
                ('object_type', models.CharField(blank=True, max_length=40)),
                ('object_ref', models.UUIDField(null=True)),
                ('relation', models.CharField(blank=True, max_length=40)),
                ('consent_version', models.CharField(blank=True, max_length=20)),
                ('row_count', models.IntegerField(null=True)),
                ('filter', models.CharField(blank=True, max_length=200)),
                ('request_id', models.CharField(blank=True, max_length=36)),
                ('xid', wor.audit.models.Xid8Field(db_default=wor.audit.models.CurrentTransaction(), editable=False)),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'verbose_name': 'logregel',
                'indexes': [models.Index(fields=['region', 'client_ref', 'at'], name='access_by_client'), models.Index(fields=['region', 'organisation_id', 'at'], name='access_by_organisation'), models.Index(fields=['region', 'user_id', 'at'], name='access_by_user'), models.Index(fields=['region', 'xid'], name='access_to_seal')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='audit_accesslogentry_region_id')],
            },
        ),
        migrations.CreateModel(
            name='AccessSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('up_to_xid', wor.audit.models.Xid8Field()),
                ('first_id', models.BigIntegerField()),
                ('last_id', models.BigIntegerField()),
                ('count', models.IntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('previous_digest', models.CharField(blank=True, max_length=64)),
                ('epoch', models.PositiveIntegerField(default=0)),
                ('above_id', models.BigIntegerField(default=0)),
                ('rows_deleted_at', models.DateTimeField(null=True)),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='audit_accessseal_region_id'), models.UniqueConstraint(fields=('region', 'epoch', 'previous_digest'), name='one_seal_follows_another')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('at', models.DateTimeField()),
                ('name', models.CharField(max_length=60)),
                ('subject_type', models.CharField(max_length=40)),
                ('subject_ref', models.UUIDField()),
                ('referral_id', models.BigIntegerField(null=True)),
                ('actor_membership_id', models.BigIntegerField(null=True)),
                ('actor_label', models.CharField(blank=True, max_length=160)),
                ('data', models.JSONField(default=dict)),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'indexes': [models.Index(fields=['region', 'subject_ref', 'at'], name='event_timeline')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='audit_event_region_id')],
            },
        ),
    ]
