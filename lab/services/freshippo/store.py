"""A grocery without tills: it says what it sells, counts bags, and asks us at the gate.

It has the public API and its owner's session, and nothing else. What a shopper has paid, and
whether a bag is to be looked into, it never decides itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Ask = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Grocery:
    """One store; `ask` calls the API as its owner: method, path, then the body's fields."""

    ask: Ask
    store_id: str

    def open(self, app_id: str, seed: int, products: Mapping[str, Mapping[str, Any]]) -> int:
        """Sell by scan and go; gives how many products are on the shelves."""
        self.ask("PUT", self.path(), app_id=app_id, audit_seed=seed)
        for barcode, facts in products.items():
            self.price(barcode, **facts)
        return len(products)

    def price(self, barcode: str, **facts: Any) -> dict[str, Any]:
        """Set what a product costs from now on."""
        return self.ask("PUT", self.path(f"/products/{barcode}"), **facts)

    def approve(self, trip_id: str, barcode: str) -> dict[str, Any]:
        """Somebody has looked at who buys this."""
        return self.ask("POST", f"/api/v1/selfscan/trips/{trip_id}/lines/{barcode}/approve")

    def gate(self, code: str) -> dict[str, Any]:
        """The gate has read a code: `opens`, and why."""
        return self.ask("POST", self.path("/exits"), code=code)

    def audit(self, trip_id: str, bag: Mapping[str, int]) -> dict[str, Any]:
        """Tell what is in a bag that the gate would not let out."""
        return self.ask("POST", f"/api/v1/selfscan/trips/{trip_id}/audit", counted=dict(bag))

    def path(self, rest: str = "") -> str:
        """Where the store is, in the API."""
        return f"/api/v1/selfscan/stores/{self.store_id}{rest}"
