"""The tables of merchants.transit."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("transit", "0001_transit_tables"), ("transit", "0002_forgetting")]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="TransitOperator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("app_id", models.CharField(max_length=16)),
                ("base_minor", models.BigIntegerField()),
                ("stop_minor", models.BigIntegerField()),
                ("maximum_minor", models.BigIntegerField()),
                (
                    "merchant",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="transit", to="onboarding.merchant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TransitGate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("serial", models.CharField(max_length=64, unique=True)),
                ("station", models.CharField(max_length=64)),
                ("stop", models.PositiveSmallIntegerField()),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="gates", to="transit.transitoperator"
                    ),
                ),
            ],
            options={"ordering": ("serial",)},
        ),
        migrations.CreateModel(
            name="TransitCertificate",
            fields=[
                ("id", ID),
                ("user_id", models.UUIDField()),
                ("public_key", models.BinaryField()),
                ("cap_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "ACTIVE"), ("REVOKED", "REVOKED")],
                        default="ACTIVE",
                        max_length=7,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-not_before", "-id"),
                "indexes": [models.Index(fields=["user_id"], name="transit_certificate_user")],
            },
        ),
        migrations.CreateModel(
            name="Tap",
            fields=[
                ("id", ID),
                ("sequence", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "direction",
                    models.CharField(choices=[("ENTRY", "ENTRY"), ("EXIT", "EXIT")], max_length=5),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("PAIRED", "PAIRED"),
                            ("SINGLE", "SINGLE"),
                            ("CLONED", "CLONED"),
                            ("REFUSED", "REFUSED"),
                        ],
                        max_length=7,
                    ),
                ),
                ("fault", models.CharField(blank=True, max_length=32)),
                ("tapped_at", models.DateTimeField()),
                ("uploaded_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "certificate",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="taps",
                        to="transit.transitcertificate",
                    ),
                ),
                (
                    "gate",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="taps", to="transit.transitgate"
                    ),
                ),
            ],
            options={
                "ordering": ("tapped_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="tap_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "REFUSED")),
                        fields=["uploaded_at"],
                        name="tap_refused",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gate", "sequence"), name="tap_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ride",
            fields=[
                ("id", ID),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("COMPLETED", "COMPLETED"),
                            ("SINGLE_SIDED", "SINGLE_SIDED"),
                            ("CHARGED", "CHARGED"),
                            ("ARREARS", "ARREARS"),
                            ("REPAID", "REPAID"),
                        ],
                        max_length=12,
                    ),
                ),
                ("fare_minor", models.BigIntegerField()),
                ("payment_id", models.UUIDField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=models.PROTECT, related_name="+", to="transit.tap"
                    ),
                ),
                (
                    "exit",
                    models.OneToOneField(
                        null=True, on_delete=models.PROTECT, related_name="+", to="transit.tap"
                    ),
                ),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="rides",
                        to="transit.transitcertificate",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="rides", to="transit.transitoperator"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="ride_due",
                    )
                ],
            },
        ),
    ]
