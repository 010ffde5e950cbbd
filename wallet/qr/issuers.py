"""Whose payment code is this number? The prefixes of the issuers tills meet.

Source: the issuers' public integration guides: Alipay 16-24 digits from 25-30;
Alipay+ code format (main form 6 issuer + 2 type + 16 number); WeChat Pay 18 digits
from 10-15; UnionPay 19 digits from 62.
"""

import re
from collections.abc import Iterator

from wallet.qr.values import Kind, Level, Reading

Rule = tuple[str, str, re.Pattern[str]]

# First match decides: the wallets' ranges overlap.
RULES: tuple[Rule, ...] = (
    ("alipay+", "24", re.compile(r"(?P<cii>(2[5-9]|30)\d{4})(?P<bti>02)(?P<uin>\d{16})")),
    ("alipay+", "19", re.compile(r"289\d{10}6\d{5}")),
    ("wechat", "18", re.compile(r"1[0-5]\d{16}")),
    ("unionpay", "19", re.compile(r"62\d{17}")),
    ("alipay", "16-24", re.compile(r"(2[5-9]|30)\d{14,22}")),
)
DIGITS = re.compile(r"[0-9]+")
# Shorter numbers are one-time passwords (RFC 4226: 6 to 8 digits), not payment codes.
OTP_LENGTHS = range(6, 9)


def is_digits(text: str) -> bool:
    """Tell whether a text is ASCII digits only."""
    return bool(DIGITS.fullmatch(text))


def read_number(payload: str) -> Reading:
    """Read a number: somebody's payment code, a one-time password, or nothing we know."""
    if len(payload) in OTP_LENGTHS:
        return Reading(kind=Kind.OTP, profile="rfc4226", fields={"digits": len(payload)})
    for issuer, form, pattern in RULES:
        match = pattern.fullmatch(payload)
        if match:
            parts = {name: part for name, part in match.groupdict().items() if part}
            return Reading(
                kind=Kind.PAYCODE,
                profile=issuer,
                fields={"issuer": issuer, **parts},
                details={"form": form},
            )
    errors = tuple(_errors(payload))
    return Reading(
        kind=Kind.PAYCODE, level=Level.PROFILE, errors=errors, strict_errors=errors, fields={}
    )


def _errors(payload: str) -> Iterator[str]:
    """Yield why a number is nobody's code."""
    yield "network_unsupported" if 16 <= len(payload) <= 32 else "field_invalid(length)"
