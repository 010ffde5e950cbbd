"""`manage.py scan PAYLOAD`: scan a merchant's code as a payer's phone would.

PAYLOAD may also be the order string of a merchant's app (`app_id=…&sign=…`).

Prints one JSON object: {"kind", "order", "merchant", "merchant_id", "amount", "currency",
"payment_id", "authorisation_id", "trade_no", "status", "needs_pin", "expires_at", "texts",
"buyer_id"}. For an app's order it is {"kind": "app", "method", "order", "amount", …} and,
paid, {"resultStatus", "memo", "result"}. A link to sign an agreement (its page, or
`alipays://…&sign_params=…`) is opened too and signed by `--pay`: {"kind": "agreement",
"agreement_no", "external_agreement_no", "merchant", "status", "single", "challenge",
"buyer_id"}. A refusal prints {"error", "detail", …} and ends with status 1.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.kernel.errors import SaomaError
from merchants.checkout.usecases.scan_as_buyer import PhoneScan, scan_as_buyer

# The payment PIN of all citizens of the demo (lab/demo_accounts.py); a test holds the two together.
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
        phone_scan = PhoneScan(
            payload=options["payload"],
            buyer=options["buyer"] or "",
            amount=options["amount"],
            pay=options["pay"],
            pin=options["pin"],
        )
        try:
            facts = scan_as_buyer(phone_scan)
        except SaomaError as error:
            fields = {"error": error.code, "detail": error.message} | {
                name: str(value) for name, value in error.fields.items()
            }
            self.stdout.write(json.dumps(fields, ensure_ascii=False))
            raise SystemExit(1) from error
        self.stdout.write(json.dumps(facts, ensure_ascii=False))
