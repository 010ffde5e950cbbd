"""Reads of the accounts slice."""

import uuid
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from django.db.models import Model, QuerySet

from config.kernel import clock, keys
from config.kernel.due_times import Earliest
from config.kernel.errors import InvariantBroken, NotFound
from config.kernel.limits.rules import of_year
from config.kernel.names import fits_name
from wallet.accounts import rules
from wallet.accounts.models import (
    BankAnswer,
    BankCallback,
    BankInstruction,
    Device,
    KycApplication,
    LimitUsage,
    Reminder,
    SessionToken,
    SmsMessage,
    Topup,
    WalletUser,
    Withdrawal,
)
from wallet.accounts.values import (
    WITHDRAWAL_OVERDUE,
    ApplicationState,
    BankKind,
    BankOrder,
    KycState,
    Limits,
    TopupState,
    UserState,
    WithdrawalState,
)

M = TypeVar("M", bound=Model)

LOCK_TRIES = 3
OPEN_TOPUPS = (TopupState.CREATED.value, TopupState.PROCESSING.value)


class UserUnknown(NotFound):
    """There is no such user, or they have left."""

    code = "user_unknown"
    message = "There is no such user."


class ObjectUnknown(NotFound):
    """There is no such object, or it is somebody else's: both answers are the same."""

    code = "not_found"
    message = "There is no such object."


def user(user_id: uuid.UUID) -> WalletUser:
    """The user with this internal id.

    Raises:
        UserUnknown: there is none.
    """
    row = WalletUser.objects.filter(id=user_id).first()
    if row is None:
        raise UserUnknown()
    return row


def user_by_phone(phone: str) -> WalletUser:
    """The user with this phone number, in any spelling; closed accounts are not found.

    Raises:
        PhoneInvalid: it is no phone number.
        UserUnknown: nobody has it.
    """
    number = rules.normalise_phone(phone)
    row = WalletUser.objects.filter(phone=number).exclude(state=UserState.CLOSED).first()
    if row is None:
        raise UserUnknown(field="phone")
    return row


def user_by_number(number: str) -> WalletUser:
    """The user with this public 16-digit number.

    Raises:
        UserUnknown: nobody has it.
    """
    row = WalletUser.objects.filter(user_number=number).first()
    if row is None:
        raise UserUnknown(field="user_id")
    return row


def names_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of some users."""
    return dict(WalletUser.objects.filter(id__in=ids).values_list("id", "name"))


def phones_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The phone numbers of some users."""
    return dict(WalletUser.objects.filter(id__in=ids).values_list("id", "phone"))


def locked_user(user_id: uuid.UUID) -> WalletUser:
    """The user, their row locked until the caller's transaction ends.

    Raises:
        UserUnknown: there is none.
    """
    row = WalletUser.objects.select_for_update().filter(id=user_id).first()
    if row is None:
        raise UserUnknown()
    return row


def live_session(token: str, *, at: datetime) -> SessionToken | None:
    """The session a token opens at `at`, with its user, or None; its end is exclusive."""
    return (
        SessionToken.objects.select_related("user")
        .filter(
            token_hash=rules.token_hash(token),
            revoked_at__isnull=True,
            expires_at__gt=at,
        )
        .exclude(user__state=UserState.CLOSED)
        .first()
    )


def live_sessions(user_id: uuid.UUID, *, at: datetime) -> QuerySet[SessionToken]:
    """A user's open sessions, newest first."""
    return SessionToken.objects.filter(
        user_id=user_id, revoked_at__isnull=True, expires_at__gt=at
    ).order_by("-id")


@lru_cache(maxsize=100_000)
def device_key(device_id: uuid.UUID, key_version: int) -> bytes:
    """A device's 32-byte secret K: HKDF-SHA256 of the master key, device id and version.

    Never stored; raising the version is what revokes it. Source: qr.md section 6.
    """
    return keys.derive(f"device/{device_id}/{key_version}", 32)


@lru_cache(maxsize=1)
def pin_pepper() -> bytes:
    """The key that PINs are bound with before hashing."""
    return keys.derive("accounts/pin", 32)


@lru_cache(maxsize=1)
def identity_pepper() -> bytes:
    """The key that identity numbers are digested with."""
    return keys.derive("accounts/person", 32)


def identity_digest_of(id_number: str) -> str:
    """The keyed digest of an identity number, as persons are kept under it."""
    return rules.identity_digest(identity_pepper(), id_number)


def is_verified_as(*, user_id: uuid.UUID, identity_digest: str, name: str) -> bool:
    """Whether a user's verified identity is this one, under this name.

    Nobody who is unverified, suspended or closed is anybody.
    """
    row = user(user_id)
    if row.kyc_tier == 0 or row.state == UserState.CLOSED or is_suspended(row.person_id):
        return False
    person = row.person
    if person.verified_at is None or person.identity_digest != identity_digest:
        return False
    return fits_name(name, person.legal_name)


@lru_cache(maxsize=1)
def phone_code_key() -> bytes:
    """The key that codes sent to phones are digested with."""
    return keys.derive("accounts/phone-code", 32)


