"""The codes our merchants show: static, dynamic, and a plain link for any camera.

A code carries no truth of its own. Whoever scans a dynamic one fetches the order by
its token and sees what the server says; the amount in the code is for others' apps.
Source: EMVCo QRCPS merchant-presented mode; architecture decision on tokens.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wallet.qr import mpm_rules
from wallet.qr.emvco_mpm import MerchantCodeInvalid, MerchantPresented, Part, parse
from wallet.qr.links import ALPHABET, TOKEN_LENGTH, own_token
from wallet.qr.schemes import ACCOUNT_TEMPLATES
from wallet.qr.tlv import Pair, TlvInvalid

ACCOUNT_ID, EXPIRY_ID = "26", "80"
FALLBACK_NAME, FALLBACK_CITY = "MERCHANT", "CITY"
ROOM = 99


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Who shows the code.

    Attributes:
        guid: reverse domain of the installation, at most 32 characters.
        mcc: ISO 18245, four digits.
        currency: ISO 4217 numeric, three digits.
        country: ISO 3166-1 alpha-2.
        name: as on the sign; what is not ASCII goes to the language template.
        latin_name: how an ASCII-only app shows it.
        language: of `name`, two letters.
    """

    guid: str
    merchant_number: str
    mcc: str
    currency: str
    country: str
    name: str
    latin_name: str
    city: str
    language: str = "zh"
    till_id: str = ""
    store_label: str = ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a dynamic code asks for.

    Attributes:
        amount: as text in major units with a dot, "12.00".
        link: `host/q/TOKEN`, without scheme.
        reference: the payee's order number; only its last 25 characters fit.
    """

    amount: str
    link: str
    reference: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OwnCode:
    """One of our own codes, read back.

    Attributes:
        token: "" for a static code.
        amount: as text in major units, "" when the payer types it.
        currency: ISO 4217 numeric, as the code states it.
        problems: why the house does not honour the code although it is ours; what breaks
            EMVCo's rules is not repeated here.
    """

    merchant_number: str
    till_id: str
    token: str
    amount: str
    currency: str
    reference: str
    expires_at: datetime | None
    problems: tuple[str, ...] = ()


def static_code(shop: Shop) -> str:
    """Write a code for many payments; the payer types the amount.

    Raises:
        MerchantCodeInvalid, TlvUnwritable: a value does not fit; `field` names the ID.
    """
    return mpm_rules.write(
        [("00", "01"), ("01", "11"), (ACCOUNT_ID, _account(shop, [])), *_shop(shop, reference="")]
    )


def dynamic_code(shop: Shop, order: Order) -> str:
    """Write a code for one payment, good until `expires_at`.

    Raises:
        MerchantCodeInvalid, TlvUnwritable: a value does not fit; `field` names the ID.
    """
    expiry = str(int(order.expires_at.timestamp()))
    return mpm_rules.write(
        [
            ("00", "01"),
            ("01", "12"),
            (ACCOUNT_ID, _account(shop, [("25", order.link)])),
            ("54", order.amount),
            *_shop(shop, reference=order.reference[-25:]),
            (EXPIRY_ID, [("00", shop.guid), ("01", expiry)]),
        ]
    )


def order_link(*, host: str, token: str) -> str:
    """Write the link as it stands inside a dynamic code, without scheme."""
    return f"{host}/q/{token}"


def new_token(entropy: Callable[[int], int] = secrets.randbelow) -> str:
    """Draw a token of 26 base32 characters: 130 bits, a capability nobody guesses."""
    return "".join(ALPHABET[entropy(len(ALPHABET))] for _ in range(TOKEN_LENGTH))


def read_own(payload: str, *, guid: str, hosts: Sequence[str] = ()) -> OwnCode | None:
    """Read a merchant code of this installation; None when it is anybody else's.

    None too when structure or checksum is wrong. Nobody acts on the result alone:
    `classify` adds EMVCo's rules and gives the verdict.

    Args:
        guid: the installation's, as in its codes.
        hosts: our own web hosts, where a dynamic code's link must lead; none given
            leaves the link's host unjudged.
    """
    try:
        code = parse(payload)
    except TlvInvalid:
        return None
    templates = [name for name in ACCOUNT_TEMPLATES if code.guid(name) == guid.lower()]
    if not code.crc_right or not templates:
        return None
    account = code.template(templates[0])
    link = account.get("25", "")
    return OwnCode(
        merchant_number=account.get("01", ""),
        till_id=account.get("02", "") or code.template("62").get("07", ""),
        token=_token(link, hosts),
        amount=code.text("54"),
        currency=code.text("53"),
        reference=code.template("62").get("05", ""),
        expires_at=_expiry(code, guid),
        problems=tuple(_problems(code, guid=guid, templates=templates, hosts=hosts)),
    )


def _token(link: str, hosts: Sequence[str]) -> str:
    """Give the token of a dynamic code's link, or "" when it leads elsewhere."""
    host = link.partition("/")[0]
    return own_token(f"https://{link}", hosts=hosts or (host,))


