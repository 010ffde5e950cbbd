"""Play a payer's phone: scan whatever a merchant shows or hands over, and pay it if asked to."""

import re
from dataclasses import dataclass
from typing import Final

from merchants.acceptance import queries
from merchants.acceptance.rules import AmountNeeded
from merchants.acceptance.usecases.scan import scan_code
from merchants.acceptance.values import OrderStatus, Scan
from merchants.checkout.usecases.open_agreement_link import open_agreement_link
from merchants.checkout.usecases.pay_app_order import open_app_order, pay_app_order
from wallet import public as wallet
from wallet.money import format_amount, parse_amount

CURRENCY: Final = "CNY"
AGREEMENT: Final = re.compile(r"alipays?://|https?://[^/]+/agreements/", re.IGNORECASE)
USER_NUMBER: Final = re.compile(r"2088[0-9]{12}")


@dataclass(frozen=True, slots=True)
class PhoneScan:
    """What a phone is held to, and what its owner does then.

    `payload` is a code's text, an app's order string or a link to an agreement; `amount` in
    yuan is for codes without one; `pay` confirms, or signs, with `pin`.
    """

    payload: str
    buyer: str = ""
    amount: str | None = None
    pay: bool = False
    pin: str = ""


def scan_as_buyer(phone_scan: PhoneScan) -> dict[str, object]:
    """Scan as a buyer, and say what came of it.

    Call it outside a transaction: PIN strikes must survive a refusal.

    Raises:
        wallet.UserUnknown, wallet.PhoneInvalid: there is no such buyer.
        and what scanning, opening and paying refuse.
    """
    buyer = buyer_called(phone_scan.buyer)
    if AGREEMENT.match(phone_scan.payload):
        return _agreement(phone_scan, buyer)
    if "biz_content=" in phone_scan.payload:
        return _app_order(phone_scan, buyer)
    return _scan(phone_scan, buyer)


def buyer_called(login: str) -> wallet.WalletUser:
    """A user by number or phone; the first one there is for neither.

    Raises:
        wallet.UserUnknown, wallet.PhoneInvalid: there is none.
    """
    if USER_NUMBER.fullmatch(login):
        return wallet.user_by_number(login)
    if login:
        return wallet.user_by_login(login)
    first = wallet.WalletUser.objects.order_by("created_at", "id").first()
    if first is None:
        raise wallet.UserUnknown()
    return first


def _app_order(phone_scan: PhoneScan, buyer: wallet.WalletUser) -> dict[str, object]:
    if phone_scan.pay:
        result = pay_app_order(order=phone_scan.payload, payer_id=buyer.id, pin=phone_scan.pin)
        return {"resultStatus": result.result_status, "memo": result.memo, "result": result.result}
    order_facts = open_app_order(order=phone_scan.payload, payer_id=buyer.id).shown()
    return {"kind": "app", **order_facts, "buyer_id": buyer.user_number}


def _scan(phone_scan: PhoneScan, buyer: wallet.WalletUser) -> dict[str, object]:
    scan = scan_code(
        payload=phone_scan.payload,
        payer_id=buyer.id,
        amount_minor=None
        if phone_scan.amount is None
        else parse_amount(phone_scan.amount, CURRENCY),
    )
    if phone_scan.pay and scan.status is not OrderStatus.PAID:
        _confirm(scan, buyer, phone_scan.pin)
        scan = queries.scan(scan.id, payer_id=buyer.id)
    return _facts(scan) | {"buyer_id": buyer.user_number}


def _confirm(scan: Scan, buyer: wallet.WalletUser, pin: str) -> None:
    if scan.authorisation_id is not None:
        wallet.confirm_hold(authorisation_id=scan.authorisation_id, payer_id=buyer.id, pin=pin)
        return
    if scan.payment_id is None:
        raise AmountNeeded(field="amount")
    wallet.confirm_payment(payment_id=scan.payment_id, payer_id=buyer.id, pin=pin or None)


def _agreement(phone_scan: PhoneScan, buyer: wallet.WalletUser) -> dict[str, object]:
    """Open a link to sign an agreement, and sign it if asked to."""
    agreement = open_agreement_link(payload=phone_scan.payload)
    if phone_scan.pay:
        agreement = wallet.sign_agreement(
            agreement_id=agreement.id,
            payer_id=buyer.id,
            pin=phone_scan.pin,
            challenge=agreement.challenge,
        ).agreement
    single = agreement.terms.single_minor
    return {
        "kind": "agreement",
        "agreement_no": agreement.number,
        "external_agreement_no": agreement.external_no,
        "merchant": agreement.payee_name,
        "status": agreement.status.value,
        "single": None if single is None else format_amount(single, agreement.currency),
        "challenge": agreement.challenge,
        "buyer_id": buyer.user_number,
    }


def _facts(scan: Scan) -> dict[str, object]:
    amount = scan.amount_minor
    return {
        "kind": scan.kind.value.lower(),
        "order": scan.reference,
        "merchant": scan.merchant_name,
        "merchant_id": scan.merchant_number,
        "texts": dict(scan.texts),
        "amount": None if amount is None else format_amount(amount, scan.currency),
        "currency": scan.currency,
        "payment_id": None if scan.payment_id is None else str(scan.payment_id),
        "authorisation_id": (None if scan.authorisation_id is None else str(scan.authorisation_id)),
        "trade_no": scan.payment_number,
        "status": scan.status.value,
        "needs_pin": scan.needs_pin,
        "expires_at": scan.expires_at.isoformat(),
    }
