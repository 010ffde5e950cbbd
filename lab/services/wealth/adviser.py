"""An adviser for savings and credit: it shows what there is, and only to who wants to see it.

It has the public API with its customer's session, and nothing else: no payment, no purchase
and no list of people is open to it, so there is nothing that an offer could be derived from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Ask = Callable[..., dict[str, Any]]


@dataclass
class Adviser:
    """One customer's adviser; `ask` calls the API as them: method, path, then the fields."""

    ask: Ask
    refusal: str = ""

    def set_consent(self, *, agreed: bool) -> None:
        """The customer agrees to see offers, or does not want to see any, any more."""
        self.ask("PUT" if agreed else "DELETE", "/api/v1/marketing-consent")

    def products(self) -> list[str]:
        """What may be shown, by name; nothing where the customer has not agreed."""
        answer = self.ask("GET", "/api/v1/funding-offers")
        self.refusal = str(answer.get("code", ""))
        return [self._line(offer) for offer in answer.get("results", [])]

    @staticmethod
    def _line(offer: dict[str, Any]) -> str:
        if "limit" in offer:
            return f"{offer['product']} up to {offer['limit']}"
        return f"{offer['product']} at {offer['yield_bps'] / 100:.2f} %"
