"""Read a merchant-presented code of any scheme and give a verdict.

Structure and checksum must hold for everyone. Of the contents we insist only on what
no scheme does without; other breaches of EMVCo's rules are warnings, unless the
scheme itself has taken those rules over.
Source: EMVCo QRCPS merchant-presented mode 1.0; reading policy from 78 live codes.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from wallet.qr.emvco_mpm import ACCOUNTS, MerchantPresented, parse
from wallet.qr.mpm_rules import AMOUNT, FORMATS, Problem, strict_problems
from wallet.qr.scheme_details import details, moment
from wallet.qr.schemes import Scheme, account, scheme_of
from wallet.qr.tlv import TlvInvalid, walk_or_none
from wallet.qr.values import EXPIRED, Kind, Level, Reading

# Malaysia's codes state version 02 and mean what everybody else calls 01.
FORMAT_INDICATORS = frozenset({"01", "02"})
TIPS = frozenset({"55", "56", "57"})
KHQR_CURRENCIES = frozenset({"116", "840"})
# ISO 18245 leaves what is below 1500 unassigned but for these; 0000 says "not known".
LOW_CATEGORIES = frozenset({"0000", "0742", "0763", "0780"})
FIRST_OPEN_CATEGORY = "1500"


def read_merchant_code(payload: str, *, at: datetime | None = None) -> Reading:
    """Read one code.

    Args:
        payload: the code's text, exactly.
        at: the moment to judge expiry at; None leaves it to the caller and gives the
            expiry among the details.
    """
    try:
        code = parse(payload)
    except TlvInvalid as broken:
        return Reading(
            kind=Kind.MPM,
            level=Level.TLV,
            errors=("tlv_invalid" if payload.startswith("00") else "not_emv",),
            strict_errors=(f"tlv: {broken.reason}",),
        )
    scheme = scheme_of(code)
    problems = strict_problems(code)
    integrity = tuple(_integrity(code))
    contents = tuple(dict.fromkeys(_contents(code, scheme, problems)))
    profile = tuple(_scheme_rules(code, scheme)) + tuple(_expiry(code, scheme, at))
    errors = (*integrity, *contents, *profile)
    return Reading(
        kind=Kind.MPM,
        profile=scheme.name,
        level=_level(code, integrity=integrity, contents=contents, profile=profile),
        errors=errors,
        strict_errors=tuple(problem.text for problem in problems),
        warnings=_warnings(code, problems, errors),
        fields=dict(code.fields),
        details=details(scheme.name, code),
    )


def _integrity(code: MerchantPresented) -> Iterator[str]:
    """Yield why the code's bytes cannot be trusted to be what was printed."""
    if code.crc_stated is None:
        yield "crc_missing"
    elif not code.crc_right:
        yield "crc_mismatch"


def _contents(
    code: MerchantPresented, scheme: Scheme, problems: Iterable[Problem]
) -> Iterator[str]:
    """Yield what is missing or malformed beyond what the scheme tolerates."""
    if not code.pairs or code.pairs[0][0] != "00":
        yield "not_emv"
    elif code.pairs[0][1] not in FORMAT_INDICATORS:
        yield "field_invalid(00)"
    for where in code.duplicates:
        yield f"duplicate_id({where})"
    if not ACCOUNTS & code.fields.keys():
        yield "network_unsupported"
    # The scheme's own currency stands in for a missing 53, not for a malformed one.
    if not FORMATS["53"][0].fullmatch(code.text("53") if "53" in code.fields else scheme.currency):
        yield "field_invalid(53)"
    if "54" in code.fields and not AMOUNT.fullmatch(code.text("54")):
        yield "amount_invalid"
    # What is to be paid on top is judged for every scheme: an app that misreads it
    # charges the wrong sum.
    for problem in problems:
        judged = scheme.strict or problem.where in TIPS
        if judged and not _is_said_elsewhere(problem, code):
            yield f"field_invalid({problem.where})"


def _is_said_elsewhere(problem: Problem, code: MerchantPresented) -> bool:
    """Tell whether a breach is reported otherwise, or is one that every scheme commits.

    Schemes put their own data into 62.50-99 without naming an owner (QRIS does in 98).
    """
    if problem.where == "63" or problem.where in code.duplicates:
        return True
    return "62.50" <= problem.where <= "62.99"


def _scheme_rules(code: MerchantPresented, scheme: Scheme) -> Iterator[str]:
    """Yield breaches of the scheme's own rules."""
    if scheme.name == "khqr":
        if code.text("53") not in KHQR_CURRENCIES:
            yield "currency_unsupported"
        if code.text("01") == "12" and "54" not in code.fields:
            yield "field_invalid(54)"
        holder = code.guid("30") or code.guid("29")
        if "@" not in holder:
            yield "field_invalid(29)"
    if scheme.name == "qris" and not _is_assigned(code.text("52")):
        yield "field_invalid(52)"
    if scheme.name == "vietqr":
        identifier = account(code, "a000000727")
        if not walk_or_none(code.template(identifier).get("01", "")):
            yield f"field_invalid({identifier}.01)"


def _is_assigned(category: str) -> bool:
    """Tell whether ISO 18245 gives a merchant category a meaning, as far as ranges go."""
    return category >= FIRST_OPEN_CATEGORY or category in LOW_CATEGORIES


def _expiry(code: MerchantPresented, scheme: Scheme, at: datetime | None) -> Iterator[str]:
    """Yield `expired` when the code's own last moment lies before `at`.

    A last moment that cannot be read is no life without end.
    """
    expires = expiry(code, scheme)
    if expires is None and details(scheme.name, code).get("expires"):
        yield "field_invalid(expires)"
    if at is not None and expires is not None and expires < at:
        yield EXPIRED


def expiry(code: MerchantPresented, scheme: Scheme) -> datetime | None:
    """Give the last moment a code is good for, where it states one."""
    stated = moment(details(scheme.name, code).get("expires", ""))
    if stated is None or scheme.name != "sgqr":
        # FPS gives Hong Kong's time, 8 hours ahead: read as UTC it errs on the late side.
        return stated
    # PayNow gives a day or a Singapore time, 8 hours ahead of ours: err on the late side.
    return stated.replace(hour=23, minute=59, second=59)


def _level(
    code: MerchantPresented,
    *,
    integrity: tuple[str, ...],
    contents: tuple[str, ...],
    profile: tuple[str, ...],
) -> Level | None:
    """Say how deep the code is broken."""
    if "not_emv" in contents:
        return Level.TLV
    if integrity:
        return Level.CRC
    if contents:
        return Level.FIELD
    return Level.PROFILE if profile else None


def _warnings(
    code: MerchantPresented, problems: Iterable[Problem], errors: tuple[str, ...]
) -> tuple[str, ...]:
    """Say what was accepted although EMVCo would not, and what is merely odd."""
    tolerated = [
        problem.text
        for problem in problems
        if problem.where != "63" and f"field_invalid({problem.where})" not in errors
    ]
    if code.crc_stated is not None and code.crc_stated != code.crc_stated.upper():
        tolerated.append("crc lower case")
    tolerated += [
        f"{identifier} is RFU" for identifier in code.fields if "65" <= identifier <= "79"
    ]
    return tuple(tolerated)
