"""The payer's payment code: twenty digits that a till scans, and the one-time passwords behind it.

Pure: no database, no clock, no settings. A code is

    PP T AAAAAAAAA OOOOOOO D      type 1: alias (9) + one-time password (7)
    PP T RRRRRRRRRRRRRRRR  D      type 0: sixteen random digits

PP is the issuer's prefix, T the type and D a Damm check digit over all before it.
The alias names nobody: the server hands it out once and forgets it once used. The
password proves that the phone holds the device key now, without a network.

Source: qr.md section 6; RFC 4226 and RFC 6238 for `hotp` and `totp`.
"""

import hmac
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from config.kernel.errors import InvalidRequest

CODE_DIGITS = 20
ALIAS_DIGITS = 9
OTP_DIGITS = 7
RANDOM_DIGITS = 16
STEP_S = 30
DRIFT_STEPS = 1
EXPIRED_STEPS = 10

_LABEL = b"saoma/paycode/v1\0"
_OTP_MODULUS = 10**OTP_DIGITS

# H. M. Damm's quasigroup of order ten: weak totally anti-symmetric, zero diagonal.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


class CodeMalformed(InvalidRequest):
    """The digits are no payment code of ours: length, prefix, type or check digit is wrong."""

    code = "code_malformed"
    message = "This is not a payment code."


class CodeKind(StrEnum):
    """What the third digit of a code says; the value is that digit."""

    RANDOM = "0"
    OFFLINE = "1"


@dataclass(frozen=True, slots=True)
class ParsedCode:
    """A payment code taken apart. `token` is the alias, or the sixteen random digits."""

    kind: CodeKind
    token: str
    otp: str


def damm(digits: str) -> str:
    """Work out the check digit of a string of decimal digits.

    The digit appended to its own string gives 0, which is how a reader checks it.
    """
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][ord(digit) - 48]
    return str(interim)


def step_at(epoch_s: float) -> int:
    """Number the 30-second step that holds a moment, in seconds since 1970."""
    return int(epoch_s // STEP_S)


def one_time_password(key: bytes, alias: str, step: int) -> str:
    """Give the seven digits a phone shows for an alias during one step.

    Args:
        key: the device key K, 32 bytes.
        alias: nine digits.
        step: number of the 30-second step.
    """
    mac = hmac.digest(key, _LABEL + alias.encode("ascii") + struct.pack(">Q", step), "sha256")
    return f"{int.from_bytes(mac[:8], 'big') % _OTP_MODULUS:07d}"


def matching_step(key: bytes, alias: str, otp: str, steps: Iterable[int]) -> int | None:
    """Find the first of `steps` whose password is `otp`, comparing in constant time."""
    for step in steps:
        if hmac.compare_digest(one_time_password(key, alias, step), otp):
            return step
    return None


def current_steps(epoch_s: float) -> tuple[int, ...]:
    """List the steps whose passwords are good now: this one first, then its neighbours."""
    now = step_at(epoch_s)
    return (now, now - DRIFT_STEPS, now + DRIFT_STEPS)


def expired_steps(epoch_s: float) -> range:
    """List the steps whose passwords were good a moment ago and are not any more."""
    now = step_at(epoch_s)
    return range(now - DRIFT_STEPS - 1, now - EXPIRED_STEPS - 1, -1)


def compose_offline(*, prefix: str, alias: str, otp: str) -> str:
    """Put a type 1 code together: prefix, alias, password, check digit."""
    body = f"{prefix}{CodeKind.OFFLINE}{alias}{otp}"
    return body + damm(body)


def compose_random(*, prefix: str, token: str) -> str:
    """Put a type 0 code together: prefix, sixteen random digits, check digit."""
    body = f"{prefix}{CodeKind.RANDOM}{token}"
    return body + damm(body)


def parse_code(code: str, *, prefix: str) -> ParsedCode:
    """Take a scanned code apart.

    Raises:
        CodeMalformed: it has not twenty ASCII digits, another prefix, an unknown
            type, or a check digit that does not fit.
    """
    if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
        raise CodeMalformed(field="code")
    if not code.startswith(prefix) or damm(code) != "0":
        raise CodeMalformed(field="code")
    body = code[len(prefix) : -1]
    if body[0] == CodeKind.OFFLINE:
        return ParsedCode(CodeKind.OFFLINE, body[1 : 1 + ALIAS_DIGITS], body[1 + ALIAS_DIGITS :])
    if body[0] == CodeKind.RANDOM:
        return ParsedCode(CodeKind.RANDOM, body[1:], "")
    raise CodeMalformed(field="code")


def hotp(key: bytes, counter: int, *, digits: int = 6, algorithm: str = "sha1") -> str:
    """Give the event-based password of RFC 4226 for one counter."""
    mac = hmac.digest(key, struct.pack(">Q", counter), algorithm)
    offset = mac[-1] & 0x0F
    truncated = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{truncated % 10**digits:0{digits}d}"


def totp(
    key: bytes, epoch_s: float, *, digits: int = 8, algorithm: str = "sha1", step_s: int = STEP_S
) -> str:
    """Give the time-based password of RFC 6238 for a moment in seconds since 1970."""
    return hotp(key, int(epoch_s // step_s), digits=digits, algorithm=algorithm)
