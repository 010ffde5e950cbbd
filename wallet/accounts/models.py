"""Tables of the accounts slice: people, their sessions and devices, their bank movements.

Columns and constraints only; reads are in `queries`, decisions in `rules`.
"""

from datetime import date

from django.db import models
from django.db.models import Q

from config.kernel import clock, columns
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from wallet.accounts.values import (
    CURRENCY,
    ZONE,
    ApplicationState,
    BankKind,
    BankResult,
    CodePurpose,
    Disposition,
    ThrottleKind,
    TopupState,
    UserState,
    WithdrawalState,
)


class Person(models.Model):
    """Who stands behind wallet accounts: one identity, one person, however many wallets.

    Made with the first wallet, before anything is known. `identity_digest` is keyed with
    the installation's key and the same for the same number, so that a second wallet of
    one person is recognised; the number itself is not kept. `legal_name` is the verified
    one, empty until then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    identity_digest = models.CharField(max_length=64, null=True, unique=True)
    legal_name = models.CharField(max_length=64, blank=True)
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.legal_name or f"person {self.id}"


class LimitUsage(models.Model):
    """What a person has used of their limits, all their wallets together.

    One narrow row a person, made with the person, so that paying updates it without
    touching anything else: whoever spends locks this row, judges, and adds. `year` and
    `day` are the house's and say what `year_minor` and the day's sums belong to; they
    never go back. `reserved_minor` is frozen by authorisations, to be spent later.
    """

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, primary_key=True, related_name="usage"
    )
    lifetime_minor = models.BigIntegerField(default=0)
    year = models.PositiveSmallIntegerField(default=0)
    year_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    day = models.DateField(default=date.min)
    day_no_pin_minor = models.BigIntegerField(default=0)
    day_pin_minor = models.BigIntegerField(default=0)
    day_offline_minor = models.BigIntegerField(default=0)
    day_static_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="usage_not_negative",
                condition=Q(
                    lifetime_minor__gte=0,
                    year_minor__gte=0,
                    reserved_minor__gte=0,
                    day_no_pin_minor__gte=0,
                    day_pin_minor__gte=0,
                    day_offline_minor__gte=0,
                    day_static_minor__gte=0,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.lifetime_minor}"


class WalletUser(models.Model):
    """A customer: one phone number, one wallet account.

    `user_number` is the 16-digit number the outside world knows them by; `id` never leaves.
    Password and PIN are kept as Argon2 hashes, the PIN peppered with the master key.
    `available_account_id` names the ledger account that holds their money; it is no
    foreign key because only the ledger slice knows the ledger's tables. `name` is what
    the customer calls themselves; who they are stands in `person`. With `refunds_to_bank`
    what a merchant gives back goes on to the customer's own bank.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_number = models.CharField(max_length=16, unique=True)
    phone = models.CharField(max_length=16, db_index=True)
    name = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wallets")
    password_hash = models.CharField(max_length=128)
    pin_hash = models.CharField(max_length=128)
    pin_strikes = models.PositiveSmallIntegerField(default=0)
    pin_locked_until = models.DateTimeField(null=True)
    kyc_tier = models.PositiveSmallIntegerField(default=0)
    kyc_suspended_tier = models.PositiveSmallIntegerField(null=True)
    state = columns.state(UserState.ACTIVE, 8)
    available_account_id = models.UUIDField(unique=True)
    zone = models.CharField(max_length=40, default=ZONE)
    refunds_to_bank = models.BooleanField(default=False, db_default=False)
    phone_proven_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    unit = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        permissions = (
            ("freeze_walletuser", "Can freeze a wallet account"),
            ("suspend_kyc", "Can suspend a verification"),
            ("help_walletuser", "Can unlock a PIN, revoke a device and write notes"),
        )
        constraints = (
            # The number of a closed account is free for another one.
            models.UniqueConstraint(
                name="user_one_open_per_phone",
                fields=["phone"],
                condition=~Q(state=UserState.CLOSED.value),
            ),
            models.CheckConstraint(name="user_tier_0_to_3", condition=Q(kyc_tier__lte=3)),
            models.CheckConstraint(
                name="user_state_known", condition=Q(state__in=[s.value for s in UserState])
            ),
            models.CheckConstraint(
                name="user_number_16_digits", condition=Q(user_number__regex=r"^\d{16}$")
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.user_number}"

    @property
    def is_authenticated(self) -> bool:
        """A user taken from a session token is always who the token says."""
        return True


class SessionToken(models.Model):
    """A login. The token itself is shown once; only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(WalletUser, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"session {self.id}"


class CustomerNote(models.Model):
    """What an operator wrote down about a customer; written once, read by those who help."""

    append_only = AppendOnly()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(WalletUser, on_delete=models.PROTECT, related_name="notes")
    author = models.CharField(max_length=150)
    text = models.CharField(max_length=500)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-written_at", "-id")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"note of {self.author}"


class LoginThrottle(models.Model):
    """Wrong logins in a row, by phone number (known or not) and by network address."""

    kind = models.CharField(max_length=8, choices=[(k, k) for k in ThrottleKind])
    subject = models.CharField(max_length=64)
    strikes = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="throttle_one_subject", fields=["kind", "subject"]),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.strikes}"


class PhoneCode(models.Model):
    """The code that was last sent to a phone for one purpose; only its keyed digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone = models.CharField(max_length=16)
    purpose = models.CharField(max_length=8, choices=[(p, p) for p in CodePurpose])
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="phone_code_one", fields=["phone", "purpose"]),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class SmsMessage(models.Model):
    """A text message to a phone; the sender behind SAOMA_SMS has it, and the lab shows it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone = models.CharField(max_length=16)
    text = models.CharField(max_length=160)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(name="sms_of_phone", fields=["phone", "created_at"]),)

    def __str__(self) -> str:
        return f"message {self.id}"


class Device(models.Model):
    """A phone that can make payment codes offline.

    Its secret K is derived from the master key, the device's id and `key_version`, and is
    never stored. Revoking raises the version. `request_key` is the client's key for the
    registration, so that a lost answer can be fetched again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(WalletUser, on_delete=models.PROTECT, related_name="devices")
    label = models.CharField(max_length=64)
    key_version = models.PositiveIntegerField(default=1)
    public_key = models.TextField(blank=True)
    request_key = models.CharField(max_length=255, null=True)
    created_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="device_one_per_key", fields=["user", "request_key"]),
        )

    def __str__(self) -> str:
        return self.label


