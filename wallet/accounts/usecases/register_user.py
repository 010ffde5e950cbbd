"""Register a customer."""

import uuid

from django.conf import settings
from django.db import IntegrityError, transaction

from config.kernel import ids, transactions
from config.kernel.errors import Conflict, invariant
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries, rules
from wallet.accounts.models import LimitUsage, Person, WalletUser
from wallet.accounts.values import CURRENCY
from wallet.ledger.usecases.open_account import open_account
from wallet.ledger.values import AccountKind, Side

NUMBER_PREFIX = "2088"
NUMBER_TRIES = 5


class PhoneTaken(Conflict):
    """The phone number already has a wallet account."""

    code = "phone_taken"
    message = "This phone number already has a wallet account."


def register_user(*, phone: str, name: str, password: str, pin: str) -> WalletUser:
    """Make a user with an empty wallet account, not verified yet (KYC tier 0).

    Args:
        phone: in any spelling; stored as `+` and digits.
        name: what others see of the user, 1 to 64 characters.
        password: for logging in.
        pin: six digits, for paying.

    Raises:
        PhoneInvalid, NameInvalid, PasswordWeak, PinInvalid, PinWeak: an input is wrong.
        PhoneTaken: the phone number is in use; nothing was written.
    """
    number = rules.normalise_phone(phone)
    shown = rules.shown_name(name)
    rules.check_password(password, phone=number)
    rules.check_pin_shape(pin)
    if WalletUser.objects.filter(phone=number).exists():
        raise PhoneTaken(field="phone")
    user_id = ids.uuid7()
    cost = settings.SAOMA_ARGON2_COST
    password_hash = rules.hash_secret(password, cost=cost)
    peppered = rules.peppered(queries.pin_pepper(), user_id, pin)
    pin_hash = rules.hash_secret(peppered, cost=cost)
    return _store(
        user_id=user_id, phone=number, name=shown, password_hash=password_hash, pin_hash=pin_hash
    )


@transactions.atomic_retry
def _store(
    *, user_id: uuid.UUID, phone: str, name: str, password_hash: str, pin_hash: str
) -> WalletUser:
    account_id = open_account(
        code=f"user:{user_id}:available",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=CURRENCY,
        owner_id=user_id,
        normal_side=Side.CREDIT,
        unit=ids.unit_of(user_id),
    )
    # Who this is will turn out with the verification; until then everybody is a new person.
    person = Person(id=ids.uuid7())
    user = WalletUser(
        id=user_id,
        person=person,
        user_id=_free_number(),
        phone=phone,
        name=name,
        password_hash=password_hash,
        pin_hash=pin_hash,
        available_account_id=account_id,
        unit=ids.unit_of(user_id),
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            LimitUsage(person=person).save(force_insert=True)
            user.save(force_insert=True)
    except IntegrityError as error:
        # Somebody registered the same number a moment ago.
        raise PhoneTaken(field="phone") from error
    outbox.add(topic="user.registered", aggregate_id=user.id, payload={"user_id": user.user_id})
    return user


def _free_number() -> str:
    """A public number nobody has; twelve random digits rarely need a second draw."""
    drawn = [NUMBER_PREFIX + ids.random_digits(12) for _ in range(NUMBER_TRIES)]
    taken = set(WalletUser.objects.filter(user_id__in=drawn).values_list("user_id", flat=True))
    free = [number for number in drawn if number not in taken]
    invariant(bool(free), "one of five random numbers is free")
    return free[0]
