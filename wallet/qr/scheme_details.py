"""What a scheme's account template means: the account, the bank, the expiry.

Each function reads one scheme's code into plain named values for a screen or a
routing adapter. Nothing here refuses; `mpm_reader` does.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from wallet.qr.emvco_mpm import MerchantPresented
from wallet.qr.schemes import account
from wallet.qr.tlv import walk_or_none

Details = dict[str, str]

PROMPTPAY_TARGETS = {"01": "phone", "02": "national_id", "03": "ewallet", "04": "bank_account"}
VIETQR_SERVICES = {
    "QRIBFTTA": "to_account",
    "QRIBFTTC": "to_card",
    "QRPUSH": "purchase",
    "QRCASH": "atm",
}
PAYNOW_PROXIES = {"0": "mobile", "2": "uen"}


def details(scheme: str, code: MerchantPresented) -> Details:
    """Name a code's scheme-specific contents; empty for a scheme we only display."""
    reader = READERS.get(scheme)
    fields = reader(code) if reader else {}
    return {name: value for name, value in fields.items() if value}


def promptpay(code: MerchantPresented) -> Details:
    """Read 29 (a person: phone, ID, e-wallet, account) or 30 (a bill and its references)."""
    bill = code.template(account(code, "a000000677010112"))
    if bill:
        return {
            "biller": bill.get("01", ""),
            "ref1": bill.get("02", ""),
            "ref2": bill.get("03", ""),
            "ref3": code.template("62").get("07", ""),
        }
    person = code.template(account(code, "a000000677"))
    for sub, name in PROMPTPAY_TARGETS.items():
        if sub in person:
            value = person[sub]
            # A phone stands as 0066 and nine digits; Thais know it as 0 and the nine.
            return {"target": name, name: re.sub(r"^0066(\d{9})$", r"0\1", value)}
    return {}


def pix(code: MerchantPresented) -> Details:
    """Read the key of a static code, or the address a dynamic one is fetched from."""
    template = code.template(account(code, "br.gov.bcb.pix"))
    txid = code.template("62").get("05", "")
    mandate = code.template("80").get("25", "") if code.guid("80") == "br.gov.bcb.pix" else ""
    return {
        "key": template.get("01", ""),
        "text": template.get("02", ""),
        "withdrawal_provider": template.get("03", ""),
        "url": template.get("25", ""),
        "mandate_url": mandate,
        "txid": "" if txid == "***" else txid,
    }


def vietqr(code: MerchantPresented) -> Details:
    """Read bank and account: the third level, inside 38.01."""
    template = code.template(account(code, "a000000727"))
    inner = dict(walk_or_none(template.get("01", "")) or ())
    service = template.get("02", "")
    return {
        "bank_bin": inner.get("00", ""),
        "account": inner.get("01", ""),
        "service": VIETQR_SERVICES.get(service, service),
        "purpose": code.template("62").get("08", ""),
    }


def sgqr(code: MerchantPresented) -> Details:
    """Read the PayNow proxy and the SGQR number."""
    paynow = code.template(account(code, "sg.paynow"))
    proxy = paynow.get("01", "")
    # The multi-scheme sample keeps a reference in 04 and the expiry in 05: go by content.
    last = [paynow.get(sub, "") for sub in ("04", "05")]
    return {
        "proxy_type": PAYNOW_PROXIES.get(proxy, proxy),
        "proxy": paynow.get("02", ""),
        "amount_editable": paynow.get("03", ""),
        "expires": next((text for text in last if moment(text)), ""),
        "reference": next((text for text in last if text and not moment(text)), ""),
        "sgqr_id": code.template(account(code, "sg.sgqr")).get("01", ""),
    }


def qris(code: MerchantPresented) -> Details:
    """Read the acquirer's merchant and the national merchant number."""
    national = code.template("51")
    acquirer = code.template(account(code, "id."))
    return {
        "merchant_pan": acquirer.get("01", ""),
        "merchant_id": acquirer.get("02", ""),
        "nmid": national.get("02", ""),
        "criteria": national.get("03", "") or acquirer.get("03", ""),
    }


def khqr(code: MerchantPresented) -> Details:
    """Read the Bakong account and the life of a dynamic code (13-digit milliseconds)."""
    merchant = code.template("30")
    holder = merchant or code.template("29")
    return {
        "bakong_account": holder.get("00", ""),
        "type": "merchant" if merchant else "personal",
        "account": holder.get("01", ""),
        "bank": holder.get("02", ""),
        "created": code.template("99").get("00", ""),
        "expires": code.template("99").get("01", ""),
    }


