"""The operators' second factor: codes of an authenticator (RFC 6238), and recovery codes.

The secret rests sealed under the master key. Each code counts once: the time step of the last
one that was taken stands in the row, and an older one is refused. Wrong codes are counted like
wrong passwords. Codes follow the system's clock: a lesson that moves the world moves none.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from urllib.parse import quote, urlencode

from django.contrib.auth.models import User
from django_otp.oath import TOTP

from config.kernel import keys, transactions
from config.kernel.access import guard, sessions, sign_in
from config.kernel.access.guard import Authority
from config.kernel.access.models import RecoveryCode, SecondFactor
from config.kernel.access.values import FACTOR_SEAL, TryBy
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from config.kernel.errors import Conflict, InvalidRequest

ISSUER = "Saoma"
SECRET_BYTES = 20
STEP_S = 30
# One step before and after the present one: clocks of phones go wrong by some seconds.
TOLERANCE_STEPS = 1
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
# A vote wants a code that was given this short a time ago.
FRESH = timedelta(minutes=5)


class CodeWrong(InvalidRequest):
    """The code is none of the present moment, or was used already."""

    code = "second_factor_wrong"
    message = "This code is wrong, or was used already. Wait for the next one."


class AlreadySetUp(Conflict):
    """There is a confirmed second factor; another takes a reset by two."""

    code = "second_factor_present"
    message = "The second factor is set up already; two operators can reset it."


class NotBegun(Conflict):
    """Nothing was begun that a code could confirm."""

    code = "second_factor_not_begun"
    message = "Begin with setting the second factor up."


def is_set_up(operator: User) -> bool:
    """Whether an operator has a confirmed second factor."""
    return SecondFactor.objects.filter(operator=operator, confirmed_at__isnull=False).exists()


@transactions.atomic_retry
def begin(*, operator: User) -> str:
    """Make a new secret that the next code has to confirm; returns it in base 32.

    Raises:
        AlreadySetUp: one is confirmed.

    Locks: the operator's row of second factors.
    """
    factor = SecondFactor.objects.select_for_update().filter(operator=operator).first()
    if factor is not None and factor.confirmed_at is not None:
        raise AlreadySetUp()
    secret = secrets.token_bytes(SECRET_BYTES)
    with guard.under(_own(operator)):
        SecondFactor.objects.update_or_create(
            operator=operator, defaults={"sealed_secret": keys.seal(secret, purpose=FACTOR_SEAL)}
        )
    return base64.b32encode(secret).decode()


def begun_secret(operator: User) -> str | None:
    """The secret that waits to be confirmed, in base 32; None where there is none."""
    factor = SecondFactor.objects.filter(operator=operator, confirmed_at__isnull=True).first()
    return None if factor is None else base64.b32encode(_secret(factor)).decode()


def address_of(operator: User, secret: str) -> str:
    """The `otpauth:` address that an authenticator scans."""
    label = quote(f"{ISSUER}:{operator.get_username()}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


def confirm(*, operator: User, code: str, address: str) -> list[str]:
    """Take the first code, from which the factor holds; returns the recovery codes, once.

    Must be called outside a transaction: wrong codes are counted whatever follows.

    Raises:
        AlreadySetUp, NotBegun: there is nothing to confirm.
        CodeWrong: it does not follow from the secret.
        sign_in.TooManySignIns: too many wrong codes.
    """
    sign_in.begin_try(username=operator.get_username(), address=address, by=TryBy.CODE)
    codes = _confirm(operator=operator, code=code)
    sign_in.forget_tries(username=operator.get_username(), address=address, by=TryBy.CODE)
    return codes


def accept(*, operator: User, code: str, address: str, target: str) -> None:
    """Take a code, or a recovery code, once.

    Must be called outside a transaction: wrong codes are counted whatever follows.

    Args:
        target: what it is given for, for the audit log: `session`, `approval:…`.

    Raises:
        CodeWrong: it is wrong, of another moment, or was used.
        sign_in.TooManySignIns: too many wrong codes; `retry_after_s`.

    Locks: the operator's second factor.
    """
    name = operator.get_username()
    try:
        sign_in.begin_try(username=name, address=address, by=TryBy.CODE)
        kind = _take(operator=operator, code=code)
    except (CodeWrong, sign_in.TooManySignIns) as refusal:
        verb = "code_refused" if isinstance(refusal, CodeWrong) else "code_locked"
        _record(verb, name, target, {"address": address})
        raise
    sign_in.forget_tries(username=name, address=address, by=TryBy.CODE)
    _record("code_accepted", name, target, {"kind": kind, "address": address})


def reset(*, operator: User, authority: Authority) -> None:
    """Take the second factor away on somebody's word; the next sign-in sets up another.

    Runs in the caller's transaction.
    """
    with guard.under(authority):
        RecoveryCode.objects.filter(operator=operator).delete()
        SecondFactor.objects.filter(operator=operator).delete()
    chain.record(
        action="access.second_factor_reset",
        actor=authority.actor,
        target=operator_actor(operator.get_username()),
        purpose=authority.reason[:256],
    )


@transactions.atomic_retry
def _confirm(*, operator: User, code: str) -> list[str]:
    factor = SecondFactor.objects.select_for_update().filter(operator=operator).first()
    if factor is None:
        raise NotBegun()
    if factor.confirmed_at is not None:
        raise AlreadySetUp()
    with guard.under(_own(operator)):
        _take_step(factor, code)
        factor.confirmed_at = sessions.present()
        factor.save(update_fields=["confirmed_at"])
        codes = [_new_code() for _ in range(RECOVERY_CODES)]
        RecoveryCode.objects.filter(operator=operator).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(operator=operator, digest=_digest(operator, code)) for code in codes
        )
    _record("second_factor_set_up", operator.get_username(), "second factor", {})
    return codes


@transactions.atomic_retry
def _take(*, operator: User, code: str) -> str:
    """Use a code up; returns of which kind it was."""
    factor = (
        SecondFactor.objects.select_for_update()
        .filter(operator=operator, confirmed_at__isnull=False)
        .first()
    )
    if factor is None:
        raise CodeWrong(field="code")
    text = code.replace(" ", "").replace("-", "")
    if text.isdigit() and len(text) < RECOVERY_BYTES:
        _take_step(factor, text)
        return "code"
    used = RecoveryCode.objects.filter(
        operator=operator, digest=_digest(operator, text), used_at__isnull=True
    ).update(used_at=sessions.present())
    if not used:
        raise CodeWrong(field="code")
    return "recovery code"


def _take_step(factor: SecondFactor, code: str) -> None:
    """Check a code against the steps that are not used up yet, and use its step up."""
    totp = TOTP(_secret(factor), step=STEP_S)
    totp.time = sessions.present().timestamp()
    text = code.replace(" ", "")
    right = text.isascii() and text.isdigit() and len(text) == totp.digits
    if not right or not totp.verify(
        int(text), tolerance=TOLERANCE_STEPS, min_t=factor.last_step + 1
    ):
        raise CodeWrong(field="code")
    factor.last_step = totp.t()
    factor.save(update_fields=["last_step"])


def _secret(factor: SecondFactor) -> bytes:
    return keys.unseal(bytes(factor.sealed_secret), purpose=FACTOR_SEAL)


def _own(operator: User) -> Authority:
    return Authority(operator_actor(operator.get_username()), "own second factor")


def _new_code() -> str:
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _digest(operator: User, code: str) -> str:
    """How a recovery code is kept: keyed, so that the table alone opens nothing."""
    text = f"{operator.pk}:{code.replace('-', '').lower()}"
    key = keys.derive("operators-recovery-codes", 32)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _record(verb: str, name: str, target: str, after: dict[str, object]) -> None:
    chain.record(
        action=f"access.{verb}",
        actor=operator_actor(name),
        target=target[:128],
        after=after,
    )
