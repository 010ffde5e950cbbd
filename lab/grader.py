"""The grader behind `saoma check URL`: attacks a merchant over HTTP, and says which hold.

A merchant under test answers four addresses, as `lab.mock_merchant.shop` does. Each attack
uses an order of its own; its name is the bug that it finds.
"""

import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

Sign = Callable[[dict[str, str]], dict[str, str]]
TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One attack: the bug it looks for, whether the merchant held, and why not."""

    bug: str
    held: bool
    reason: str


class Merchant:
    """The merchant under test, over HTTP; `sign` signs notifications as the gateway does."""

    def __init__(self, url: str, sign: Sign, foreign: Sign) -> None:
        self.url, self.sign, self.foreign = url.rstrip("/"), sign, foreign

    def order(self, amount: str = "12.00") -> str:
        """Make an order; gives its number."""
        number = f"CHECK{secrets.token_hex(8)}"
        self._ask("/orders", {"order": number, "amount": amount})
        return number

    def notice(self, order: str, status: str = "TRADE_SUCCESS", **changes: str) -> dict[str, str]:
        """The fields of a notification, unsigned."""
        return {
            "notify_type": "trade_status_sync",
            "notify_id": secrets.token_hex(17),
            "trade_no": secrets.token_hex(14),
            "out_trade_no": order,
            "trade_status": status,
            "total_amount": "12.00",
            **changes,
        }

    def notify(self, params: Mapping[str, str]) -> str:
        """Post a notification as it is; gives the answer."""
        return self._ask("/notify", params)

    def come_back(self, params: Mapping[str, str]) -> None:
        """Return as the buyer's browser does."""
        self._ask(f"/return?{urllib.parse.urlencode(params)}")

    def stands(self, order: str) -> tuple[str, int]:
        """How an order stands: its state, and how often its goods were sent."""
        facts: dict[str, Any] = json.loads(self._ask(f"/orders/{order}"))
        return str(facts["state"]), int(facts["shipped"])

    def amount(self, order: str) -> str:
        """What an order costs, as the merchant keeps it."""
        return str(json.loads(self._ask(f"/orders/{order}")).get("amount", ""))

    def _ask(self, path: str, form: Mapping[str, str] | None = None) -> str:
        data = None if form is None else urllib.parse.urlencode(form).encode()
        try:
            with urllib.request.urlopen(self.url + path, data=data, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.read().decode(errors="replace")


def grade(merchant: Merchant) -> list[Finding]:
    """Attack a merchant with everything there is, in order.

    Raises:
        urllib.error.URLError: nobody answers there.
    """
    return [_finding(bug, attack, merchant) for bug, attack in ATTACKS.items()]


def _finding(bug: str, attack: Callable[[Merchant], str], merchant: Merchant) -> Finding:
    try:
        reason = attack(merchant)
    except (ValueError, KeyError) as unreadable:
        reason = f"its answer cannot be read: {unreadable}"
    return Finding(bug, not reason, reason)


def _expect(merchant: Merchant, order: str, state: str, shipped: int, after: str) -> str:
    stands = merchant.stands(order)
    if stands == (state, shipped):
        return ""
    now, right = (f"{word}, sent {times}" for word, times in (stands, (state, shipped)))
    return f"after {after} the order is {now}; right is {right}"


def _genuine(merchant: Merchant) -> str:
    order = merchant.order()
    answer = merchant.notify(merchant.sign(merchant.notice(order)))
    if answer.strip() != "success":
        return f"a genuine notification was answered {answer[:60]!r} instead of 'success'"
    return _expect(merchant, order, "PAID", 1, "a genuine notification")


def _repeated(merchant: Merchant) -> str:
    order = merchant.order()
    first = merchant.sign(merchant.notice(order))
    for params in (first, first, merchant.sign(merchant.notice(order))):
        merchant.notify(params)
    return _expect(merchant, order, "PAID", 1, "the same notification three times")


def _forged(merchant: Merchant) -> str:
    order = merchant.order()
    signed = merchant.sign(merchant.notice("ANOTHER"))
    merchant.notify({**signed, "out_trade_no": order})
    return _expect(merchant, order, "WAITING", 0, "a forged notification")


def _waiting(merchant: Merchant) -> str:
    order = merchant.order()
    merchant.notify(merchant.sign(merchant.notice(order, "WAIT_BUYER_PAY")))
    return _expect(merchant, order, "WAITING", 0, "WAIT_BUYER_PAY")


def _wrong_amount(merchant: Merchant) -> str:
    order = merchant.order()
    merchant.notify(merchant.sign(merchant.notice(order, total_amount="0.01")))
    return _expect(merchant, order, "WAITING", 0, "a payment of 0.01 for an order of 12.00")


def _reordered(merchant: Merchant) -> str:
    order = merchant.order()
    paid = merchant.sign(merchant.notice(order))
    for params in (paid, merchant.sign(merchant.notice(order, "TRADE_CLOSED")), paid):
        merchant.notify(params)
    return _expect(merchant, order, "CLOSED", 1, "a replayed success behind a full refund")


def _returned(merchant: Merchant) -> str:
    order = merchant.order()
    merchant.come_back({"out_trade_no": order, "trade_status": "TRADE_SUCCESS"})
    return _expect(merchant, order, "WAITING", 0, "the buyer's return alone")


def _floats(merchant: Merchant) -> str:
    order = merchant.order("19.90")
    amount = merchant.amount(order)
    if amount != "19.90":
        return f"an order of 19.90 is kept as {amount}"
    merchant.notify(merchant.sign(merchant.notice(order, total_amount="19.90")))
    return _expect(merchant, order, "PAID", 1, "a payment of 19.90 for an order of 19.90")


def _foreign(merchant: Merchant) -> str:
    order = merchant.order()
    merchant.notify(merchant.foreign(merchant.notice(order)))
    return _expect(merchant, order, "WAITING", 0, "another app's notification")


ATTACKS: dict[str, Callable[[Merchant], str]] = {
    "refuses_genuine": _genuine,
    "no_idempotency": _repeated,
    "ignores_signature": _forged,
    "ships_on_wait": _waiting,
    "ignores_amount": _wrong_amount,
    "goes_backwards": _reordered,
    "trusts_return": _returned,
    "floats_for_money": _floats,
    "ignores_app": _foreign,
}


def junit(findings: list[Finding]) -> str:
    """The findings as JUnit XML."""
    failed = sum(not finding.held for finding in findings)
    rows = [
        f'<testcase classname="saoma.check" name={quoteattr(finding.bug)}>'
        + ("" if finding.held else f"<failure message={quoteattr(finding.reason)}/>")
        + "</testcase>"
        for finding in findings
    ]
    head = f'<testsuite name="saoma check" tests="{len(findings)}" failures="{failed}">'
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', head, *rows, "</testsuite>"])
