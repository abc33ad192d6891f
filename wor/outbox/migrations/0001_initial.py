import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
import wor.tenancy.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('tenancy', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('component', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DirtyMonth',
            fields=[
                ('pk', models.CompositePrimaryKey('region_id', 'practice_id', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('region_id', models.BigIntegerField()),
                ('practice_id', models.BigIntegerField()),
                ('month', models.DateField()),
                ('marked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['marked_at'], name='dirty_month_oldest')],
            },
        ),
        migrations.CreateModel(
            name='Effect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('region_id', models.BigIntegerField(null=True)),
                ('subject_ref', models.UUIDField()),
                ('recipient_membership_id', models.BigIntegerField(null=True)),
                ('recipient_user_id', models.BigIntegerField(null=True)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('sending_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('message_id', models.CharField(blank=True, max_length=80)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True), ('failed_at__isnull', True)), fields=['not_before'], name='effect_due')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject_ref', 'recipient_membership_id', 'recipient_user_id'), name='one_effect_each', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('referral_new', 'Nieuwe verwijzing'), ('referral_assigned', 'Verwijzing voor jou'), ('feedback_ready', 'Terugkoppeling'), ('question_asked', 'Vraag'), ('question_answered', 'Antwoord op je vraag'), ('referral_declined', 'Niet passend'), ('referral_withdrawn', 'Verwijzing ingetrokken'), ('referral_supplemented', 'Aanvulling op een verwijzing'), ('consent_withdrawn', 'Toestemming ingetrokken'), ('client_deceased', 'Overlijden doorgegeven'), ('referral_handed_over', 'Cliënt naar een collega'), ('coach_absent', 'Coach afwezig'), ('capacity_open', 'Er is weer plek'), ('colleague_new', 'Nieuwe collega'), ('delivery_failed', 'E-mail niet aangekomen'), ('activity_reported', 'Klopt dit niet?'), ('activity_proposed', 'Voorstel voor de sociale kaart'), ('provider_answered', 'Antwoord van een aanbieder'), ('file_checked', 'Bestand nagekeken'), ('file_applied', 'Bestand verwerkt'), ('unanswered', 'Verwijzing nog niet aangenomen'), ('first_contact_due', 'Eerste contact'), ('feedback_due', 'Terugkoppeling schrijven'), ('coach_due', 'Coach kiezen'), ('still_wanted', 'Nog gewenst?'), ('pause_over', 'Pauze voorbij'), ('follow_up_due', 'Vragen hoe het gaat'), ('question_waits', 'Vraag wacht op antwoord'), ('draft_waits', 'Concept wordt gewist'), ('confirm_by_phone', 'Aanbieder bellen')], max_length=30)),
                ('subject_ref', models.UUIDField()),
                ('read_at', models.DateTimeField(null=True)),
                ('membership', models.ForeignKey(db_index=False, db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership')),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('read_at__isnull', True)), fields=['membership', '-id'], name='notice_unread'), models.Index(fields=['membership', '-id'], include=('read_at',), name='notice_of_membership')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='outbox_notice_region_id'), wor.tenancy.constraints.RegionForeignKey(field='membership', name='outbox_notice_membership_same_region')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(max_length=30)),
                ('subject_type', models.CharField(max_length=30)),
                ('subject_ref', models.UUIDField()),
                ('step', models.PositiveSmallIntegerField(default=1)),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('region', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('cancelled_at__isnull', True), ('done_at__isnull', True)), fields=['region', 'due_at', 'id'], name='reminder_due'), models.Index(fields=['subject_ref'], name='reminder_of_subject')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='outbox_reminder_region_id'), models.UniqueConstraint(fields=('region', 'kind', 'subject_ref', 'step'), name='one_reminder_each'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='reminder_done_or_cancelled')],
            },
        ),
    ]
