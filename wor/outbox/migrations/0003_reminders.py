import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0002_notice_kinds'),
        ('tenancy', '0003_municipalities'),
    ]

    operations = [
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
                ('region', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.region')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('cancelled_at__isnull', True), ('done_at__isnull', True)), fields=['region', 'due_at', 'id'], name='reminder_due'), models.Index(fields=['subject_ref'], name='reminder_of_subject')],
                'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='outbox_reminder_region_id'), models.UniqueConstraint(fields=('region', 'kind', 'subject_ref', 'step'), name='one_reminder_each'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='reminder_done_or_cancelled')],
            },
        ),
    ]
