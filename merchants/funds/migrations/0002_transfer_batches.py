import django.db.models.deletion
from django.db import migrations, models

import config.kernel.clock
import config.kernel.ids
import merchants.funds.values


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0001_initial"),
        ("onboarding", "0004_how_persons_are_named"),
    ]

    operations = [
        migrations.CreateModel(
            name="TransferBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reference", models.CharField(max_length=64)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("title", models.CharField(blank=True, max_length=128)),
                ("app_id", models.CharField(blank=True, max_length=16)),
                ("product", models.CharField(blank=True, max_length=64)),
                ("scene", models.CharField(blank=True, max_length=64)),
                ("origin", models.CharField(blank=True, max_length=64)),
                ("count", models.PositiveIntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[("SENDING", "SENDING"), ("DONE", "DONE"), ("CLOSED", "CLOSED")],
                        default=merchants.funds.values.BatchState["SENDING"],
                        max_length=7,
                    ),
                ),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer_batches",
                        to="onboarding.merchant",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "transfer batches",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("reference", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("WALLET", "WALLET"), ("BANK_CARD", "BANK_CARD")], max_length=9
                    ),
                ),
                (
                    "named_by",
                    models.CharField(
                        choices=[("NUMBER", "NUMBER"), ("LOGIN", "LOGIN"), ("CARD", "CARD")],
                        max_length=6,
                    ),
                ),
                ("identity", models.CharField(max_length=128)),
                ("name", models.CharField(blank=True, max_length=128)),
                ("bank", models.CharField(blank=True, max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("title", models.CharField(blank=True, max_length=128)),
                ("remark", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "WAITING"),
                            ("SENT", "SENT"),
                            ("FAILED", "FAILED"),
                            ("CLOSED", "CLOSED"),
                        ],
                        default=merchants.funds.values.LineState["WAITING"],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64)),
                (
                    "transfer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funds.merchanttransfer",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funds.transferbatch",
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "position"),
            },
        ),
        migrations.AddIndex(
            model_name="transferbatch",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="transfer_batch_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferbatch",
            constraint=models.UniqueConstraint(
                fields=("merchant", "reference"), name="transfer_batch_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="transferbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", True), ("state", "SENDING")),
                    models.Q(
                        models.Q(("state", "SENDING"), _negated=True),
                        ("finished_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="transfer_batch_ended_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="batchline",
            index=models.Index(fields=["batch", "state"], name="batch_line_waiting"),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(
                fields=("batch", "position"), name="batch_line_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(
                fields=("batch", "reference"), name="batch_line_reference"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="batch_line_above_zero"
            ),
        ),
    ]
