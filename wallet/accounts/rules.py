"""Rules of wallet accounts. Pure: no database, no clock, no settings.

Phone numbers, passwords, PINs, strikes, identities, limits and state moves are judged
here; who asks and what is stored is the business of the use cases.
"""

import hashlib
import hmac
import re
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from config.kernel import texts
from config.kernel.errors import Conflict, InvalidRequest, Refused
from config.kernel.limits.rules import declare, judge, rest
from config.kernel.limits.values import Limit, Period
from wallet.accounts.values import ADULT_YEARS, PIN_STRIKES, TIER_LIMITS, Limits, Strikes

State = TypeVar("State", bound=StrEnum)

NAME_MAXIMUM = 64
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_CHINESE_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PIN = re.compile(r"[0-9]{6}")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_STRAIGHT = "01234567890"
SANCTIONED_NAMES = frozenset({"sanctioned person", "受制裁人"})


class PhoneInvalid(InvalidRequest):
    """The phone number is neither a Chinese mobile number nor one in E.164 form."""

    code = "phone_invalid"
    message = "Give a Chinese mobile number or an international number such as +33612345678."


class PasswordWeak(InvalidRequest):
    """The login password is too short, too long or too easy to guess."""

    code = "password_weak"
    message = "The password needs 8 to 128 characters, not all alike, and not the phone number."


class PinInvalid(InvalidRequest):
    """The payment PIN is not six digits."""

    code = "pin_invalid"
    message = "The payment PIN is six digits."


class PinWeak(InvalidRequest):
    """The payment PIN is one of those tried first."""

    code = "pin_weak"
    message = "This payment PIN is too easy to guess: no repeated digit, no straight run."


class IdentityInvalid(InvalidRequest):
    """The identity number is not a resident identity number (GB 11643)."""

    code = "identity_invalid"
    message = "The identity number is not a valid 18-character resident identity number."


class NameInvalid(InvalidRequest):
    """The name is empty, too long, or cannot be shown as it is."""

    code = "name_invalid"
    message = "Give a name of 1 to 64 characters that can all be seen."


class InvalidState(Conflict):
    """The object is in a state that does not allow this step."""

    code = "invalid_state"
    message = "This step is not possible in the present state."


class EndRefused(Refused):
    """Operators end only what a silent bank has had for an hour, by a word with a reference."""

    code = "end_refused"
    message = "The bank has had this for less than an hour, or its word has no reference."


class BankReferenceTaken(Conflict):
    """The bank has said something under this reference already."""

    code = "bank_reference_taken"
    message = "The bank has said something under this reference already."


class BankUnreachable(Refused):
    """The bank cannot be asked now."""

    code = "bank_unreachable"
    message = "The bank cannot be asked now; try again later."


class KycRequired(Refused):
    """The wallet account has no verified identity yet."""

    code = "kyc_required"
    message = "Verify your identity first."


class KycLimit(Refused):
    """The payment would go past what the KYC tier may pay out."""

    code = "kyc_limit"
    message = "This payment goes past the limit of your verification tier."


USAGE_ROW: Final = "accounts_limitusage"


def _kyc_limit(rest_minor: int, tier: int) -> KycLimit:
    return KycLimit(remaining_minor=rest_minor, tier=tier)


TIER_LIFE: Final = declare(
    Limit(
        name="accounts.tier_life",
        whose="person",
        period=Period.LIFE,
        lock=USAGE_ROW,
        refuse=_kyc_limit,
        counter="lifetime_minor",
        refund_restores=True,
    )
)
TIER_YEAR: Final = declare(
    Limit(
        name="accounts.tier_year",
        whose="person",
        period=Period.YEAR,
        lock=USAGE_ROW,
        refuse=_kyc_limit,
        counter="year_minor",
        refund_restores=True,
    )
)


PIN_TRIES: Final = declare(
    Limit(
        name="accounts.pin_tries",
        whose="user",
        period=Period.STANDING,
        lock="accounts_walletuser",
        # The last try is answered with a lock instead of a refusal; see `struck`.
        refuse=None,
        ceiling=PIN_STRIKES.allowed,
        counter="pin_strikes",
    )
)


