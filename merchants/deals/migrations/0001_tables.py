"""The tables of merchants.deals."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("deals", "0001_deals_tables"), ("deals", "0002_forgetting")]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", ID),
                ("app_id", models.CharField(max_length=16)),
                ("reference", models.CharField(max_length=64)),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("GUARANTEED", "GUARANTEED"),
                            ("SERVICE", "SERVICE"),
                            ("STAGED", "STAGED"),
                            ("TICKET", "TICKET"),
                            ("BUNDLE", "BUNDLE"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject", models.CharField(max_length=256)),
                ("price_minor", models.BigIntegerField()),
                ("deposit_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                (
                    "goods_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AUTO", "AUTO"),
                            ("VIRTUAL", "VIRTUAL"),
                            ("COURIER", "COURIER"),
                            ("POST", "POST"),
                        ],
                        max_length=7,
                    ),
                ),
                ("delivered_plus_s", models.PositiveIntegerField(blank=True, null=True)),
                ("pickup", models.BooleanField(default=False)),
                ("needs_prescription", models.BooleanField(default=False)),
                ("seconds", models.JSONField(blank=True, default=dict)),
                ("dates", models.JSONField(blank=True, default=dict)),
                ("splits", models.JSONField(blank=True, default=list)),
                ("shares", models.JSONField(blank=True, default=list)),
                ("breakage_to_partners", models.BooleanField(default=False)),
                ("capacity", models.PositiveIntegerField(blank=True, null=True)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("minimum", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "lot_state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("CONFIRMED", "CONFIRMED"),
                            ("CANCELLED", "CANCELLED"),
                        ],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("lot_due_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="offers", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("lot_due_at__isnull", False)),
                        fields=["lot_due_at"],
                        name="offer_lot_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "reference"), name="offer_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capacity__isnull", True),
                            ("taken__lte", models.F("capacity")),
                            _connector="OR",
                        ),
                        name="offer_within_capacity",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deal",
            fields=[
                ("id", ID),
                ("buyer_id", models.UUIDField(db_index=True)),
                ("reference", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAIT_BUYER_PAY", "WAIT_BUYER_PAY"),
                            ("WAIT_SELLER_SEND_GOODS", "WAIT_SELLER_SEND_GOODS"),
                            ("WAIT_BUYER_CONFIRM_GOODS", "WAIT_BUYER_CONFIRM_GOODS"),
                            ("TRADE_FINISHED", "TRADE_FINISHED"),
                            ("TRADE_CLOSED", "TRADE_CLOSED"),
                            ("PAID", "PAID"),
                            ("ACCEPTED", "ACCEPTED"),
                            ("COMPLETED", "COMPLETED"),
                            ("EXPIRED", "EXPIRED"),
                            ("CANCELLED", "CANCELLED"),
                            ("DEPOSIT_DUE", "DEPOSIT_DUE"),
                            ("DEPOSIT_PAID", "DEPOSIT_PAID"),
                            ("BALANCE_DUE", "BALANCE_DUE"),
                            ("PRODUCED", "PRODUCED"),
                            ("FORFEITED", "FORFEITED"),
                            ("LOT_CANCELLED", "LOT_CANCELLED"),
                            ("RESERVED", "RESERVED"),
                            ("ISSUED", "ISSUED"),
                            ("REDEEMED", "REDEEMED"),
                            ("REFUNDED", "REFUNDED"),
                            ("ACTIVE", "ACTIVE"),
                            ("ENDED", "ENDED"),
                        ],
                        max_length=24,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=16)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("remaining", models.DurationField(blank=True, null=True)),
                ("holds_seat", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="deals", to="deals.offer"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="deal_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("offer", "buyer_id", "reference"), name="deal_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DealMove",
            fields=[
                ("id", ID),
                ("move", models.CharField(max_length=32)),
                ("start", models.CharField(max_length=24)),
                ("to", models.CharField(max_length=24)),
                (
                    "by",
                    models.CharField(
                        choices=[("BUYER", "BUYER"), ("SELLER", "SELLER"), ("SYSTEM", "SYSTEM")],
                        max_length=6,
                    ),
                ),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(default=clock.now)),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="timeline", to="deals.deal"
                    ),
                ),
            ],
            options={"ordering": ("at", "id")},
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=64)),
                ("uses", models.PositiveIntegerField()),
                ("uses_made", models.PositiveIntegerField(default=0)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="entitlements", to="deals.deal"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="onboarding.merchant"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("uses_made__lte", models.F("uses"))),
                        name="entitlement_within",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", ID),
                ("number", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CREATED", "CREATED"),
                            ("PICKED_UP", "PICKED_UP"),
                            ("IN_TRANSIT", "IN_TRANSIT"),
                            ("OUT_FOR_DELIVERY", "OUT_FOR_DELIVERY"),
                            ("DELIVERED", "DELIVERED"),
                            ("REJECTED", "REJECTED"),
                            ("LOST", "LOST"),
                        ],
                        default="CREATED",
                        max_length=16,
                    ),
                ),
                ("state_at", models.DateTimeField(default=clock.now)),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="parcels", to="onboarding.merchant"
                    ),
                ),
                (
                    "deal",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="parcel", to="deals.deal"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("carrier", "number"), name="parcel_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ParcelEvent",
            fields=[
                ("id", ID),
                ("event_no", models.CharField(max_length=64)),
                ("number", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CREATED", "CREATED"),
                            ("PICKED_UP", "PICKED_UP"),
                            ("IN_TRANSIT", "IN_TRANSIT"),
                            ("OUT_FOR_DELIVERY", "OUT_FOR_DELIVERY"),
                            ("DELIVERED", "DELIVERED"),
                            ("REJECTED", "REJECTED"),
                            ("LOST", "LOST"),
                        ],
                        max_length=16,
                    ),
                ),
                ("proof", models.CharField(blank=True, max_length=128)),
                ("occurred_at", models.DateTimeField()),
                ("received_at", models.DateTimeField(default=clock.now)),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="onboarding.merchant"
                    ),
                ),
                (
                    "parcel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="events",
                        to="deals.parcel",
                    ),
                ),
            ],
            options={
                "ordering": ("occurred_at", "id"),
                "indexes": [
                    models.Index(fields=["carrier", "number"], name="parcel_event_number"),
                    models.Index(
                        condition=models.Q(("parcel__isnull", True)),
                        fields=["received_at"],
                        name="parcel_event_orphan",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("carrier", "event_no"), name="parcel_event_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Prescription",
            fields=[
                ("id", ID),
                ("buyer_id", models.UUIDField(db_index=True)),
                ("number", models.CharField(max_length=64)),
                ("valid_until", models.DateTimeField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="prescription", to="deals.deal"
                    ),
                ),
                (
                    "used_by",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="unlocked_by",
                        to="deals.deal",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("used_by__isnull", True)),
                        fields=["valid_until"],
                        name="prescription_unused",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Redemption",
            fields=[
                ("id", ID),
                ("request_no", models.CharField(max_length=64)),
                ("amount_minor", models.BigIntegerField()),
                ("journal_id", models.UUIDField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                (
                    "entitlement",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="redemptions", to="deals.entitlement"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entitlement", "request_no"), name="redemption_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RefundRequest",
            fields=[
                ("id", ID),
                ("amount_minor", models.BigIntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("returns", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("REQUESTED", "REQUESTED"),
                            ("SELLER_AGREED", "SELLER_AGREED"),
                            ("SELLER_REFUSED", "SELLER_REFUSED"),
                            ("GOODS_RETURNED", "GOODS_RETURNED"),
                            ("ARBITRATION", "ARBITRATION"),
                            ("REFUNDED", "REFUNDED"),
                            ("WITHDRAWN", "WITHDRAWN"),
                            ("DISMISSED", "DISMISSED"),
                        ],
                        max_length=14,
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="refund_requests", to="deals.deal"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="refund_request_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("deal",),
                        name="refund_request_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="refund_request_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DealPayment",
            fields=[
                ("id", ID),
                ("stage", models.CharField(max_length=7)),
                ("payment_id", models.UUIDField(unique=True)),
                ("amount_minor", models.BigIntegerField()),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="payments", to="deals.deal"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "stage"), name="stage_once")
                ],
            },
        ),
    ]
