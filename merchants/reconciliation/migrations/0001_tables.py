"""The tables of merchants.reconciliation."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("reconciliation", "0001_statements_and_breaks"),
        ("reconciliation", "0002_closed_days"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Break",
            fields=[
                ("id", ID),
                ("day", models.DateField()),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing_here", "missing_here"),
                            ("missing_there", "missing_there"),
                            ("amount", "amount"),
                            ("fee", "fee"),
                            ("currency", "currency"),
                            ("status", "status"),
                            ("duplicate", "duplicate"),
                            ("cross_day", "cross_day"),
                            ("reference", "reference"),
                            ("stale_file", "stale_file"),
                            ("missing_file", "missing_file"),
                        ],
                        max_length=13,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=64)),
                ("bank_reference", models.CharField(blank=True, max_length=64)),
                ("ours_minor", models.BigIntegerField(blank=True, null=True)),
                ("theirs_minor", models.BigIntegerField(blank=True, null=True)),
                ("is_incoming", models.BooleanField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("CLEARED", "CLEARED"),
                            ("RESOLVED", "RESOLVED"),
                        ],
                        default="OPEN",
                        max_length=8,
                    ),
                ),
                (
                    "template",
                    models.CharField(
                        blank=True,
                        choices=[("SUSPENSE", "SUSPENSE"), ("EXPLAINED", "EXPLAINED")],
                        max_length=9,
                    ),
                ),
                ("journal_id", models.UUIDField(blank=True, null=True)),
                ("found_at", models.DateTimeField(default=clock.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "break",
                "ordering": ("-day", "position", "reference"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "OPEN")), fields=["day"], name="break_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "position", "reference", "bank_reference", "is_incoming"),
                        name="break_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state", "OPEN")),
                            models.Q(
                                models.Q(("state", "OPEN"), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="break_closed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "RESOLVED"), models.Q(("template", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "RESOLVED"), _negated=True),
                                ("journal_id__isnull", True),
                                ("template", ""),
                            ),
                            _connector="OR",
                        ),
                        name="break_resolved_by_template",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementFile",
            fields=[
                ("id", ID),
                ("day", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "file_format",
                    models.CharField(
                        choices=[("csv", "csv"), ("camt.053", "camt.053")], max_length=8
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("opening_minor", models.BigIntegerField()),
                ("closing_minor", models.BigIntegerField()),
                ("line_count", models.PositiveIntegerField()),
                ("read_at", models.DateTimeField(default=clock.now)),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-day", "-read_at"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("day", "currency"),
                        name="statement_one_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", ID),
                ("position", models.PositiveIntegerField()),
                ("bank_reference", models.CharField(max_length=64)),
                ("reference", models.CharField(blank=True, max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                (
                    "status",
                    models.CharField(
                        choices=[("BOOKED", "BOOKED"), ("PENDING", "PENDING")], max_length=7
                    ),
                ),
                ("booked_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="lines",
                        to="reconciliation.statementfile",
                    ),
                ),
            ],
            options={
                "ordering": ("file", "position"),
                "indexes": [models.Index(fields=["reference"], name="bank_line_reference")],
                "constraints": [
                    models.UniqueConstraint(fields=("file", "position"), name="bank_line_position"),
                    models.CheckConstraint(
                        condition=models.Q(("fee_minor__gte", 0)), name="bank_line_fee_kept"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("closed_by", models.CharField(max_length=150)),
                ("closed_at", models.DateTimeField(default=clock.now)),
            ],
            options={"ordering": ("-day",)},
        ),
    ]
