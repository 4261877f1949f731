import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
        ('customers', '0001_initial'),
        ('orders', '0001_initial'),
        ('organization', '0001_initial'),
        ('pipeline', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField()),
                ('description', models.CharField(blank=True, max_length=500)),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=12)),
                ('unit_price', models.DecimalField(decimal_places=4, max_digits=20)),
                ('discount_rate', models.DecimalField(decimal_places=4, default=0, max_digits=5)),
                ('tax_rate', models.DecimalField(decimal_places=4, default=0, max_digits=5)),
                ('net', models.DecimalField(decimal_places=2, max_digits=18)),
                ('tax', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_state_known',
        ),
        migrations.AddField(
            model_name='order',
            name='cancel_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='order',
            name='cancelled_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='drafted_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='order',
            name='confirmed_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='order',
            name='deal',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.opportunity'),
        ),
        migrations.AlterField(
            model_name='order',
            name='number',
            field=models.CharField(max_length=40, null=True, unique=True),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_on', None), ('confirmed_on', None), ('state', 'draft')), models.Q(('cancelled_on', None), ('confirmed_on__isnull', False), ('state', 'confirmed')), models.Q(('state', 'cancelled'), models.Q(('cancelled_on__isnull', False), ('deal__isnull', False), _connector='OR')), _connector='OR'), name='order_state_known'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_on', None), ('number', None)), models.Q(('confirmed_on__isnull', False), ('number__isnull', False)), _connector='OR'), name='order_numbered_when_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('customer__isnull', False), ('deal__isnull', False), _connector='OR'), name='order_has_a_customer'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_on', None), ('confirmed_on', None), ('cancelled_on__gte', models.F('confirmed_on')), _connector='OR'), name='order_cancelled_after_confirming'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.order'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='product',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='one_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('discount_rate__range', (0, 1)), ('net__gte', 0), ('position__gt', 0), ('quantity__gt', 0), ('tax__gte', 0), ('tax_rate__range', (0, 1)), ('unit_price__gte', 0)), name='order_line_in_range'),
        ),
        # Until now each order was made by a deal and had one product: that becomes its one untaxed line.
        migrations.RunSQL(
            "INSERT INTO orders_orderline (order_id, position, product_id, description, quantity, unit_price,"
            " discount_rate, tax_rate, net, tax)"
            " SELECT id, 1, product_id, '', 1, amount, 0, 0, amount, tax FROM orders_order",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(
            model_name='order',
            name='product',
        ),
    ]
