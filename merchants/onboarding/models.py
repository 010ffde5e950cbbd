"""Merchants, their places of business, their apps and keys, and the gateway's own key."""

import uuid

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from config.kernel.sealed_columns import SealedColumn
from merchants.onboarding.values import (
    KEYS_AT_REST,
    AppState,
    KeyState,
    MerchantState,
    PersonNaming,
    PlaceState,
)


def _choices(
    states: type[MerchantState | PlaceState | AppState | KeyState | PersonNaming],
) -> list[tuple[str, str]]:
    return [(state.value, state.value.capitalize()) for state in states]


class Merchant(models.Model):
    """A business that takes payments: the payee of its trades.

    `merchant_number` is the public number (16 digits, 2088…), which the gateway calls
    seller_id. `name` is what payers see; `short_name` and `city` are its printable
    ASCII forms, as EMVCo fields 59 and 60 want them. The owner is a wallet user. The
    ledger accounts are opened when the merchant is approved and never before.
    `credit_minor` is how much it may come to owe us; empty, the house's ceiling holds.
    `settled_until` is the end of its last settled day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_number = models.CharField("merchant number", max_length=16, unique=True)
    owner_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=64)
    short_name = models.CharField(max_length=25)
    mcc = models.CharField("merchant category code", max_length=4)
    city = models.CharField(max_length=15)
    country = models.CharField(max_length=2, default="CN")
    currency = models.CharField(max_length=3, default="CNY")
    zone = models.CharField("time zone", max_length=40, default="Asia/Shanghai")
    cutoff_hour = models.PositiveSmallIntegerField(default=0)
    fee_bps = models.PositiveIntegerField(default=60)
    credit_minor = models.BigIntegerField("credit ceiling", null=True, blank=True)
    settled_until = models.DateTimeField(null=True, blank=True)
    payout_bank = models.CharField(max_length=64, blank=True)
    payout_account = models.CharField(max_length=34, blank=True)
    payout_holder = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=9, choices=_choices(MerchantState))
    state_reason = models.CharField(max_length=200, blank=True)
    pending_account_id = models.UUIDField(null=True, blank=True)
    payable_account_id = models.UUIDField(null=True, blank=True)
    reserve_account_id = models.UUIDField(null=True, blank=True)
    receivable_account_id = models.UUIDField(null=True, blank=True)
    unit = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    state_changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="merchant_cutoff_is_an_hour", condition=Q(cutoff_hour__lte=23)
            ),
            models.CheckConstraint(
                name="merchant_fee_at_most_all", condition=Q(fee_bps__lte=10_000)
            ),
            models.CheckConstraint(
                name="merchant_credit_not_negative",
                condition=Q(credit_minor__isnull=True) | Q(credit_minor__gte=0),
            ),
            models.CheckConstraint(
                name="merchant_approved_has_accounts",
                condition=~Q(state=MerchantState.APPROVED.value)
                | Q(
                    pending_account_id__isnull=False,
                    payable_account_id__isnull=False,
                    reserve_account_id__isnull=False,
                    receivable_account_id__isnull=False,
                ),
            ),
        )
        indexes = (models.Index(name="merchant_by_state", fields=["state", "zone"]),)

    def __str__(self) -> str:
        return f"{self.name} ({self.merchant_number})"


class Store(models.Model):
    """A place of business; `code` is the merchant's own number for it (store_id)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="stores")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    address = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=6, choices=_choices(PlaceState), default=PlaceState.OPEN.value
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="store_code_once", fields=["merchant", "code"]),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Till(models.Model):
    """A terminal in a store; `code` is the merchant's own number for it (terminal_id).

    `token` is the capability in the link of the till's printed, static code.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="tills")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="tills")
    code = models.CharField(max_length=25)
    label = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=26, unique=True)
    state = models.CharField(
        max_length=6, choices=_choices(PlaceState), default=PlaceState.OPEN.value
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(name="till_code_once", fields=["merchant", "code"]),)

    def __str__(self) -> str:
        return self.label or self.code


class App(models.Model):
    """A program that calls the gateway for a merchant; `app_number` is 16 digits, 2021….

    `person_naming` is how it is told who paid.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    app_number = models.CharField(max_length=16, unique=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="apps")
    name = models.CharField(max_length=64)
    notify_url = models.CharField(max_length=255, blank=True)
    person_naming = models.CharField(
        max_length=12, choices=_choices(PersonNaming), default=PersonNaming.USER_ID.value
    )
    state = models.CharField(
        max_length=8, choices=_choices(AppState), default=AppState.ACTIVE.value
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.name} ({self.app_number})"


class AppKey(models.Model):
    """A public key of an app. The private half has never been here.

    A key is uploaded once in its life: the fingerprint stays taken after it is
    revoked, so a stolen and revoked key cannot come back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="keys")
    public_key = models.TextField()
    fingerprint = models.CharField(max_length=64)
    bits = models.PositiveIntegerField()
    sign_types = models.CharField(max_length=16, default="RSA2")
    state = models.CharField(
        max_length=8, choices=_choices(KeyState), default=KeyState.ACTIVE.value
    )
    created_at = models.DateTimeField(default=clock.now)
    retires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="app_key_once", fields=["app", "fingerprint"]),
            models.UniqueConstraint(
                name="app_one_active_key", fields=["app"], condition=Q(state=KeyState.ACTIVE.value)
            ),
            models.CheckConstraint(
                name="app_key_retiring_has_an_end",
                condition=~Q(state=KeyState.RETIRING.value) | Q(retires_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                name="app_keys_retiring",
                fields=["retires_at"],
                condition=Q(state=KeyState.RETIRING.value),
            ),
        )

    def __str__(self) -> str:
        return f"{self.fingerprint[:16]} {self.state}"


class GatewayKey(models.Model):
    """A key pair of this installation, with which answers and notifications are signed.

    `sealed_private_key` is encrypted under a key derived from the master key, which is
    not in the database. Exactly one is ACTIVE.
    """

    sealed_columns = (SealedColumn("sealed_private_key", KEYS_AT_REST, "gateway-key:{pk}"),)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_key = models.TextField()
    fingerprint = models.CharField(max_length=64, unique=True)
    sealed_private_key = models.BinaryField()
    state = models.CharField(
        max_length=8, choices=_choices(KeyState), default=KeyState.ACTIVE.value
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(
                name="gateway_one_active_key",
                fields=["state"],
                condition=Q(state=KeyState.ACTIVE.value),
            ),
        )

    def __str__(self) -> str:
        return f"{self.fingerprint[:16]} {self.state}"


class CredentialsChange(models.Model):
    """The mark of the last change to what the gateway knows of its apps: one row.

    Processes that remember credentials compare it with the mark they saw.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    mark = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = (
            models.CheckConstraint(name="credentials_change_one_row", condition=Q(id=1)),
        )

    def __str__(self) -> str:
        return str(self.mark)
