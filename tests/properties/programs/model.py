"""What a program of operations must leave behind, in plain Python.

The model knows pots of money by name and moves amounts between them. It shares no code
with the product: a refused operation moves nothing, and one that was carried out moves
what its meaning says, whoever posts it and however. What time does (an order that lapses,
a packet that comes back) the model learns from the state of a record, never from the books.
"""

from collections import defaultdict
from dataclasses import dataclass, field

BANK = "bank"
POSITION_CNY, POSITION_EUR, ABROAD = "position CNY", "position EUR", "abroad EUR"
SHOPS = "shops"
PROMOTION = "promotion"


def wallet(person: int) -> str:
    """What a person has, less what is owed for rides and captures."""
    return f"wallet {person}"


def held(person: int) -> str:
    """What of it is set aside."""
    return f"held {person}"


def worth(saver: int) -> str:
    """What a saver has in balance and savings, less what is owed to the lender."""
    return f"worth {saver}"


def saved(saver: int) -> str:
    """What of it is in savings."""
    return f"saved {saver}"


def packet(number: int) -> str:
    """What is left in a red packet."""
    return f"packet {number}"


@dataclass
class Trade:
    """What the model knows of one payment."""

    payer: str
    amount_minor: int
    paid: bool = False
    closed: bool = False
    refunded_minor: int = 0
    saved_minor: int = 0
    credit_minor: int = 0
    house_minor: int = 0


@dataclass
class Freeze:
    """What the model knows of one authorisation: what is left of it, set aside."""

    person: int
    left_minor: int


@dataclass
class Packet:
    """What the model knows of one red packet."""

    sender: int
    total_minor: int
    shares: int
    takers: set[int] = field(default_factory=set)
    over: bool = False

    def next_share(self) -> int:
        """What the next taker gets: equal shares, the remainder with the first."""
        part_minor = self.total_minor // self.shares
        return self.total_minor - part_minor * (self.shares - 1) if not self.takers else part_minor


class Model:
    """Pots of money by name; only the bank and the positions may fall below zero."""

    def __init__(self) -> None:
        self.pots: defaultdict[str, int] = defaultdict(int)

    def move(self, source: str, target: str, amount_minor: int) -> None:
        """Move an amount from one pot to another."""
        self.pots[source] -= amount_minor
        self.pots[target] += amount_minor

    def available(self, person: int) -> int:
        """What a person can spend, where nothing is owed."""
        return self.pots[wallet(person)] - self.pots[held(person)]

    def total(self, currency: str = "CNY") -> int:
        """The sum of all pots of a currency but parts of others; always nothing."""
        return sum(
            amount_minor
            for name, amount_minor in self.pots.items()
            if not name.startswith(("held ", "saved "))
            and name.endswith("EUR") is (currency == "EUR")
        )