def _problems(
    code: MerchantPresented, *, guid: str, templates: Sequence[str], hosts: Sequence[str]
) -> Iterator[str]:
    """Yield what contradicts itself, or promises what this house does not keep."""
    account = code.template(templates[0])
    link = account.get("25", "")
    for identifier in templates[1:]:
        yield f"duplicate_id({identifier})"
    if link and not _token(link, hosts):
        yield f"field_invalid({templates[0]}.25)"
    if (code.text("01") == "12") != bool(link):
        yield "field_invalid(01)"
    tills = {account.get("02", ""), code.template("62").get("07", "")} - {""}
    if len(tills) > 1:
        yield "field_invalid(62.07)"
    # Tips and fees would change what the payer owes; our tills ask for neither.
    for identifier in ("55", "56", "57"):
        if identifier in code.fields:
            yield f"field_invalid({identifier})"
    if code.guid(EXPIRY_ID) == guid.lower() and _expiry(code, guid) is None:
        yield f"field_invalid({EXPIRY_ID}.01)"


def _expiry(code: MerchantPresented, guid: str) -> datetime | None:
    """Give the moment in our own expiry template, epoch seconds of at most ten digits."""
    text = code.template(EXPIRY_ID).get("01", "") if code.guid(EXPIRY_ID) == guid.lower() else ""
    if not re.fullmatch(r"[0-9]{1,10}", text):
        return None
    return datetime.fromtimestamp(int(text), tz=UTC)


def _account(shop: Shop, extra: list[Pair]) -> list[Pair]:
    """Write template 26; the till is left out where it would not fit (62.07 has it too)."""
    with_till = [("00", shop.guid), ("01", shop.merchant_number), ("02", shop.till_id), *extra]
    if not shop.till_id or sum(4 + len(value) for _, value in with_till) > ROOM:
        return [pair for pair in with_till if pair[0] != "02"]
    return with_till


def _shop(shop: Shop, *, reference: str) -> list[Part]:
    """Write what both kinds of code say about the shop."""
    additional = [
        (sub, value)
        for sub, value in (
            ("03", latin(shop.store_label, 25)),
            ("05", reference),
            ("07", latin(shop.till_id, 25)),
        )
        if value
    ]
    parts: list[Part] = [
        ("52", shop.mcc),
        ("53", shop.currency),
        ("58", shop.country),
        ("59", latin(shop.latin_name, 25) or FALLBACK_NAME),
        ("60", latin(shop.city, 15) or FALLBACK_CITY),
    ]
    if additional:
        parts.append(("62", additional))
    if not shop.name.isascii():
        parts.append(("64", [("00", shop.language), ("01", shop.name[:25])]))
    return parts


def latin(text: str, longest: int) -> str:
    """Keep a text's printable ASCII, cut to length; "" when nothing is left."""
    latin_text = "".join(character for character in text if " " <= character <= "~")
    return latin_text.strip()[:longest].strip()


__all__ = [
    "MerchantCodeInvalid",
    "Order",
    "OwnCode",
    "Shop",
    "dynamic_code",
    "new_token",
    "order_link",
    "read_own",
    "static_code",
]