def messages_to(phone: str) -> QuerySet[SmsMessage]:
    """What the simulated SMS provider has for a phone, newest first."""
    return SmsMessage.objects.filter(phone=phone).order_by("-created_at", "-id")


def has_pending_movements(user_id: uuid.UUID) -> bool:
    """Whether money of a user is on its way to or from the bank."""
    open_withdrawals = [WithdrawalState.CREATED, WithdrawalState.REVIEW, WithdrawalState.SUBMITTED]
    coming = topups(user_id).filter(state__in=OPEN_TOPUPS)
    going = withdrawals(user_id).filter(state__in=open_withdrawals)
    return coming.exists() or going.exists()


def devices(user_id: uuid.UUID) -> QuerySet[Device]:
    """All a user's devices, newest first."""
    return Device.objects.filter(user_id=user_id).order_by("-id")


def live_devices(user_id: uuid.UUID) -> QuerySet[Device]:
    """A user's devices that are not revoked, newest first."""
    return devices(user_id).filter(revoked_at__isnull=True)


def live_device(*, user_id: uuid.UUID, device_id: uuid.UUID) -> Device:
    """A user's own device that is not revoked.

    Raises:
        ObjectUnknown: there is none; somebody else's counts as none.
    """
    return own(live_devices(user_id).filter(id=device_id))


def device_seen(device_id: uuid.UUID) -> Device | None:
    """A device by id, revoked or not; None where there is none."""
    return Device.objects.filter(id=device_id).first()


def limits(user_id: uuid.UUID) -> Limits:
    """What a user's tier allows, what their person has used of it, what is left (fen).

    Raises:
        UserUnknown: there is no such user.
    """
    owner = user(user_id)
    usage = LimitUsage.objects.get(person_id=owner.person_id)
    return limits_of(owner, usage, at=clock.now())


def limits_of(owner: WalletUser, usage: LimitUsage, *, at: datetime) -> Limits:
    """A wallet's limits as its person's usage leaves them at a moment."""
    this_year = clock.house_day(at).year
    return rules.limits(
        tier=owner.kyc_tier,
        lifetime_used_minor=usage.lifetime_minor,
        year=max(this_year, usage.year),
        yearly_used_minor=of_year(usage.year_minor, year=usage.year, this_year=this_year),
        reserved_minor=usage.reserved_minor,
    )


def usage_of(user_id: uuid.UUID) -> LimitUsage:
    """What a user's person has used, not locked: for a look before the row is."""
    return LimitUsage.objects.get(person__wallets__id=user_id)


def locked_usage(user_id: uuid.UUID) -> LimitUsage:
    """What a user's person has used, the row locked until the transaction ends.

    Raises:
        UserUnknown: there is no such user.
    """
    for _ in range(LOCK_TRIES):
        row = (
            LimitUsage.objects.select_for_update(of=("self",))
            .filter(person__wallets__id=user_id)
            .first()
        )
        if row is not None:
            return row
        # Two persons turned out to be one in this moment, or there is no such user.
        user(user_id)
    raise InvariantBroken("a user's person has a row of limits")


def wallets_of_person(person_id: uuid.UUID) -> QuerySet[WalletUser]:
    """All wallets of one person, oldest first."""
    return WalletUser.objects.filter(person_id=person_id).order_by("id")


def kyc_state(owner: WalletUser) -> KycState:
    """Where a user stands with their verification.

    A pending application shows only while nothing is verified yet; an upgrade in progress
    leaves the verified tier in force.
    """
    if owner.kyc_suspended_tier is not None:
        return KycState.SUSPENDED
    if owner.kyc_tier:
        return KycState(f"L{owner.kyc_tier}")
    return KycState.PENDING if pending_application(owner.id) else KycState.NONE


def pending_application(user_id: uuid.UUID) -> KycApplication | None:
    """A user's undecided application, if there is one."""
    return KycApplication.objects.filter(user_id=user_id, state=ApplicationState.PENDING).first()


def applications(user_id: uuid.UUID) -> QuerySet[KycApplication]:
    """A user's applications, newest first."""
    return KycApplication.objects.filter(user_id=user_id).order_by("-id")


def last_approval(user_id: uuid.UUID) -> KycApplication | None:
    """The application that a user's present verification rests on."""
    return applications(user_id).filter(state=ApplicationState.APPROVED.value).first()


def is_suspended(person_id: uuid.UUID) -> bool:
    """Whether an operator has suspended the verification of one of a person's wallets."""
    return wallets_of_person(person_id).filter(kyc_suspended_tier__isnull=False).exists()


def topups(user_id: uuid.UUID) -> QuerySet[Topup]:
    """A user's top-ups, newest first."""
    return Topup.objects.filter(user_id=user_id).order_by("-id")


def withdrawals(user_id: uuid.UUID) -> QuerySet[Withdrawal]:
    """A user's withdrawals, newest first."""
    return Withdrawal.objects.filter(user_id=user_id).order_by("-id")


def topup(user_id: uuid.UUID, topup_id: uuid.UUID) -> Topup:
    """One of the user's own top-ups.

    Raises:
        ObjectUnknown: there is none, or it is somebody else's.
    """
    return own(topups(user_id).filter(id=topup_id))


