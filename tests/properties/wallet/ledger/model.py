"""A ledger in a few lines of plain Python, to hold the real one against.

It knows nothing of locks, roll-ups or sets: one dictionary of balances, one draft after
the other. All accounts rise by credits, except the bank's, which has no floor.
"""

from dataclasses import dataclass, field

BANK = "bank"


@dataclass
class ModelLedger:
    """Balances, holds and states by name of account."""

    posted: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)
    journals: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    holds: dict[str, tuple[str, int]] = field(default_factory=dict)

    def open(self, name: str) -> None:
        """A new account with nothing in it."""
        self.posted[name] = 0
        self.held[name] = 0

    def available(self, name: str) -> int:
        """What can leave an account."""
        return self.posted[name] - self.held[name]

    def post(self, key: str, source: str, target: str, amount: int) -> str:
        """Move an amount; returns the name of the outcome."""
        known = self.journals.get(key)
        if known is not None:
            return "REPLAYED" if known == (source, target, amount) else "KEY_CONFLICT"
        if source in self.frozen:
            return "FROZEN"
        if source != BANK and self.available(source) < amount:
            return "INSUFFICIENT"
        self.journals[key] = (source, target, amount)
        self.posted[source] += amount if source == BANK else -amount
        self.posted[target] += -amount if target == BANK else amount
        return "POSTED"

    def hold(self, key: str, name: str, amount: int) -> str:
        """Reserve an amount; returns what the ledger's error is called, or OK."""
        if name in self.frozen:
            return "account_frozen"
        if self.available(name) < amount:
            return "insufficient_funds"
        self.holds[key] = (name, amount)
        self.held[name] += amount
        return "OK"

    def end_hold(self, key: str) -> tuple[str, int]:
        """End a hold; returns its account and amount."""
        name, amount = self.holds.pop(key)
        self.held[name] -= amount
        return name, amount
