"""`manage.py scan PAYLOAD`: scan a merchant's code as a payer's phone would.

PAYLOAD may also be the order string of a merchant's app (`app_id=…&sign=…`).

Prints one JSON object: {"kind", "order", "merchant", "merchant_id", "amount", "currency",
"payment_id", "authorisation_id", "trade_no", "status", "needs_pin", "expires_at",
"buyer_id"}. For an app's order it is {"kind": "app", "method", "order", "amount", …} and,
paid, {"resultStatus", "memo", "result"}. A link to sign an agreement (its page, or
`alipays://…&sign_params=…`) is opened too and signed by `--pay`: {"kind": "agreement",
"agreement_no", "external_agreement_no", "merchant", "status", "single", "challenge",
"buyer_id"}. A refusal prints {"error", "detail", …} and ends with status 1.
"""

import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.kernel.errors import SaomaError
from merchants.acceptance import queries
from merchants.acceptance.rules import AmountNeeded
from merchants.acceptance.usecases.scan import scan_code
from merchants.acceptance.values import OrderStatus, Scan
from merchants.gateway.usecases.open_agreement_link import open_agreement_link
from merchants.gateway.usecases.pay_app_order import open_app_order, pay_app_order
from wallet import public as wallet
from wallet.money import format_amount, parse_amount

CURRENCY = "CNY"
AGREEMENT = re.compile(r"alipays?://|https?://[^/]+/agreements/", re.IGNORECASE)
USER_NUMBER = re.compile(r"2088[0-9]{12}")
# The payment PIN of all citizens of the demo (lab/cast.py); a test holds the two together.
DEMO_PIN = "271828"


class Command(BaseCommand):
    """Scans, and pays if asked to."""

    help = "Scan a merchant's code (EMVCo or link) as a buyer; with --pay, pay it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what is scanned, by whom, and whether it is paid."""
        parser.add_argument("payload", help="the text in the code")
        parser.add_argument("--buyer", help="user number or phone; by default the first user")
        parser.add_argument("--amount", help='in yuan ("12.00"), for codes without an amount')
        parser.add_argument(
            "--pay", "--sign", action="store_true", help="confirm the payment, or sign, too"
        )
        parser.add_argument("--pin", default=DEMO_PIN, help="payment PIN; by default the demo's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object."""
        try:
            payload = options["payload"]
            in_app = "biz_content=" in payload and not AGREEMENT.match(payload)
            facts = _app_order(options) if in_app else _scan(options)
        except SaomaError as error:
            told = {"error": error.code, "detail": error.message} | {
                name: str(value) for name, value in error.fields.items()
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            raise SystemExit(1) from error
        self.stdout.write(json.dumps(facts, ensure_ascii=False))


def _app_order(options: dict[str, Any]) -> dict[str, object]:
    buyer, order = _buyer(options["buyer"]), options["payload"]
    if options["pay"]:
        done = pay_app_order(order=order, payer_id=buyer.id, pin=options["pin"])
        return {"resultStatus": done.result_status, "memo": done.memo, "result": done.result}
    shown = open_app_order(order=order, payer_id=buyer.id).shown()
    return {"kind": "app", **shown, "buyer_id": buyer.user_id}


def _scan(options: dict[str, Any]) -> dict[str, object]:
    buyer = _buyer(options["buyer"])
    if AGREEMENT.match(options["payload"]):
        return _agreement(options, buyer)
    amount = options["amount"]
    scan = scan_code(
        payload=options["payload"],
        payer_id=buyer.id,
        amount_minor=None if amount is None else parse_amount(amount, CURRENCY),
    )
    if options["pay"] and scan.status is not OrderStatus.PAID:
        _confirm(scan, buyer, options["pin"])
        scan = queries.scan(scan.id, payer_id=buyer.id)
    return _facts(scan) | {"buyer_id": buyer.user_id}


def _confirm(scan: Scan, buyer: wallet.WalletUser, pin: str) -> None:
    if scan.authorisation_id is not None:
        wallet.confirm_freeze(authorisation_id=scan.authorisation_id, payer_id=buyer.id, pin=pin)
        return
    if scan.payment_id is None:
        raise AmountNeeded(field="amount")
    wallet.confirm_payment(payment_id=scan.payment_id, payer_id=buyer.id, pin=pin or None)


def _agreement(options: dict[str, Any], buyer: wallet.WalletUser) -> dict[str, object]:
    """Open a link to sign an agreement, and sign it if asked to."""
    agreement = open_agreement_link(payload=options["payload"])
    if options["pay"]:
        agreement = wallet.sign_agreement(
            agreement_id=agreement.id,
            payer_id=buyer.id,
            pin=options["pin"],
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
        "buyer_id": buyer.user_id,
    }


def _buyer(login: str | None) -> wallet.WalletUser:
    if login and USER_NUMBER.fullmatch(login):
        return wallet.user_by_number(login)
    if login:
        return wallet.user_by_login(login)
    first = wallet.WalletUser.objects.order_by("created_at", "id").first()
    if first is None:
        raise wallet.UserUnknown()
    return first


def _facts(scan: Scan) -> dict[str, object]:
    amount = scan.amount_minor
    return {
        "kind": scan.kind.value.lower(),
        "order": scan.reference,
        "merchant": scan.merchant_name,
        "merchant_id": scan.merchant_id,
        "amount": None if amount is None else format_amount(amount, scan.currency),
        "currency": scan.currency,
        "payment_id": None if scan.payment_id is None else str(scan.payment_id),
        "authorisation_id": (None if scan.authorisation_id is None else str(scan.authorisation_id)),
        "trade_no": scan.payment_number,
        "status": scan.status.value,
        "needs_pin": scan.needs_pin,
        "expires_at": scan.expires_at.isoformat(),
    }
