import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

CATEGORIES = [("pipeline", "Pipeline"), ("best_case", "Best case"), ("commit", "Commit"), ("omitted", "Omitted")]


def key():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def recorded():
    return [
        key(),
        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        ("version", models.IntegerField(default=1, editable=False)),
    ]


def named():
    return [
        *recorded(),
        ("name", models.CharField(max_length=80, verbose_name="Name")),
        ("name_en", models.CharField(max_length=80, verbose_name="English name")),
    ]


def to(model, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model, **more)


class Migration(migrations.Migration):
    """Pipelines, stages, reasons and moves as tables; a deal's former word for its stage is set aside."""

    dependencies = [("organization", "0001_initial"), ("pipeline", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE pipeline_number AS bigint", "DROP SEQUENCE pipeline_number"),
        migrations.CreateModel(
            name="Pipeline",
            fields=[
                *named(),
                ("key", models.CharField(max_length=40, unique=True, verbose_name="Key")),
                ("is_default", models.BooleanField(default=False, verbose_name="Default")),
                ("is_archived", models.BooleanField(default=False, verbose_name="Archived")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="one_default_pipeline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_archived", True), ("is_default", True), _negated=True),
                        name="default_pipeline_is_in_use",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReasonCode",
            fields=[
                *named(),
                ("key", models.CharField(max_length=40, verbose_name="Key")),
                ("kind", models.CharField(max_length=10, verbose_name="Kind")),
                ("position", models.SmallIntegerField(verbose_name="Position")),
                ("is_archived", models.BooleanField(default=False, verbose_name="Archived")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="a_reason_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("won", "lost"))), name="reason_for_won_or_lost"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                *named(),
                ("key", models.CharField(max_length=40, verbose_name="Key")),
                ("kind", models.CharField(max_length=10, verbose_name="Kind")),
                ("position", models.SmallIntegerField(verbose_name="Position")),
                (
                    "probability_rate",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="Probability"),
                ),
                (
                    "expected_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Expected days"),
                ),
                (
                    "criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        default=list,
                        size=None,
                        verbose_name="Exit criteria",
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="pipeline.pipeline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pipeline", "key"), name="a_stage_key_once"),
                    models.UniqueConstraint(
                        deferrable=models.Deferrable["DEFERRED"],
                        fields=("pipeline", "position"),
                        name="a_stage_position_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "open"), _negated=True),
                        fields=("pipeline", "kind"),
                        name="one_stage_for_won_and_lost",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "open"),
                                ("probability_rate__gte", 0),
                                ("probability_rate__lte", 1),
                            ),
                            models.Q(("kind", "won"), ("probability_rate", 1)),
                            models.Q(("kind", "lost"), ("probability_rate", 0)),
                            _connector="OR",
                        ),
                        name="stage_probability_fits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                key(),
                ("visits", models.IntegerField()),
                ("p80_days", models.IntegerField()),
                ("measured_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "stage",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pace", to="pipeline.stage"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StageMove",
            fields=[
                key(),
                ("opened_on", models.DateField()),
                ("moved_on", models.DateField()),
                ("moved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("days", models.IntegerField(null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("note", models.TextField(blank=True)),
                ("is_undone", models.BooleanField(default=False)),
                (
                    "deal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="pipeline.opportunity",
                    ),
                ),
                ("from_stage", to("pipeline.stage", db_index=False, null=True)),
                ("to_stage", to("pipeline.stage", db_index=False)),
                ("person", to("organization.person", db_index=False, null=True)),
            ],
        ),
        migrations.RemoveConstraint(model_name="opportunity", name="deal_stage_known"),
        migrations.RemoveConstraint(model_name="opportunity", name="deal_closed_with_a_day"),
        migrations.RemoveConstraint(model_name="opportunity", name="deal_won_with_a_value"),
        migrations.RemoveIndex(model_name="opportunity", name="deal_by_stage"),
        migrations.RenameField(model_name="opportunity", old_name="stage", new_name="stage_word"),
        *(
            migrations.AddField(model_name="opportunity", name=name, field=field)
            for name, field in (
                ("title", models.CharField(default="", max_length=200, verbose_name="Title")),
                ("state", models.CharField(max_length=10, null=True, verbose_name="State")),
                ("stage", to("pipeline.stage", db_index=False, null=True, verbose_name="Stage")),
                ("furthest", to("pipeline.stage", db_index=False, null=True)),
                ("stage_on", models.DateField(null=True, verbose_name="In this stage since")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                        verbose_name="Expected amount",
                    ),
                ),
                ("close_on", models.DateField(blank=True, null=True, verbose_name="Expected close")),
                (
                    "category",
                    models.CharField(
                        choices=CATEGORIES,
                        default="pipeline",
                        max_length=10,
                        verbose_name="Forecast category",
                    ),
                ),
                (
                    "next_step",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="Next step"),
                ),
                ("next_step_on", models.DateField(blank=True, null=True, verbose_name="Next step due")),
                ("source", models.CharField(blank=True, default="", max_length=80, verbose_name="Source")),
                ("competitors", models.TextField(blank=True, default="", verbose_name="Competitors")),
                (
                    "reason_code",
                    to("pipeline.reasoncode", blank=True, null=True, verbose_name="Main reason"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="Entered at"
                    ),
                ),
            )
        ),
    ]
