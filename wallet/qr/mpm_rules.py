"""Every rule EMVCo sets on the contents of a merchant-presented code.

Our own codes obey all of them; a foreign code that breaks one may still be good in
its scheme, so a breach is a Problem to weigh, not an exception.
Source: EMVCo QRCPS merchant-presented mode 1.0, tables 3.1 to 3.8; 62.10 and 62.11
from version 1.1.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from wallet.money import CURRENCIES
from wallet.qr.emvco_mpm import (
    ACCOUNTS,
    FOUR_HEX,
    TEMPLATES,
    MerchantCodeInvalid,
    MerchantPresented,
    Part,
    parse,
    serialise,
)
from wallet.qr.tlv import walk_or_none

AMOUNT = re.compile(r"[0-9]+(\.[0-9]*)?")
PERCENTAGE = re.compile(r"[0-9]{1,2}(\.[0-9]{0,2})?")
PRINTABLE = re.compile(r"[\x20-\x7E]+")
MANDATORY = ("52", "53", "58", "59", "60")

FORMATS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "52": (re.compile(r"[0-9]{4}"), "must be N4"),
    "53": (re.compile(r"[0-9]{3}"), "must be N3"),
    "55": (re.compile(r"0[123]"), "must be 01, 02 or 03"),
    "58": (re.compile(r"[A-Z]{2}"), "must be alpha-2 country"),
    "59": (re.compile(r"[\x20-\x7E]{1,25}"), "must be ans 1..25"),
    "60": (re.compile(r"[\x20-\x7E]{1,15}"), "must be ans 1..15"),
    "61": (re.compile(r"[\x20-\x7E]{1,10}"), "must be ans 1..10"),
}
ADDITIONAL: Mapping[str, tuple[re.Pattern[str], str]] = {
    **{
        f"{number:02d}": (re.compile(r"[\x20-\x7E]{1,25}"), "must be ans 1..25")
        for number in range(1, 9)
    },
    "09": (re.compile(r"(?!.*(.).*\1)[AME]{1,3}"), "must be subset of AME"),
    "10": (re.compile(r"[\x20-\x7E]{1,20}"), "must be ans 1..20"),
    "11": (re.compile(r"[\x20-\x7E]{3}"), "must be ans 3"),
}
LANGUAGE: Mapping[str, tuple[re.Pattern[str], str]] = {
    "00": (re.compile(r"[A-Za-z]{2}"), "must be a language of 2 letters"),
    "01": (re.compile(r"(?s).{1,25}"), "must be 1..25"),
    "02": (re.compile(r"(?s).{1,15}"), "must be 1..15"),
}
EXPONENTS = {currency.numeric: currency.exponent for currency in CURRENCIES.values()}


@dataclass(frozen=True)
class Problem:
    """One breach: where ("59", "62.09") and what, in a short technical sentence."""

    where: str
    text: str


def strict_problems(code: MerchantPresented) -> list[Problem]:
    """List every breach of EMVCo's rules, integrity first; empty for a clean code."""
    return [
        *_integrity(code),
        *_presence(code),
        *_formats(code),
        *_amounts(code),
        *_tip(code),
        *_accounts(code),
        *_additional_data(code),
        *_language(code),
        *_owned_templates(code),
    ]


def amount_problem(value: str, where: str) -> Problem | None:
    """Check an amount's syntax: digits, perhaps a dot and decimals, 13 characters at most."""
    if not AMOUNT.fullmatch(value) or len(value) > 13:
        return Problem(where, f"{where} bad amount {value!r}")
    return None


def write(parts: list[Part]) -> str:
    """Write a merchant code and prove it by the same rules it will be read by.

    Raises:
        TlvUnwritable: a value is empty or longer than 99 characters.
        MerchantCodeInvalid: the code breaks a rule of EMVCo; `field` names the ID.
    """
    payload = serialise(parts)
    problems = strict_problems(parse(payload))
    if problems:
        raise MerchantCodeInvalid(field=problems[0].where, reason=problems[0].text)
    return payload


def _integrity(code: MerchantPresented) -> Iterator[Problem]:
    """Yield what is wrong with order, repetition and checksum."""
    if not code.pairs or code.pairs[0] != ("00", "01"):
        yield Problem("00", "00 missing or not '01'")
    for where in code.duplicates:
        level = "root" if "." not in where else where.partition(".")[0]
        yield Problem(where, f"duplicate {level} id [{where.rpartition('.')[2]!r}]")
    if not code.pairs or code.pairs[-1][0] != "63":
        yield Problem("63", "63 missing or not last")
    elif not FOUR_HEX.fullmatch(code.pairs[-1][1]):
        yield Problem("63", f"63 must be 4 hex: {code.pairs[-1][1]!r}")
    elif not code.crc_right:
        stated, computed = code.crc_stated, code.crc_computed
        yield Problem("63", f"crc mismatch stated {stated} computed {computed}")


