"""Ports of the accounts slice, and their simulated adapters.

An adapter of your own is a class without arguments; the setting names its import path. It
is called in the transaction of a worker, never in a customer's request, and may be called
again for the same id: it hands the order on (a row of its own, a message, a quick call
with a time-out) and returns. What a bank says comes back by `POST /api/v1/bank/answers`.

    class HouseBank:
        def accept(self, instruction, *, at):
            requests.post(URL, json={"id": str(instruction.id), ...}, timeout=5)
            return 0

        def ask(self, instruction, *, at):
            found = requests.get(f"{URL}/{instruction.id}", timeout=5).json()
            return BankSaid(found["reference"], BankResult(found["result"])) if found else None
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from config.kernel.ports import Port
from wallet.accounts.models import BankInstruction, KycApplication, SmsMessage
from wallet.accounts.values import BankResult


@dataclass(frozen=True, slots=True)
class BankSaid:
    """What the bank says of an instruction when it is asked.

    Attributes:
        reference: the bank's own id of this answer.
        result: its word.
        reason: its code for a failure, else empty.
    """

    reference: str
    result: BankResult
    reason: str = ""


class Bank(Protocol):
    """The bank of top-ups and withdrawals."""

    def accept(self, instruction: BankInstruction, *, at: datetime) -> int:
        """Take an instruction, once by its id; returns how many answers are planned.

        Args:
            instruction: locked by the caller.
            at: when it reached the bank; timezone-aware.
        """
        ...

    def ask(self, instruction: BankInstruction, *, at: datetime) -> BankSaid | None:
        """What became of an instruction by `at`; None while the bank does not know."""
        ...


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """What the registry says of an application.

    Attributes:
        rejection: a reason of `snake_case`, or None where name and number are right.
    """

    rejection: str | None = None


class IdentityRegistry(Protocol):
    """The registry that knows whose an identity number is."""

    def ask(self, application: KycApplication, *, id_number: str) -> None:
        """Hand an application in; the number is kept nowhere else. Once by its id."""
        ...

    def answer(self, application: KycApplication, *, on: date) -> RegistryAnswer | None:
        """What it says by the day `on`; None while it has not answered."""
        ...


class WithdrawalScreen(Protocol):
    """Who is asked before a withdrawal is made: the risk rules, which stand above accounts."""

    def __call__(
        self, *, withdrawal_id: uuid.UUID, user_id: uuid.UUID, amount_minor: int, currency: str
    ) -> bool:
        """Whether operators look at it first.

        Raises:
            Refused: it is not to be made, or not now.
        """
        ...


class MessageSender(Protocol):
    """The sender of text messages."""

    def send(self, message: SmsMessage) -> None:
        """Send one message, once by its id; an error lets it be tried again."""
        ...


BANK: Port[Bank] = Port("SAOMA_BANK", "wallet.accounts.bank.SimulatedBank")
IDENTITY_CHECK: Port[IdentityRegistry] = Port(
    "SAOMA_IDENTITY_CHECK", "wallet.accounts.registry.SimulatedRegistry"
)
SMS: Port[MessageSender] = Port("SAOMA_SMS", "wallet.accounts.messages.SimulatedSender")
WITHDRAWAL_SCREENS: list[WithdrawalScreen] = []
