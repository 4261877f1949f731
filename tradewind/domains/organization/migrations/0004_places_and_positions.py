import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0003_specialday'),
    ]

    operations = [
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.IntegerField(default=1, editable=False)),
                ('title', models.CharField(max_length=80)),
                ('duties', models.TextField(blank=True)),
                ('headcount', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='UnitPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('path', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='one_assignment_at_a_time',
        ),
        migrations.AddField(
            model_name='unit',
            name='closed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='position',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='position',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.position'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('person', '='), (models.Func('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='one_assignment_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_head', True)), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('unit', '='), (models.Func('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='one_head_at_a_time'),
        ),
        migrations.AddField(
            model_name='unitplace',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.UniqueConstraint(fields=('unit', 'title'), name='a_title_once_per_unit'),
        ),
        migrations.AddConstraint(
            model_name='unitplace',
            constraint=models.UniqueConstraint(fields=('unit', 'starts_on'), name='one_place_per_unit_and_day'),
        ),
        # Units that were never moved stood where they stand since the first day there is.
        migrations.RunSQL(
            "INSERT INTO organization_unitplace (unit_id, starts_on, path)"
            " SELECT id, '0001-01-01', path FROM organization_unit",
            migrations.RunSQL.noop,
        ),
    ]
