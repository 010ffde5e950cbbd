"""A payment's line takes the payment's id for its own, so that one index less is written."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Settled lines keep all that they say; nothing else refers to their ids."""

    dependencies = [("settlement", "0001_tables")]

    operations = [
        migrations.RemoveConstraint("settlementline", name="line_payment_settled_once"),
        migrations.RemoveIndex("settlementline", name="line_of_payment"),
        migrations.RunSQL(
            "UPDATE settlement_settlementline SET id = payment_id WHERE kind = 'PAYMENT'",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            "settlementline",
            "batch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="settlement.settlementbatch",
            ),
        ),
        migrations.AlterField(
            "settlementline",
            "fee_rule",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="settlement.feerule",
            ),
        ),
        migrations.AddIndex(
            "settlementline",
            models.Index(
                name="line_after_payment",
                fields=["payment_id", "kind"],
                condition=~Q(kind="PAYMENT"),
            ),
        ),
        migrations.AddConstraint(
            "settlementline",
            models.CheckConstraint(
                name="line_of_payment_has_its_id",
                condition=~Q(kind="PAYMENT") | Q(payment_id=F("id")),
            ),
        ),
    ]
