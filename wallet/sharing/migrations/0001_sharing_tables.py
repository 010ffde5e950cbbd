"""The tables of wallet.sharing."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RedPacket",
            fields=[
                ("id", ID),
                ("sender_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("account_id", models.UUIDField()),
                ("total_minor", models.BigIntegerField()),
                ("shares", models.PositiveSmallIntegerField()),
                ("claimed", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CLAIMING", "CLAIMING"),
                            ("EMPTY", "EMPTY"),
                            ("EXPIRED", "EXPIRED"),
                        ],
                        default="CLAIMING",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="red_packet_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sender_id", "key"), name="red_packet_once"),
                    models.CheckConstraint(
                        condition=models.Q(("claimed__lte", models.F("shares"))),
                        name="red_packet_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitBill",
            fields=[
                ("id", ID),
                ("requester_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("title", models.CharField(blank=True, max_length=64)),
                ("total_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("PART_PAID", "PART_PAID"),
                            ("SETTLED", "SETTLED"),
                        ],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("requester_id", "key"), name="split_bill_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PacketClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                ("claimed_at", models.DateTimeField(default=clock.now)),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="claims", to="sharing.redpacket"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("packet", "user_id"), name="packet_claim_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                ("paid_at", models.DateTimeField(null=True)),
                (
                    "split",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="shares", to="sharing.splitbill"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("split", "user_id"), name="split_bill_share_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)),
                        name="split_bill_share_above_zero",
                    ),
                ],
            },
        ),
    ]