def withdrawal(user_id: uuid.UUID, withdrawal_id: uuid.UUID) -> Withdrawal:
    """One of the user's own withdrawals.

    Raises:
        ObjectUnknown: there is none, or it is somebody else's.
    """
    return own(withdrawals(user_id).filter(id=withdrawal_id))


def own(rows: QuerySet[M]) -> M:
    """The one row that is left after restricting to its owner.

    Raises:
        ObjectUnknown: none is left.
    """
    row = rows.first()
    if row is None:
        raise ObjectUnknown()
    return row


def due_applications(now: datetime) -> QuerySet[KycApplication]:
    """Applications to be decided by `now`, oldest due first."""
    return KycApplication.objects.filter(
        state=ApplicationState.PENDING.value, due_at__lte=now
    ).order_by("due_at", "id")


def due_instructions(now: datetime) -> QuerySet[BankInstruction]:
    """Instructions to be sent to the bank by `now`, oldest due first."""
    return BankInstruction.objects.filter(sent_at__isnull=True, due_at__lte=now).order_by(
        "due_at", "id"
    )


def bank_order_ids(subject_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The instructions of top-ups and withdrawals, by these; those that have one."""
    rows = BankInstruction.objects.filter(subject_id__in=subject_ids)
    return dict(rows.values_list("subject_id", "id"))


def bank_orders(order_ids: Collection[uuid.UUID]) -> list[BankOrder]:
    """How the instructions with these ids stand with us; unknown ids have no entry."""
    rows = BankInstruction.objects.filter(id__in=order_ids)
    subjects = [row.subject_id for row in rows]
    topups_by_id = Topup.objects.in_bulk(subjects)
    withdrawals_by_id = Withdrawal.objects.in_bulk(subjects)
    orders = []
    for row in rows:
        is_topup = row.kind == BankKind.TOPUP
        state = (topups_by_id if is_topup else withdrawals_by_id)[row.subject_id].state
        orders.append(
            BankOrder(
                order_id=row.id,
                change_minor=row.amount_minor if is_topup else -row.amount_minor,
                is_open=state in OPEN_TOPUPS or state == WithdrawalState.SUBMITTED,
                is_booked=state in {TopupState.SUCCEEDED, WithdrawalState.PAID},
            )
        )
    return orders


def due_answers(now: datetime) -> QuerySet[BankAnswer]:
    """What the bank says by `now`, in order."""
    return (
        BankAnswer.objects.select_related("instruction")
        .filter(given_at__isnull=True, due_at__lte=now)
        .order_by("due_at", "id")
    )


def due_callbacks(now: datetime) -> QuerySet[BankCallback]:
    """Stored callbacks to be acted on by `now`, in order of receipt."""
    return BankCallback.objects.filter(processed_at__isnull=True, due_at__lte=now).order_by("id")


def open_topups() -> QuerySet[Topup]:
    """Top-ups that may expire: undecided ones, except those whose answer is in the inbox."""
    waiting = BankCallback.objects.filter(processed_at__isnull=True).values("instruction_id")
    answered = BankInstruction.objects.filter(id__in=waiting).values("subject_id")
    return Topup.objects.filter(state__in=OPEN_TOPUPS).exclude(id__in=answered)


def expired_topups(now: datetime) -> QuerySet[Topup]:
    """Open top-ups whose time is over; `expires_at` itself is already too late."""
    return open_topups().filter(expires_at__lte=now).order_by("expires_at", "id")


def overdue_withdrawals(now: datetime) -> QuerySet[Withdrawal]:
    """Withdrawals the bank has been silent about for too long, not flagged yet."""
    return Withdrawal.objects.filter(
        state=WithdrawalState.SUBMITTED.value,
        overdue_at__isnull=True,
        submitted_at__lte=now - WITHDRAWAL_OVERDUE,
    ).order_by("submitted_at", "id")


# When the next application is to be decided.
next_application_at = Earliest(
    lambda: KycApplication.objects.filter(state=ApplicationState.PENDING.value), "due_at"
)


# When the next instruction is to be sent.
next_instruction_at = Earliest(
    lambda: BankInstruction.objects.filter(sent_at__isnull=True), "due_at"
)


# When the bank speaks next.
next_answer_at = Earliest(lambda: BankAnswer.objects.filter(given_at__isnull=True), "due_at")


# When the next stored callback is to be acted on.
next_callback_at = Earliest(
    lambda: BankCallback.objects.filter(processed_at__isnull=True), "due_at"
)


# When the next open top-up runs out.
next_topup_expiry_at = Earliest(open_topups, "expires_at")


# When the next withdrawal becomes overdue.
next_overdue_at = Earliest(
    lambda: Withdrawal.objects.filter(
        state=WithdrawalState.SUBMITTED.value, overdue_at__isnull=True
    ),
    "submitted_at",
    plus=WITHDRAWAL_OVERDUE,
)


# When the next people are reminded of something.
next_reminder_at = Earliest(lambda: Reminder.objects.filter(due_at__isnull=False), "due_at")