def bharatqr(code: MerchantPresented) -> Details:
    """Read the UPI address and the card schemes' merchant numbers."""
    upi, reference = code.template("26"), code.template("27")
    return {
        "vpa": upi.get("01", ""),
        "minimum_amount": upi.get("02", ""),
        "transaction_reference": reference.get("01", ""),
        "url": reference.get("02", ""),
        "visa": code.text("02"),
        "mastercard": code.text("04"),
        "rupay": code.text("06"),
        "bank_account": code.text("08"),
    }


def qrph(code: MerchantPresented) -> Details:
    """Read the bank and the merchant."""
    template = code.template(account(code, "ph.ppmi", "com.p2pqrpay"))
    return {"bic": template.get("01", ""), "merchant": template.get("03", "")}


def fps(code: MerchantPresented) -> Details:
    """Read Hong Kong's payee: bank, FPS identifier, mobile or e-mail, and the expiry."""
    template = code.template(account(code, "hk.com.hkicl"))
    additional = code.template("62")
    return {
        "clearing_code": template.get("01", ""),
        "fps_id": template.get("02", ""),
        "mobile": template.get("03", ""),
        "email": template.get("04", ""),
        "expires": template.get("05", ""),
        "bill_number": additional.get("01", ""),
        "reference": additional.get("05", ""),
    }


def duitnow(code: MerchantPresented) -> Details:
    """Read Malaysia's acquirer and the merchant it knows."""
    template = code.template(account(code, "a0000006150001"))
    return {
        "acquirer": template.get("01", ""),
        "merchant": template.get("02", ""),
        "reference": code.template("62").get("05", ""),
    }


def jpqr(code: MerchantPresented) -> Details:
    """Read Japan's merchant number, in its four levels and as the one they make."""
    template = code.template(account(code, "jp.or.paymentsjapan"))
    levels = [template.get(f"{level:02d}", "") for level in range(1, 5)]
    level_texts = {f"level{number}": text for number, text in enumerate(levels, start=1)}
    return {"merchant": "".join(levels), **level_texts}


def laoqr(code: MerchantPresented) -> Details:
    """Read Laos's issuer, kind of payment and receiver."""
    template = code.template(account(code, "a005266284662577"))
    return {
        "iin": template.get("01", ""),
        "payment_type": template.get("02", ""),
        "receiver": template.get("03", ""),
    }


def fonepay(code: MerchantPresented) -> Details:
    """Read Nepal's FonePay merchant and terminal."""
    template = code.template(account(code, "fonepay.com"))
    return {"merchant": template.get("01", ""), "terminal": template.get("02", "")}


def nepalpay(code: MerchantPresented) -> Details:
    """Read Nepal's NepalPay merchant, which its GUID carries where no other field does."""
    template = code.template(account(code, "nchl", "np."))
    return {"merchant": template.get("01", "") or template.get("00", "")}


def mmqr(code: MerchantPresented) -> Details:
    """Read Myanmar's merchant and terminal."""
    template = code.template(account(code, "com.mmqr", "mm."))
    return {"merchant": template.get("01", ""), "terminal": template.get("02", "")}


def raast(code: MerchantPresented) -> Details:
    """Read Pakistan's payee: identifier or bank, and the account (IBAN)."""
    template = code.template(account(code, "pk.raast", "31036b0edd21412ebb229b0a2448f56a"))
    return {"payee": template.get("01", ""), "account": template.get("02", "")}


def moment(text: str) -> datetime | None:
    """Read a scheme's time: `YYYYMMDD[hhmmss]`, or 13 digits of Unix milliseconds, UTC."""
    if re.fullmatch(r"[0-9]{13}", text):
        return datetime.fromtimestamp(int(text) // 1000, tz=UTC)
    layout = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}.get(len(text))
    if layout is None or not re.fullmatch(r"[0-9]+", text):
        return None
    try:
        return datetime.strptime(text, layout).replace(tzinfo=UTC)
    except ValueError:
        return None


READERS: Mapping[str, Callable[[MerchantPresented], Details]] = {
    "promptpay": promptpay,
    "pix": pix,
    "vietqr": vietqr,
    "sgqr": sgqr,
    "qris": qris,
    "khqr": khqr,
    "bharatqr": bharatqr,
    "qrph": qrph,
    "fps": fps,
    "duitnow": duitnow,
    "jpqr": jpqr,
    "laoqr": laoqr,
    "fonepay": fonepay,
    "nepalpay": nepalpay,
    "mmqr": mmqr,
    "raast": raast,
}
