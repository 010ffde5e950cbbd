"""A store that sells under a policy: it publishes, ships and answers; the platform keeps time.

Everything goes by the public API with the owner's session. The store never holds the buyer's
money: it waits in escrow until the buyer confirms, or until the policy's time is over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# A method, an address and a body; gives `status` and the answer's fields.
Ask = Callable[[str, str, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Store:
    """A seller at the API; `merchant_id` is the shop's 16-digit number."""

    ask: Ask
    merchant_id: str

    def publish(self, policy: str, reference: str, price: str, **more: Any) -> dict[str, Any]:
        """Publish an offer: what it costs, under which policy its money waits."""
        body = {"subject": reference, **more, "policy": policy, "reference": reference}
        body |= {"price": price, "merchant_id": self.merchant_id}
        return self.ask("POST", "/api/v1/offers", body)

    def ship(self, deal: str, carrier_id: str, parcel: str) -> dict[str, Any]:
        """Give the goods to a carrier."""
        body = {"carrier_id": carrier_id, "parcel": parcel}
        return self.ask("POST", f"/api/v1/deals/{deal}/shipment", body)

    def move(self, deal: str, move: str, **more: Any) -> dict[str, Any]:
        """Make one of the seller's moves: accept, complete, extend, redeem."""
        return self.ask("POST", f"/api/v1/deals/{deal}/moves", {"move": move, **more})

    def answer(self, deal: str, answer: str) -> dict[str, Any]:
        """Answer the refund request that is open."""
        stands = self.ask("GET", f"/api/v1/deals/{deal}", {})
        request = stands["refund_requests"][0]["id"]
        return self.ask("POST", f"/api/v1/refund-requests/{request}/answers", {"answer": answer})

    def give_back(self, deal: str, amount: str, request: str) -> dict[str, Any]:
        """Give money back, while it waits or after."""
        body = {"amount": amount, "request_no": request}
        return self.ask("POST", f"/api/v1/deals/{deal}/refunds", body)

    def prescribe(self, deal: str, number: str, days: int) -> dict[str, Any]:
        """End a consultation with a prescription; what it says stays with the doctor."""
        body = {"deal_id": deal, "number": number, "valid_days": days}
        return self.ask("POST", "/api/v1/prescriptions", body)

    def redeem(self, entitlement: str, request: str) -> dict[str, Any]:
        """Give a bundle's buyer one use of what the bundle holds of this partner."""
        return self.ask(
            "POST", f"/api/v1/entitlements/{entitlement}/redemptions", {"request_no": request}
        )