class KycApplication(models.Model):
    """A request to be verified for a tier.

    The identity number is kept only masked and as a keyed digest. The birth date is kept
    until the decision needs it and is part of the evidence afterwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(WalletUser, on_delete=models.PROTECT, related_name="applications")
    tier = models.PositiveSmallIntegerField()
    legal_name = models.CharField(max_length=64)
    id_number_masked = models.CharField(max_length=18)
    id_number_digest = models.CharField(max_length=64)
    birth_date = models.DateField()
    state = columns.state(ApplicationState.PENDING, 8)
    reason = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="application_tier_1_to_3", condition=Q(tier__gte=1) & Q(tier__lte=3)
            ),
            models.UniqueConstraint(
                name="application_one_pending",
                fields=["user"],
                condition=Q(state=ApplicationState.PENDING.value),
            ),
        )
        indexes = (
            models.Index(
                name="application_due",
                fields=["due_at"],
                condition=Q(state=ApplicationState.PENDING.value),
            ),
        )

    def __str__(self) -> str:
        return f"tier {self.tier} {self.state}"


class Topup(models.Model):
    """Money asked for from the customer's bank.

    `request_key` is the client's idempotency key; unique with the user for ever.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(WalletUser, on_delete=models.PROTECT, related_name="topups")
    request_key = models.CharField(max_length=255)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    state = columns.state(TopupState.CREATED, 10)
    reason = models.CharField(max_length=64, blank=True)
    journal_id = models.UUIDField(null=True)
    unit = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="topup_one_per_key", fields=["user", "request_key"]),
            models.CheckConstraint(name="topup_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="topup_journal_if_succeeded",
                condition=Q(state=TopupState.SUCCEEDED.value, journal_id__isnull=False)
                | (~Q(state=TopupState.SUCCEEDED.value) & Q(journal_id__isnull=True)),
            ),
        )
        indexes = (
            models.Index(
                name="topup_expiry",
                fields=["expires_at"],
                condition=Q(state__in=[TopupState.CREATED.value, TopupState.PROCESSING.value]),
            ),
        )

    def __str__(self) -> str:
        return f"top-up {self.id}"


