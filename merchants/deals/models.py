"""Tables of deals. Amounts are whole minor units."""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock, columns
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from merchants.deals.values import (
    DealParty,
    DealState,
    GoodsType,
    LotState,
    ParcelState,
    PolicyName,
    RequestState,
)
from merchants.onboarding.models import Merchant


class Offer(models.Model):
    """What a seller offers, and under which policy its money waits.

    `seconds` and `dates` hold the offer's own times by state; `taken` counts seats of
    `capacity`. A lot with a `minimum` is decided at `lot_due_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="offers")
    app_number = models.CharField(max_length=16)
    reference = models.CharField(max_length=64)
    policy = models.CharField(max_length=10, choices=[(p, p) for p in PolicyName])
    subject = models.CharField(max_length=256)
    price_minor = models.BigIntegerField()
    deposit_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    goods_type = models.CharField(max_length=7, blank=True, choices=[(g, g) for g in GoodsType])
    delivered_plus_s = models.PositiveIntegerField(null=True, blank=True)
    pickup = models.BooleanField(default=False)
    needs_prescription = models.BooleanField(default=False)
    seconds = models.JSONField(default=dict, blank=True)
    dates = models.JSONField(default=dict, blank=True)
    splits = models.JSONField(default=list, blank=True)
    shares = models.JSONField(default=list, blank=True)
    breakage_to_partners = models.BooleanField(default=False)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    minimum = models.PositiveIntegerField(null=True, blank=True)
    lot_state = columns.state(LotState.OPEN, 9)
    lot_due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="offer_once", fields=["merchant", "reference"]),
            models.CheckConstraint(
                name="offer_within_capacity",
                condition=Q(capacity__isnull=True) | Q(taken__lte=F("capacity")),
            ),
        )
        indexes = (
            models.Index(
                name="offer_lot_due", fields=["lot_due_at"], condition=Q(lot_due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"offer {self.reference}"


class Deal(models.Model):
    """One buyer's deal of an offer. `remaining` is what a paused timer still has.

    `replaces` is the bundle whose place this one takes once it is paid. `agreement_number`
    is the buyer's agreement under which each further term of a bundle is debited;
    `term_starts_at` is when the present one began, however late its fee comes (None: the first).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="deals")
    buyer_id = models.UUIDField(db_index=True)
    reference = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=24, choices=[(s, s) for s in DealState])
    code = models.CharField(max_length=16, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    remaining = models.DurationField(null=True, blank=True)
    holds_seat = models.BooleanField(default=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    agreement_number = models.CharField(max_length=20, blank=True, default="", db_default="")
    term_starts_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="deal_once", fields=["offer", "buyer_id", "reference"]),
            models.UniqueConstraint(
                name="deal_one_change", fields=["replaces"], condition=Q(ended_at__isnull=True)
            ),
        )
        indexes = (
            models.Index(name="deal_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"deal {self.reference}"


class DealPayment(models.Model):
    """A stage's payment into escrow; `paid_at` once its money waits."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="payments")
    stage = models.CharField(max_length=7)
    payment_id = models.UUIDField(unique=True)
    amount_minor = models.BigIntegerField()
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(name="stage_once", fields=["deal", "stage"]),)

    def __str__(self) -> str:
        return f"{self.stage} {self.payment_id}"


class DealMove(models.Model):
    """What happened to a deal, in order; its timeline."""

    append_only = AppendOnly()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="timeline")
    move = models.CharField(max_length=32)
    start = models.CharField(max_length=24)
    to = models.CharField(max_length=24)
    by = models.CharField(max_length=6, choices=[(p, p) for p in DealParty])
    amount_minor = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.move} {self.to}"


class RefundRequest(models.Model):
    """A buyer's request for money that still waits; one may be open for a deal.

    While it is open the deal's timer stands still. `due_at` is when silence is an answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="refund_requests")
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    returns = models.BooleanField(default=False)
    state = models.CharField(max_length=14, choices=[(s, s) for s in RequestState])
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="refund_request_one_open", fields=["deal"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="refund_request_positive", condition=Q(amount_minor__gt=0)),
        )
        indexes = (
            models.Index(
                name="refund_request_due", fields=["due_at"], condition=Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"refund request {self.state}"


class Parcel(models.Model):
    """What a seller has given to a carrier for a deal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.OneToOneField(Deal, on_delete=models.PROTECT, related_name="parcel")
    carrier = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="parcels")
    number = models.CharField(max_length=64)
    state = columns.state(ParcelState.CREATED, 16)
    state_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (models.UniqueConstraint(name="parcel_once", fields=["carrier", "number"]),)

    def __str__(self) -> str:
        return f"parcel {self.number}"


class ParcelEvent(models.Model):
    """A carrier's signed word about a parcel; without a deal's parcel it is an orphan."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    carrier = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    event_no = models.CharField(max_length=64)
    number = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=[(s, s) for s in ParcelState])
    proof = models.CharField(max_length=128, blank=True)
    parcel = models.ForeignKey(
        Parcel, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("occurred_at", "id")
        constraints = (
            models.UniqueConstraint(name="parcel_event_once", fields=["carrier", "event_no"]),
        )
        indexes = (
            models.Index(name="parcel_event_number", fields=["carrier", "number"]),
            models.Index(
                name="parcel_event_orphan",
                fields=["received_at"],
                condition=Q(parcel__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class Prescription(models.Model):
    """That a consultation ended with a prescription: who may buy with it, until when, once.

    What was prescribed is not kept here; `number` is the issuer's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.OneToOneField(Deal, on_delete=models.PROTECT, related_name="prescription")
    buyer_id = models.UUIDField(db_index=True)
    number = models.CharField(max_length=64)
    valid_until = models.DateTimeField()
    used_by = models.OneToOneField(
        Deal, null=True, blank=True, on_delete=models.PROTECT, related_name="unlocked_by"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(
                name="prescription_unused",
                fields=["valid_until"],
                condition=Q(used_by__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"prescription {self.number}"


class Entitlement(models.Model):
    """What a bundle's buyer may use of one partner: each use moves its share out of escrow."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="entitlements")
    name = models.CharField(max_length=64)
    partner = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    uses = models.PositiveIntegerField()
    uses_made = models.PositiveIntegerField(default=0)
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="entitlement_within", condition=Q(uses_made__lte=F("uses"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.uses_made}/{self.uses}"


class Redemption(models.Model):
    """One use of an entitlement; `request_no` is the partner's own number for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entitlement = models.ForeignKey(
        Entitlement, on_delete=models.PROTECT, related_name="redemptions"
    )
    request_no = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    journal_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="redemption_once", fields=["entitlement", "request_no"]),
        )

    def __str__(self) -> str:
        return f"redemption {self.request_no}"
