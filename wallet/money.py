"""Money at the edge: whole minor units inside, decimal text outside. Pure.

An amount is an integer of the currency's smallest unit (fen for CNY, yen for JPY, fils
for KWD) beside its ISO 4217 code. `Decimal` lives only in this module, floats nowhere.
Rounding has one rule, half away from zero, and sharing out has one rule, largest
remainder, so that parts always add up to the whole.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from config.kernel.errors import InvalidRequest, invariant


class Currency(NamedTuple):
    """A currency of ISO 4217: how many decimals it has and its three-digit number."""

    exponent: int
    numeric: str


# Source: ISO 4217 list one (active codes), funds and precious metals left out.
_BY_EXPONENT = {
    0: """
    BIF108 CLP152 DJF262 GNF324 ISK352 JPY392 KMF174 KRW410 PYG600 RWF646 UGX800 UYI940
    VND704 VUV548 XAF950 XOF952 XPF953
    """,
    2: """
    AED784 AFN971 ALL008 AMD051 ANG532 XCG532 AOA973 ARS032 AUD036 AWG533 AZN944 BAM977 BBD052
    BDT050 BGN975 BMD060 BND096 BOB068 BRL986 BSD044 BTN064 BWP072 BYN933 BZD084 CAD124
    CDF976 CHF756 CNY156 COP170 CRC188 CUP192 CVE132 CZK203 DKK208 DOP214 DZD012 EGP818
    ERN232 ETB230 EUR978 FJD242 FKP238 GBP826 GEL981 GHS936 GIP292 GMD270 GTQ320 GYD328
    HKD344 HNL340 HTG332 HUF348 IDR360 ILS376 INR356 IRR364 JMD388 KES404 KGS417 KHR116
    KPW408 KYD136 KZT398 LAK418 LBP422 LKR144 LRD430 LSL426 MAD504 MDL498 MGA969 MKD807
    MMK104 MNT496 MOP446 MRU929 MUR480 MVR462 MWK454 MXN484 MYR458 MZN943 NAD516 NGN566
    NIO558 NOK578 NPR524 NZD554 PAB590 PEN604 PGK598 PHP608 PKR586 PLN985 QAR634 RON946
    RSD941 RUB643 SAR682 SBD090 SCR690 SDG938 SEK752 SGD702 SHP654 SLE925 SOS706 SRD968
    SSP728 STN930 SVC222 SYP760 SZL748 THB764 TJS972 TMT934 TOP776 TRY949 TTD780 TWD901
    TZS834 UAH980 USD840 UYU858 UZS860 VED926 VES928 WST882 XCD951 YER886 ZAR710 ZMW967
    ZWG924
    """,
    3: "BHD048 IQD368 JOD400 KWD414 LYD434 OMR512 TND788",
    4: "CLF990 UYW927",
}
CURRENCIES = {
    entry[:3]: Currency(exponent, entry[3:])
    for exponent, entries in _BY_EXPONENT.items()
    for entry in entries.split()
}
MAX_AMOUNT_MINOR = 10**15
BPS_PER_WHOLE = 10_000
_PLAIN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)


class AmountInvalid(InvalidRequest):
    """The amount is no plain decimal number within range."""

    code = "amount_invalid"
    message = "The amount is not a plain decimal number, or is out of range."


class AmountPrecision(InvalidRequest):
    """The amount has more decimals than the currency has."""

    code = "amount_precision"
    message = "The amount has more decimals than its currency."


class CurrencyUnknown(InvalidRequest):
    """The currency is not in ISO 4217."""

    code = "currency_unknown"
    message = "The currency is not an ISO 4217 code."


def exponent(currency: str) -> int:
    """How many decimals a currency has: 2 for CNY, 0 for JPY, 3 for KWD.

    Raises:
        CurrencyUnknown: the code is not in ISO 4217.
    """
    digits = CURRENCIES.get(currency)
    if digits is None:
        raise CurrencyUnknown(field="currency", currency=currency[:8])
    return digits.exponent


def parse_amount(text: str | Decimal | int, currency: str) -> int:
    """Read an amount in major units ("12.00" yuan) as minor units (1200 fen).

    Zero and negative amounts are read as they stand: whether they make sense is the
    caller's rule. A float is never taken; exponents, signs other than one minus,
    blanks and digits of other scripts are refused.

    Raises:
        CurrencyUnknown: the code is not in ISO 4217.
        AmountInvalid: not a plain decimal number, or beyond MAX_AMOUNT_MINOR.
        AmountPrecision: more decimals than the currency has (trailing zeros count).
    """
    places = exponent(currency)
    plain = f"{text:f}" if isinstance(text, Decimal) else str(text)
    if isinstance(text, bool | float) or not _PLAIN.fullmatch(plain):
        raise AmountInvalid(field="amount", amount=plain[:32])
    if len(plain.partition(".")[2]) > places:
        raise AmountPrecision(field="amount", amount=plain[:40], decimals=places)
    amount_minor = int(Decimal(plain).scaleb(places))
    if abs(amount_minor) > MAX_AMOUNT_MINOR:
        raise AmountInvalid(field="amount", amount=plain[:32])
    return amount_minor


def format_amount(amount_minor: int, currency: str) -> str:
    """Write minor units in major units with all the currency's decimals: 1200 -> "12.00".

    Raises:
        CurrencyUnknown: the code is not in ISO 4217.
    """
    return format(Decimal(amount_minor).scaleb(-exponent(currency)), "f")


def share(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Share an amount out by weights so that the parts add up to it exactly.

    Each part is the exact share rounded down; the units left over go one each to the
    largest remainders, the earlier part first where two are equal (Hamilton's method).
    A negative total is shared like its opposite.

    Args:
        total_minor: what to share, in minor units.
        weights: not negative, their sum above zero.
    """
    whole = sum(weights)
    invariant(whole > 0 and min(weights) >= 0, "weights are not negative and not all zero")
    sign = -1 if total_minor < 0 else 1
    parts, remainders = [], []
    for place, weight in enumerate(weights):
        part, remainder = divmod(abs(total_minor) * weight, whole)
        parts.append(part)
        remainders.append((-remainder, place))
    left = abs(total_minor) - sum(parts)
    for _, place in sorted(remainders)[:left]:
        parts[place] += 1
    return [sign * part for part in parts]


def bps(amount_minor: int, rate_bps: int, minimum: int = 0, maximum: int | None = None) -> int:
    """Take basis points (hundredths of a percent) of an amount, rounding half up.

    Args:
        amount_minor: in minor units, not negative.
        rate_bps: the rate; 60 is 0.60 %.
        minimum: the least that is taken, in minor units.
        maximum: the most that is taken, in minor units; None for no limit.
    """
    invariant(amount_minor >= 0 and rate_bps >= 0, "a rate is taken of what is not negative")
    half_up = (2 * amount_minor * rate_bps + BPS_PER_WHOLE) // (2 * BPS_PER_WHOLE)
    share_minor = max(half_up, minimum)
    return share_minor if maximum is None else min(share_minor, maximum)
