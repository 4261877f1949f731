import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Every deal has its stage now: say so, and index what board and funnel ask for."""

    dependencies = [
        ("catalog", "0001_initial"),
        ("customers", "0001_initial"),
        ("organization", "0001_initial"),
        ("pipeline", "0003_first_pipeline"),
    ]

    operations = [
        migrations.RemoveField(model_name="opportunity", name="stage_word"),
        migrations.AlterModelOptions(
            name='opportunity',
            options={'verbose_name': 'Opportunity'},
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='closed_on',
            field=models.DateField(blank=True, null=True, verbose_name='Closed on'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='competitors',
            field=models.TextField(blank=True, verbose_name='Competitors'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='customer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer', verbose_name='Customer'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='furthest',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.stage'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='next_step',
            field=models.CharField(blank=True, max_length=200, verbose_name='Next step'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='number',
            field=models.CharField(max_length=80, unique=True, verbose_name='Number'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='opened_on',
            field=models.DateField(verbose_name='Opened on'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='opener',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person', verbose_name='Opened by'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person', verbose_name='Owner'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='product',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product', verbose_name='Product'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='reason',
            field=models.TextField(blank=True, verbose_name='Reason'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='source',
            field=models.CharField(blank=True, max_length=80, verbose_name='Source'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='stage',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.stage', verbose_name='Stage'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='stage_on',
            field=models.DateField(verbose_name='In this stage since'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='state',
            field=models.CharField(max_length=10, verbose_name='State'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='title',
            field=models.CharField(max_length=200, verbose_name='Title'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Unit'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='value',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='Value'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(fields=['state', '-id'], name='deal_by_state'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['stage', 'close_on', 'id'], include=('amount', 'category', 'stage_on'), name='deal_on_board'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('closed_on__isnull', False)), fields=['stage', 'closed_on', 'id'], include=('value', 'reason_code', 'opened_on'), name='deal_by_close'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(fields=['opened_on'], include=('furthest', 'state', 'stage', 'amount', 'value'), name='deal_by_opening'),
        ),
        migrations.AddIndex(
            model_name='stagemove',
            index=models.Index(fields=['deal', 'id'], name='move_by_deal'),
        ),
        migrations.AddIndex(
            model_name='stagemove',
            index=models.Index(condition=models.Q(('from_stage__isnull', False), ('is_undone', False)), fields=['from_stage', 'days'], name='move_by_stage'),
        ),
        migrations.AddIndex(
            model_name='stagemove',
            index=models.Index(condition=models.Q(('from_stage__isnull', False), ('is_undone', False)), fields=['moved_on'], include=('from_stage', 'days', 'amount'), name='move_by_day'),
        ),
        migrations.AddIndex(
            model_name='stagemove',
            index=models.Index(condition=models.Q(('from_stage__isnull', False), ('is_undone', False)), fields=['opened_on'], include=('from_stage', 'days'), name='move_by_cohort'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'won', 'lost'))), name='deal_state_known'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_on__isnull', False)), _connector='OR'), name='deal_closed_with_a_day'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'won'), _negated=True), ('value__gt', 0), _connector='OR'), name='deal_won_with_a_value'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(('amount', None), ('amount__gte', 0), _connector='OR'), name='deal_amount_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['pipeline', 'best_case', 'commit', 'omitted'])), name='deal_category_known'),
        ),
        migrations.AddConstraint(
            model_name='stagemove',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('days', None), ('from_stage', None)), models.Q(('days__gte', 0), ('from_stage__isnull', False)), _connector='OR'), name='move_with_days_in_the_former_stage'),
        ),
        # The state of a deal is the kind of its stage; the database holds them together.
        migrations.RunSQL(
            """ALTER TABLE pipeline_stage ADD CONSTRAINT stage_with_its_kind UNIQUE (id, kind);
            ALTER TABLE pipeline_opportunity ADD CONSTRAINT deal_state_is_of_its_stage
            FOREIGN KEY (stage_id, state) REFERENCES pipeline_stage (id, kind)""",
            """ALTER TABLE pipeline_opportunity DROP CONSTRAINT deal_state_is_of_its_stage;
            ALTER TABLE pipeline_stage DROP CONSTRAINT stage_with_its_kind""",
        ),
    ]
