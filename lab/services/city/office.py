"""A city's office. Its detector is right in 95 of 100 cases; so a fine is presented, never taken.

A bill is an order for one person, who has fifteen days. Whoever contests it owes nothing until
it is decided; the office has 48 hours to object, and its silence cancels the bill.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.mock_merchant.client import Answer, Client

DAYS_TO_PAY = "15d"


@dataclass(frozen=True, slots=True)
class Office:
    """`post` sends JSON to the public API as the office's owner."""

    client: Client
    post: Callable[[str, dict[str, Any]], dict[str, Any]]

    def present(self, number: str, citizen: str, amount: str, what: str) -> Answer:
        """Present a fine or a bill to a citizen, by their wallet's number."""
        return self.client.create(
            out_trade_no=number,
            amount=amount,
            subject=what,
            buyer_id=citizen,
            timeout_express=DAYS_TO_PAY,
        )

    def standing(self, number: str) -> str:
        """How a bill stands."""
        return str(self.client.query(out_trade_no=number).get("trade_status", ""))

    def object(self, dispute: str, why: str) -> dict[str, Any]:
        """Object to a contest: operators will decide, two of them."""
        return self.post(f"/api/v1/disputes/{dispute}/challenge", {"text": why})
