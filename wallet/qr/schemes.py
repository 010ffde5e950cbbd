"""The national schemes that build on EMVCo's merchant code, and how each is recognised.

A scheme is known by the GUID its account template carries, in any case of letters.
Source: the schemes' public specifications and live codes; each line's own comment.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from wallet.qr.emvco_mpm import MerchantPresented

PAKISTANI_ACCOUNT = re.compile(r"PK[0-9]{2}[A-Z]{4}[0-9A-Z]{16}")
ACCOUNT_TEMPLATES = tuple(f"{number:02d}" for number in range(26, 52))


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """One scheme.

    Attributes:
        recognise: whether a code belongs to it.
        currency: ISO 4217 numeric code to assume when 53 is absent, or "".
        strict: whether the scheme takes over EMVCo's rules on every field; the others
            leave fields out or stretch them, and all apps read them all the same.
    """

    name: str
    recognise: Callable[[MerchantPresented], bool]
    currency: str = ""
    strict: bool = False


def account(code: MerchantPresented, *prefixes: str) -> str:
    """Find the ID of the account template whose GUID begins with one of the prefixes, or ""."""
    for identifier in ACCOUNT_TEMPLATES:
        if code.guid(identifier).startswith(prefixes):
            return identifier
    return ""


def _by_guid(*prefixes: str) -> Callable[[MerchantPresented], bool]:
    return lambda code: bool(account(code, *prefixes))


def _is_khqr(code: MerchantPresented) -> bool:
    """29 personal or 30 merchant, whose GUID place holds a Bakong account `name@bank`."""
    identifiers = [identifier for identifier in ("29", "30") if identifier in code.fields]
    cambodian = code.text("58") == "KH" or code.text("53") == "116"
    return any("@" in code.guid(identifier) for identifier in identifiers) or (
        cambodian and bool(identifiers)
    )


def _is_qris(code: MerchantPresented) -> bool:
    """51 is QRIS's own; a code of one acquirer may carry only `ID.CO.<ACQUIRER>.WWW`."""
    national = account(code, "id.co.qris.", "id.or.qrisnptg.", "id.or.gpnqr.", "id.or.qris.")
    return bool(national) or (code.text("53") == "360" and bool(account(code, "id.")))


def _is_qrph(code: MerchantPresented) -> bool:
    return bool(account(code, "ph.ppmi", "com.p2pqrpay")) or code.guid("62").startswith("ph.ppmi")


def _is_vnpay_wallet(code: MerchantPresented) -> bool:
    """VNPay's personal code uses EMVCo's frame only: 04 names the wallet, 10 the currency."""
    return code.text("04") == "VNPayWallet"


def _by_place(country: str, currency: str, *prefixes: str) -> Callable[[MerchantPresented], bool]:
    """Know a national scheme by its GUIDs, or by its country and currency together.

    For the schemes that every merchant code of a country belongs to by law, whose
    acquirers put numbers of their own in the GUID's place.
    """
    by_guid = _by_guid(*prefixes)
    return lambda code: (
        by_guid(code) or (code.text("58") == country and code.text("53") == currency)
    )


def _is_raast(code: MerchantPresented) -> bool:
    """Its own GUIDs, or a Pakistani account (IBAN) in an account template."""
    if account(code, "pk.raast", "31036b0edd21412ebb229b0a2448f56a"):
        return True
    return any(
        PAKISTANI_ACCOUNT.fullmatch(value)
        for identifier in ACCOUNT_TEMPLATES
        for value in code.template(identifier).values()
    )


# In order of precedence: a Singapore code carries many schemes' templates at once.
SCHEMES = (
    Scheme(name="sgqr", recognise=_by_guid("sg."), currency="702", strict=True),
    Scheme(name="promptpay", recognise=_by_guid("a000000677"), currency="764"),
    Scheme(name="pix", recognise=_by_guid("br.gov.bcb.pix"), currency="986"),
    Scheme(name="vietqr", recognise=_by_guid("a000000727"), currency="704"),
    Scheme(name="vn-other", recognise=_by_guid("a000000775", "vn.", "com.vnpay"), currency="704"),
    Scheme(name="vn-other", recognise=_is_vnpay_wallet, currency="704"),
    Scheme(name="qris", recognise=_is_qris, currency="360", strict=True),
    Scheme(name="qrph", recognise=_is_qrph, currency="608", strict=True),
    Scheme(name="bharatqr", recognise=_by_guid("a000000524"), currency="356", strict=True),
    Scheme(name="khqr", recognise=_is_khqr, strict=True),
    Scheme(name="jpqr", recognise=_by_guid("jp.or.paymentsjapan"), currency="392"),
    Scheme(name="fps", recognise=_by_guid("hk.com.hkicl"), currency="344"),
    Scheme(name="duitnow", recognise=_by_guid("a0000006150001"), currency="458"),
    Scheme(name="laoqr", recognise=_by_guid("a005266284662577"), currency="418"),
    Scheme(name="fonepay", recognise=_by_guid("fonepay.com"), currency="524"),
    Scheme(name="nepalpay", recognise=_by_guid("nchl", "np."), currency="524"),
    Scheme(name="lankaqr", recognise=_by_place("LK", "144", "lk.", "lankaqr"), currency="144"),
    Scheme(name="banglaqr", recognise=_by_place("BD", "050", "bd.", "banglaqr"), currency="050"),
    Scheme(name="mmqr", recognise=_by_place("MM", "104", "com.mmqr", "mm."), currency="104"),
    Scheme(name="raast", recognise=_is_raast, currency="586"),
)
GENERIC = Scheme(name="emvco", recognise=lambda code: True)


def scheme_of(code: MerchantPresented) -> Scheme:
    """Tell which scheme a merchant code belongs to; plain EMVCo when none is known."""
    return next((scheme for scheme in SCHEMES if scheme.recognise(code)), GENERIC)