def normalise_phone(text: str) -> str:
    """Give the number as `+` and digits; a bare Chinese mobile number gets `+86`.

    Spaces, hyphens, dots and brackets are dropped, full-width digits are read as digits,
    a leading `00` counts as `+`.

    Raises:
        PhoneInvalid: it is neither E.164 nor a Chinese mobile number.
    """
    bare = re.sub(r"[\s\-.()]", "", unicodedata.normalize("NFKC", text))
    if _CHINESE_MOBILE.fullmatch(bare):
        return f"+86{bare}"
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    if not _PHONE.fullmatch(bare):
        raise PhoneInvalid(field="phone")
    if bare.startswith("+86") and not _CHINESE_MOBILE.fullmatch(bare[3:]):
        raise PhoneInvalid(field="phone")
    return bare


def mask_phone(phone: str) -> str:
    """Hide all but the country's first digits and the last four: `+86138****8000`."""
    return f"{phone[:-8]}****{phone[-4:]}" if len(phone) > 10 else f"{phone[:3]}****{phone[-2:]}"


def shown_name(text: str, *, field: str = "name") -> str:
    """Give a name as it will be shown.

    Raises:
        NameInvalid: it is empty or longer than 64 characters, or holds what cannot be seen
            or would turn it round.
    """
    name = text.strip()
    if not 1 <= len(name) <= NAME_MAXIMUM or texts.fault(name) is not None:
        raise NameInvalid(field=field)
    return name


def check_password(password: str, *, phone: str) -> None:
    """Refuse a login password that is tried first.

    Args:
        password: as typed.
        phone: the user's normalised phone number.

    Raises:
        PasswordWeak: shorter than 8, longer than 128, one character repeated, or the phone number.
    """
    weak = not 8 <= len(password) <= 128 or len(set(password)) < 2 or password.lstrip("+") in phone
    if weak:
        raise PasswordWeak(field="password")


def check_pin_shape(pin: str) -> None:
    """Check that a new payment PIN is six digits and not one that is tried first.

    Raises:
        PinInvalid: it is not six ASCII digits.
        PinWeak: one digit six times, or six digits in a straight run up or down.
    """
    if not _PIN.fullmatch(pin):
        raise PinInvalid(field="pin")
    if len(set(pin)) == 1 or pin in _STRAIGHT or pin in _STRAIGHT[::-1]:
        raise PinWeak(field="pin")


def hash_secret(secret: str, *, cost: Mapping[str, int]) -> str:
    """Hash a password or PIN with Argon2id; `cost` names rounds, KiB of memory and lanes."""
    hasher = PasswordHasher(
        time_cost=cost["time_cost"],
        memory_cost=cost["memory_cost"],
        parallelism=cost["parallelism"],
    )
    return hasher.hash(secret)


def is_secret(stored_hash: str, secret: str) -> bool:
    """Say whether a secret is the one that was hashed; the hash knows its own cost."""
    try:
        return PasswordHasher().verify(stored_hash, secret)
    except (VerifyMismatchError, InvalidHashError):
        return False


def identity_digest(pepper: bytes, id_number: str) -> str:
    """Give what is kept of an identity number: the same for the same number, and keyed.

    A bare hash of eighteen mostly known digits is undone in seconds; this one needs a key
    that is not in the database. It holds no user, so that two wallets of one person meet.
    """
    return hmac.new(pepper, id_number.encode(), hashlib.sha256).hexdigest()