def _presence(code: MerchantPresented) -> Iterator[Problem]:
    """Yield the mandatory objects that are missing."""
    for identifier in MANDATORY:
        if identifier not in code.fields:
            yield Problem(identifier, f"{identifier} missing")
    if not ACCOUNTS & code.fields.keys():
        yield Problem("02", "no merchant account information 02-51")


def _formats(code: MerchantPresented) -> Iterator[Problem]:
    """Yield primitive values of the wrong form."""
    initiation = code.text("01")
    if "01" in code.fields and initiation not in {"11", "12"}:
        yield Problem("01", f"01 not 11/12: {initiation!r}")
    for identifier, (pattern, wish) in FORMATS.items():
        value = code.text(identifier)
        if identifier in code.fields and not pattern.fullmatch(value):
            yield Problem(identifier, f"{identifier} {wish}: {value!r}")


def _amounts(code: MerchantPresented) -> Iterator[Problem]:
    """Yield what is wrong with the amount, 54."""
    value = code.text("54")
    if "54" not in code.fields:
        return
    problem = amount_problem(value, "54")
    if problem:
        yield problem
    elif Decimal(value) == 0:
        yield Problem("54", "54 zero amount")
    elif len(value.partition(".")[2]) > EXPONENTS.get(code.text("53"), 2):
        yield Problem("54", f"54 more decimals than currency {code.text('53')}: {value!r}")


def _tip(code: MerchantPresented) -> Iterator[Problem]:
    """Yield contradictions between the tip indicator and its two values."""
    for identifier, indicator in (("56", "02"), ("57", "03")):
        if (identifier in code.fields) != (code.text("55") == indicator):
            yield Problem(identifier, f"{identifier} presence does not match 55")
    fixed, percentage = code.text("56"), code.text("57")
    if code.text("55") == "02" and fixed:
        problem = amount_problem(fixed, "56")
        if problem or Decimal(fixed) == 0:
            yield problem or Problem("56", "56 zero amount")
    if code.text("55") == "03" and percentage and not _is_percentage(percentage):
        yield Problem("57", f"57 must be 00.01..99.99: {percentage!r}")


def _is_percentage(value: str) -> bool:
    """Tell whether a value lies in 00.01 to 99.99, without a percent sign."""
    return bool(PERCENTAGE.fullmatch(value)) and Decimal(value) > 0


def _accounts(code: MerchantPresented) -> Iterator[Problem]:
    """Yield merchant accounts that are not plain printable ASCII."""
    for identifier, value in code.pairs:
        if identifier in ACCOUNTS and not PRINTABLE.fullmatch(value):
            yield Problem(identifier, f"{identifier} not ans")


def _additional_data(code: MerchantPresented) -> Iterator[Problem]:
    """Yield what is wrong inside 62."""
    if isinstance(code.fields.get("62"), str):
        yield Problem("62", "62 is not a template")
    template = code.template("62")
    yield from _inside("62", template, ADDITIONAL)
    for sub, value in template.items():
        if "50" <= sub <= "99" and "00" not in dict(walk_or_none(value) or ()):
            yield Problem(f"62.{sub}", f"62.{sub} lacks GUID 00")


def _language(code: MerchantPresented) -> Iterator[Problem]:
    """Yield what is wrong inside 64; its language and name are mandatory."""
    if isinstance(code.fields.get("64"), str):
        yield Problem("64", "64 is not a template")
        return
    template = code.template("64")
    if "64" in code.fields:
        for sub in ("00", "01"):
            if sub not in template:
                yield Problem(f"64.{sub}", f"64.{sub} missing")
    yield from _inside("64", template, LANGUAGE)


def _inside(
    root: str, template: Mapping[str, str], formats: Mapping[str, tuple[re.Pattern[str], str]]
) -> Iterator[Problem]:
    """Yield a template's values of the wrong form."""
    for sub, (pattern, wish) in formats.items():
        if sub in template and not pattern.fullmatch(template[sub]):
            yield Problem(f"{root}.{sub}", f"{root}.{sub} {wish}: {template[sub]!r}")


def _owned_templates(code: MerchantPresented) -> Iterator[Problem]:
    """Yield templates 26-51 and 80-99 that do not name their owner."""
    for identifier, value in code.fields.items():
        if identifier not in TEMPLATES - {"62", "64"}:
            continue
        guid = value.get("00", "") if isinstance(value, dict) else ""
        if not 1 <= len(guid) <= 32:
            yield Problem(identifier, f"{identifier} lacks GUID 00")
