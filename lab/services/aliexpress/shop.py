"""A shop abroad: it asks for its own currency, and its buyers pay in yuan.

It believes no buyer: a parcel leaves once the platform itself says that the order is paid, in
the shop's currency and in full. It has the public API with its owner's session, nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Ask = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shop:
    """`ask` calls the API as the shop's owner: method, path, then the fields."""

    ask: Ask
    merchant_id: str
    currency: str

    def open(self) -> dict[str, Any]:
        """Open the account in the shop's currency."""
        return self.ask("POST", f"{self._home}/foreign-accounts", currency=self.currency)

    def balance(self) -> str:
        """What the platform owes the shop in its currency."""
        answer = self.ask("GET", f"{self._home}/foreign-accounts/{self.currency}")
        return str(answer.get("balance", ""))

    def may_ship(self, order: str, price: str) -> bool:
        """Whether an order is paid in full and nothing of it has gone back."""
        paid = self.ask("GET", f"{self._home}/fx-payments/{order}")
        if paid.get("currency") != self.currency or paid.get("amount") != price:
            return False
        return str(paid["refunded"]).strip("0.") == ""

    def give_back(self, order: str, amount: str, request_no: str) -> dict[str, Any]:
        """Give back all or part of an order, at the rate it was paid at."""
        return self.ask(
            "POST",
            f"{self._home}/fx-payments/{order}/refunds",
            request_no=request_no,
            amount=amount,
            currency=self.currency,
        )

    def pay_out(self) -> dict[str, Any]:
        """Ask for what stands in the account."""
        return self.ask("POST", f"{self._home}/foreign-accounts/{self.currency}/payouts")

    @property
    def _home(self) -> str:
        return f"/api/v1/merchants/{self.merchant_id}"