def peppered(pepper: bytes, user_id: uuid.UUID, secret: str) -> str:
    """Bind a PIN to its user and to a key before it is hashed.

    A million PINs can be tried in hours against a bare Argon2 hash; without the pepper,
    which is not in the database, they cannot be tried at all.
    """
    return hmac.new(pepper, user_id.bytes + secret.encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """Give what is stored of a session token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def struck(strikes: int, *, at: datetime, policy: Strikes) -> tuple[int, datetime | None]:
    """Count one wrong try.

    Args:
        strikes: wrong tries in a row before this one.
        at: when it happened; timezone-aware.
        policy: how many are allowed and how long the lock lasts.

    Returns:
        The new count and, when the count is used up, the end of the lock; the count
        then starts again at 0, so that the lock is paid once for each full set.
    """
    if strikes + 1 >= policy.allowed:
        return 0, at + policy.lock
    return strikes + 1, None


def is_locked(locked_until: datetime | None, *, at: datetime) -> bool:
    """Say whether tries are refused at `at`; the end of the lock is exclusive."""
    return locked_until is not None and at < locked_until


def birth_date(id_number: str) -> date:
    """Read the birth date out of a resident identity number after checking its digits.

    Raises:
        IdentityInvalid: wrong shape, wrong check character (ISO 7064 MOD 11-2) or no such date.

    Source: GB 11643-1999.
    """
    if not _ID_NUMBER.fullmatch(id_number):
        raise IdentityInvalid(field="id_number")
    if check_character(id_number[:17]) != id_number[17]:
        raise IdentityInvalid(field="id_number")
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError as error:
        raise IdentityInvalid(field="id_number") from error


def check_character(digits: str) -> str:
    """The 18th character that belongs to the first 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def rejection(*, legal_name: str, born: date, on: date) -> str | None:
    """Judge an identity: the reason to reject it, or None.

    Args:
        legal_name: as applied with.
        born: birth date of the identity.
        on: the house's day of the decision.

    Returns:
        `under_age`, `sanctioned` (a fixed list of test names stands in for the screening
        service) or None.
    """
    if legal_name.strip().casefold() in SANCTIONED_NAMES:
        return "sanctioned"
    birthday_passed = (on.month, on.day) >= (born.month, born.day)
    age = on.year - born.year - (0 if birthday_passed else 1)
    return "under_age" if age < ADULT_YEARS else None


def mask_identity(id_number: str) -> str:
    """Keep the first three and last two characters, all an operator needs to tell two apart."""
    return f"{id_number[:3]}*************{id_number[-2:]}"


def limits(
    *,
    tier: int,
    lifetime_used_minor: int,
    year: int,
    yearly_used_minor: int,
    reserved_minor: int = 0,
) -> Limits:
    """Give what a tier still allows, in fen.

    Args:
        tier: KYC tier 0 to 3; tier 0 may pay nothing.
        lifetime_used_minor: all outgoing payments so far, in fen.
        year: the calendar year `yearly_used_minor` belongs to.
        yearly_used_minor: outgoing payments of that year, in fen.
        reserved_minor: frozen for payments to come, in fen.
    """
    tier_limit = TIER_LIMITS[tier]
    rests = [
        rest(used=lifetime_used_minor + reserved_minor, ceiling=tier_limit.lifetime_minor),
        rest(used=yearly_used_minor + reserved_minor, ceiling=tier_limit.yearly_minor),
    ]
    return Limits(
        tier=tier,
        lifetime_minor=tier_limit.lifetime_minor,
        yearly_minor=tier_limit.yearly_minor,
        lifetime_used_minor=lifetime_used_minor,
        year=year,
        yearly_used_minor=yearly_used_minor,
        remaining_minor=min((left for left in rests if left is not None), default=None),
        reserved_minor=reserved_minor,
    )


def check_outgoing(allowance: Limits, *, amount_minor: int) -> None:
    """Check that an outgoing payment of `amount_minor` fen stays within the tier.

    Raises:
        KycRequired: tier 0 may not pay.
        KycLimit: it goes past the tier's limit; `remaining_minor` says what is left.
    """
    if allowance.tier == 0:
        raise KycRequired()
    judge(
        TIER_LIFE,
        used=allowance.lifetime_used_minor + allowance.reserved_minor,
        amount=amount_minor,
        ceiling=allowance.lifetime_minor,
        tier=allowance.tier,
    )
    judge(
        TIER_YEAR,
        used=allowance.yearly_used_minor + allowance.reserved_minor,
        amount=amount_minor,
        ceiling=allowance.yearly_minor,
        tier=allowance.tier,
    )


def check_move(moves: Mapping[State, frozenset[State]], present: State, target: State) -> None:
    """Check that a state may follow another.

    Raises:
        InvalidState: the table of moves does not list it.
    """
    if target not in moves[present]:
        raise InvalidState(state=present.value, target=target.value)
