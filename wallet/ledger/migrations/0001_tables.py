"""The tables of wallet.ledger, their guards, and posting in one round trip."""

from pathlib import Path

import django.db.models.expressions
from django.db import migrations, models

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    replaces = [
        ("ledger", "0001_ledger_tables"),
        ("ledger", "0002_append_only_and_posting"),
        ("ledger", "0003_posting_a_pair_in_fewer_steps"),
        ("ledger", "0004_value_dates"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("proved_at", models.DateTimeField(db_index=True)),
                ("passed", models.BooleanField()),
                ("checks", models.JSONField()),
            ],
            options={"db_table": "ledger_proof", "ordering": ["-proved_at", "-id"]},
        ),
        migrations.CreateModel(
            name="UnfoldedAmount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_id", models.UUIDField(db_index=True)),
                ("change_minor", models.BigIntegerField()),
                ("posted_at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_unfolded", "ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=96)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CLIENT_MONEY", "Client money"),
                            ("RECEIVABLE", "Receivable"),
                            ("ASSET", "Asset"),
                            ("CLIENT_LIABILITY", "Client liability"),
                            ("LIABILITY", "Liability"),
                            ("REVENUE", "Revenue"),
                            ("EXPENSE", "Expense"),
                            ("MEMO", "Memo"),
                        ],
                        max_length=20,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "normal_side",
                    models.CharField(
                        choices=[("DEBIT", "Debit"), ("CREDIT", "Credit")], max_length=6
                    ),
                ),
                ("hot", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("FROZEN", "Frozen"), ("CLOSED", "Closed")],
                        default="OPEN",
                        max_length=6,
                    ),
                ),
                ("unit", models.SmallIntegerField(default=0)),
                ("posted_minor", models.BigIntegerField(default=0)),
                ("held_minor", models.BigIntegerField(default=0)),
                ("floor_minor", models.BigIntegerField(null=True)),
                ("last_posted_at", models.DateTimeField(null=True)),
                ("owner_id", models.UUIDField(db_index=True, null=True)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_account",
                "ordering": ["code"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("hot", True)), fields=["id"], name="ledger_account_hot"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="ledger_account_code"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("floor_minor__isnull", True),
                            (
                                "floor_minor__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("posted_minor"), "-", models.F("held_minor")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_account_above_floor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_minor__gte", 0)),
                        name="ledger_account_held_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("normal_side__in", ["DEBIT", "CREDIT"])),
                        name="ledger_account_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["OPEN", "FROZEN", "CLOSED"])),
                        name="ledger_account_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__gte", 0), ("unit__lt", 100)),
                        name="ledger_account_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Journal",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("posted_at", models.DateTimeField()),
                ("reversal_of", models.UUIDField(null=True)),
                ("business_date", models.DateField()),
                ("unit", models.SmallIntegerField(default=0)),
                ("key", models.CharField(max_length=128)),
                ("kind", models.CharField(max_length=40)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("narrative", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "db_table": "ledger_journal",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=["reference"],
                        name="ledger_journal_reference",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="ledger_journal_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("reversal_of__isnull", False)),
                        fields=("reversal_of",),
                        name="ledger_journal_reversed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("taken_for", models.DateTimeField()),
                ("balance_minor", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="checkpoints", to="ledger.account"
                    ),
                ),
            ],
            options={
                "db_table": "ledger_checkpoint",
                "ordering": ["account", "taken_for"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "taken_for"), name="ledger_checkpoint_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=128)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("HELD", "Held"),
                            ("CAPTURED", "Captured"),
                            ("RELEASED", "Released"),
                            ("EXPIRED", "Expired"),
                        ],
                        default="HELD",
                        max_length=8,
                    ),
                ),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("unit", models.SmallIntegerField(default=0)),
                ("placed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("journal_id", models.UUIDField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="holds", to="ledger.account"
                    ),
                ),
            ],
            options={
                "db_table": "ledger_hold",
                "ordering": ["-placed_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "HELD")),
                        fields=["expires_at"],
                        name="ledger_hold_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="ledger_hold_key"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)),
                        name="ledger_hold_amount_above_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["HELD", "RELEASED", "EXPIRED"]),
                                ("journal_id__isnull", True),
                            ),
                            models.Q(("journal_id__isnull", False), ("state", "CAPTURED")),
                            _connector="OR",
                        ),
                        name="ledger_hold_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("posted_at", models.DateTimeField()),
                ("amount_minor", models.BigIntegerField()),
                ("balance_after_minor", models.BigIntegerField(null=True)),
                ("business_date", models.DateField()),
                ("line_no", models.SmallIntegerField()),
                ("unit", models.SmallIntegerField(default=0)),
                (
                    "side",
                    models.CharField(
                        choices=[("DEBIT", "Debit"), ("CREDIT", "Credit")], max_length=6
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="entries",
                        to="ledger.account",
                    ),
                ),
                (
                    "journal",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=models.DO_NOTHING,
                        related_name="entries",
                        to="ledger.journal",
                    ),
                ),
                ("value_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "entries",
                "db_table": "ledger_entry",
                "ordering": ["account", "posted_at", "id"],
                "indexes": [
                    models.Index(
                        fields=["account", "posted_at", "id"], name="ledger_entry_statement"
                    ),
                    models.Index(
                        condition=models.Q(("value_at__isnull", False)),
                        fields=["account", "value_at"],
                        name="ledger_entry_value_date",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)),
                        name="ledger_entry_amount_above_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["DEBIT", "CREDIT"])),
                        name="ledger_entry_side",
                    ),
                ],
            },
        ),
        run_sql_file(HERE / "guards_postgresql.sql", vendor="postgresql"),
        run_sql_file(HERE / "guards_sqlite.sql", vendor="sqlite"),
        run_sql_file(HERE / "posting.sql", HERE / "functions_undo.sql", vendor="postgresql"),
    ]
