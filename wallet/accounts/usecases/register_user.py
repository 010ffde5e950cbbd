"""Register a customer."""

from django.conf import settings
from django.db import IntegrityError, transaction

from config.kernel import clock, ids, transactions
from config.kernel.errors import Conflict, invariant
from config.kernel.limits.counting import count
from config.kernel.network import address_block
from config.kernel.outbox import writes as outbox
from wallet.accounts import phones, queries, rules
from wallet.accounts.models import LimitUsage, Person, WalletUser
from wallet.accounts.usecases.use_phone_code import use_phone_code
from wallet.accounts.values import CURRENCY, CodePurpose, UserState
from wallet.ledger.usecases.open_account import open_account
from wallet.ledger.values import AccountKind, Side

NUMBER_PREFIX = "2088"
NUMBER_TRIES = 5


class PhoneTaken(Conflict):
    """The phone number already has a wallet account."""

    code = "phone_taken"
    message = "This phone number already has a wallet account."


def admit_registration(
    *, phone: str, name: str, password: str, pin: str, code: str | None, address: str
) -> bool:
    """Judge a registration from the network before it is carried out.

    Whoever registers proves the phone with a code sent to it (`send_phone_code`); with
    SAOMA_PHONE_PROOF off they may leave that for later. Call it outside a transaction, and
    not for a repeat: what it counts and spends must survive a refusal.

    Args: as `register_user`, and
        code: six digits sent for a registration; None without one.
        address: network address of the caller.

    Returns:
        Whether the phone is proven.

    Raises:
        PhoneInvalid, NameInvalid, PasswordWeak, PinInvalid, PinWeak: an input is wrong.
        PhoneCodeRequired: no code was given and one is needed.
        PhoneCodeWrong, TooManyCodeTries: see `use_phone_code`.
        TooManyRegistrations: too many from this address within an hour; `retry_after_s`.

    Locks: the address's count; then the number's code.
    """
    number = _normalised(phone=phone, name=name, password=password, pin=pin)
    if code is None and settings.SAOMA_PHONE_PROOF:
        raise phones.PhoneCodeRequired(field="code")
    count(phones.REGISTRATIONS, subject=address_block(address))
    if code is None:
        return False
    use_phone_code(phone=number, purpose=CodePurpose.REGISTER, code=code)
    return True


def register_user(
    *, phone: str, name: str, password: str, pin: str, phone_proven: bool = False
) -> WalletUser:
    """Make a user with an empty wallet account, not verified yet (KYC tier 0).

    Args:
        phone: in any spelling; stored as `+` and digits.
        name: what others see of the user, 1 to 64 characters.
        password: for logging in.
        pin: six digits, for paying.
        phone_proven: whether the phone was proven to be theirs.

    Raises:
        PhoneInvalid, NameInvalid, PasswordWeak, PinInvalid, PinWeak: an input is wrong.
        PhoneTaken: the phone number is in use; nothing was written.
    """
    number = _normalised(phone=phone, name=name, password=password, pin=pin)
    if WalletUser.objects.filter(phone=number).exclude(state=UserState.CLOSED).exists():
        raise PhoneTaken(field="phone")
    user_id = ids.uuid7()
    cost = settings.SAOMA_ARGON2_COST
    password_hash = rules.hash_secret(password, cost=cost)
    peppered = rules.peppered(queries.pin_pepper(), user_id, pin)
    pin_hash = rules.hash_secret(peppered, cost=cost)
    return _store(
        WalletUser(
            id=user_id,
            phone=number,
            phone_proven_at=clock.now() if phone_proven else None,
            name=rules.shown_name(name),
            password_hash=password_hash,
            pin_hash=pin_hash,
            unit=ids.unit_of(user_id),
        )
    )


def _normalised(*, phone: str, name: str, password: str, pin: str) -> str:
    """Check the shape of everything given; gives the phone number normalised."""
    number = rules.normalise_phone(phone)
    rules.shown_name(name)
    rules.check_password(password, phone=number)
    rules.check_pin_shape(pin)
    return number


@transactions.atomic_retry
def _store(user: WalletUser) -> WalletUser:
    user.available_account_id = open_account(
        code=f"user:{user.id}:available",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=CURRENCY,
        owner_id=user.id,
        normal_side=Side.CREDIT,
        unit=user.unit,
    )
    # Who this is will turn out with the verification; until then everybody is a new person.
    person = Person(id=ids.uuid7())
    user.user_number, user.person = _free_number(), person
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            LimitUsage(person=person).save(force_insert=True)
            user.save(force_insert=True)
    except IntegrityError as error:
        # Somebody registered the same number a moment ago.
        raise PhoneTaken(field="phone") from error
    outbox.add(
        topic="user.registered", aggregate_id=user.id, payload={"user_number": user.user_number}
    )
    return user


def _free_number() -> str:
    """A public number nobody has; twelve random digits rarely need a second draw."""
    drawn = [NUMBER_PREFIX + ids.random_digits(12) for _ in range(NUMBER_TRIES)]
    used_numbers = set(
        WalletUser.objects.filter(user_number__in=drawn).values_list("user_number", flat=True)
    )
    free = [number for number in drawn if number not in used_numbers]
    invariant(bool(free), "one of five random numbers is free")
    return free[0]