class Withdrawal(models.Model):
    """Money sent to the customer's bank. Large ones wait for a review, the money held."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(WalletUser, on_delete=models.PROTECT, related_name="withdrawals")
    request_key = models.CharField(max_length=255)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    state = columns.state(WithdrawalState.CREATED, 10)
    reason = models.CharField(max_length=64, blank=True)
    hold_id = models.UUIDField(null=True)
    unit = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        permissions = (("review_withdrawal", "Can decide large withdrawals"),)
        constraints = (
            models.UniqueConstraint(name="withdrawal_one_per_key", fields=["user", "request_key"]),
            models.CheckConstraint(name="withdrawal_above_zero", condition=Q(amount_minor__gt=0)),
        )
        indexes = (
            models.Index(
                name="withdrawal_in_transit",
                fields=["submitted_at"],
                condition=Q(state=WithdrawalState.SUBMITTED.value, overdue_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"withdrawal {self.id}"


class BankInstruction(models.Model):
    """What we tell the bank to do, once for each top-up or withdrawal.

    Written with the movement it belongs to and sent afterwards, so that a lost worker
    sends it later instead of never.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in BankKind])
    subject_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="instruction_once", fields=["kind", "subject_id"]),
            models.CheckConstraint(name="instruction_above_zero", condition=Q(amount_minor__gt=0)),
        )
        indexes = (
            models.Index(
                name="instruction_unsent", fields=["due_at"], condition=Q(sent_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor} {self.currency}"


class BankAnswer(models.Model):
    """The simulated bank's own diary: what it is going to tell us, and when.

    Beyond the edge of our world: nothing but the bank reads this table.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    instruction = models.ForeignKey(BankInstruction, on_delete=models.PROTECT)
    bank_reference = models.CharField(max_length=64)
    result = models.CharField(max_length=10, choices=[(r, r) for r in BankResult])
    reason = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(name="answer_due", fields=["due_at"], condition=Q(given_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.bank_reference


class BankCallback(models.Model):
    """Our inbox of the bank's answers: stored first, acted on afterwards.

    The unique bank reference makes a repeated answer the same row. A row without
    `processed_at` is work that is still due, whatever happened to the worker.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bank_reference = models.CharField(max_length=64, unique=True)
    instruction_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    result = models.CharField(max_length=10, choices=[(r, r) for r in BankResult])
    reason = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    processed_at = models.DateTimeField(null=True)
    disposition = models.CharField(max_length=12, blank=True, choices=[(d, d) for d in Disposition])
    journal_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="callback_disposed_if_processed",
                condition=Q(processed_at__isnull=True, disposition="")
                | (Q(processed_at__isnull=False) & ~Q(disposition="")),
            ),
        )
        indexes = (
            models.Index(
                name="callback_unprocessed",
                fields=["due_at"],
                condition=Q(processed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.bank_reference


class Reminder(models.Model):
    """A thing of some kind that waits for people, and when they are reminded of it, once.

    `due_at` is set until nothing is left to remind of, `sent_at` once somebody was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16)
    subject_id = models.UUIDField()
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="reminder_once", fields=["kind", "subject_id"]),
        )
        indexes = (
            models.Index(name="reminder_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"reminder of {self.kind} {self.subject_id}"
