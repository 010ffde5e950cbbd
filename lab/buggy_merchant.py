"""A merchant with bugs planted on purpose, for students to find with `saoma check` and repair.

Each bug is one that real shops have had; `BUGS` names them. Alone, one can be planted to see
which attack finds it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from lab.mock_merchant.shop import Order, Shop

BUGS = (
    "no_idempotency", "trusts_return", "ignores_signature", "floats_for_money", "ships_on_wait",
    "ignores_amount", "goes_backwards", "ignores_app",
)  # fmt: skip


@dataclass
class BuggyShop(Shop):
    """The reference shop with bugs; all of them unless some are named."""

    bugs: Collection[str] = BUGS

    def place(self, order: str, amount: str) -> None:
        """Make an order, its amount through a float where that bug is planted."""
        if "floats_for_money" in self.bugs:
            amount = str(Decimal(int(float(amount) * 100)) / 100)
        super().place(order, amount)

    def believes(self, params: dict[str, str]) -> bool:
        """Judge a notification, or believe anybody."""
        if "ignores_signature" in self.bugs:
            return True
        app_id = params.get("app_id", "") if "ignores_app" in self.bugs else self.app_id
        return Shop(app_id, self.gateway_public_key).believes(params)

    def fits(self, order: Order, params: dict[str, str]) -> bool:
        """Compare the amount, or not."""
        return "ignores_amount" in self.bugs or super().fits(order, params)

    def settle(self, order: Order, status: str) -> None:
        """Move an order, also back or twice where that is planted."""
        if status == "WAIT_BUYER_PAY":
            if "ships_on_wait" in self.bugs:
                order.shipped += 1
            return
        if status == "TRADE_SUCCESS" and order.state == "PAID" and "no_idempotency" in self.bugs:
            order.shipped += 1
        if status == "TRADE_SUCCESS" and order.state == "CLOSED" and "goes_backwards" in self.bugs:
            order.state = "PAID"
        super().settle(order, status)

    def come_back(self, params: dict[str, str]) -> None:
        """Believe the buyer's browser where that is planted."""
        order = self.orders.get(params.get("out_trade_no", ""))
        if order is not None and "trusts_return" in self.bugs:
            super().settle(order, params.get("trade_status", ""))
