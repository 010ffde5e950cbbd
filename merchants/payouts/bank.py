"""The simulated bank that pays merchants out: the edge of our world.

It takes each payout once and later says what became of it. Like real ones it is slow,
refuses, repeats itself, never answers or takes its word back; the last two digits of the
merchant's bank account choose:

    91  FAIL        sent back             94  LATE        answers after 24 hours
    92  SLOW        after 5 minutes       95  SILENT      never answers
    93  TWICE       says it three times   96  CONTRADICT  says paid, then returned

An empty account is sent back as unknown; any other is paid after SAOMA_BANK_ANSWER_S
seconds. SAOMA_BANK_BEHAVIOUR, when it is not BY_AMOUNT, decides for all payouts instead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from config.kernel import transactions
from merchants.payouts.models import BankAnswer, Payout
from merchants.payouts.values import BankResult
from wallet.public import BankMovement, BankWord, moved_by_bank


@dataclass(frozen=True, slots=True)
class BankReply:
    """One thing the bank will say, and how long after its usual delay."""

    result: BankResult = BankResult.PAID
    after: timedelta = timedelta()
    reason: str = ""


_AGAIN = BankReply(after=timedelta(seconds=1))
SCRIPTS: Mapping[str, tuple[BankReply, ...]] = {
    "NORMAL": (BankReply(),),
    "FAIL": (BankReply(BankResult.RETURNED, reason="account_closed"),),
    "UNKNOWN": (BankReply(BankResult.RETURNED, reason="account_unknown"),),
    "SLOW": (BankReply(after=timedelta(minutes=5)),),
    "TWICE": (BankReply(), BankReply(), _AGAIN),
    "LATE": (BankReply(after=timedelta(hours=24)),),
    "SILENT": (),
    "CONTRADICT": (
        BankReply(),
        BankReply(BankResult.RETURNED, timedelta(seconds=1), "recalled_by_bank"),
    ),
}
BY_LAST_TWO_DIGITS: Mapping[str, str] = {
    "91": "FAIL",
    "92": "SLOW",
    "93": "TWICE",
    "94": "LATE",
    "95": "SILENT",
    "96": "CONTRADICT",
}


def behaviour(bank_account: str) -> str:
    """How the bank will treat a payout to this account: a key of SCRIPTS."""
    if settings.SAOMA_BANK_BEHAVIOUR != "BY_AMOUNT":
        return str(settings.SAOMA_BANK_BEHAVIOUR)
    if not bank_account:
        return "UNKNOWN"
    return BY_LAST_TWO_DIGITS.get(bank_account[-2:], "NORMAL")


class SimulatedBank:
    """Plans its answers when it takes a payout; a timetable job hears them."""

    def accept(self, payout: Payout, *, at: datetime) -> str:
        """Take a payout and return the bank's reference; taking it again changes nothing.

        Args:
            payout: locked by the caller.
            at: when it reached the bank; timezone-aware.
        """
        transactions.require()
        reference = f"{payout.id.hex}-1"
        if BankAnswer.objects.filter(payout=payout).exists():
            return reference
        usual = at + timedelta(seconds=settings.SAOMA_BANK_ANSWER_S)
        BankAnswer.objects.bulk_create(
            BankAnswer(
                payout=payout,
                bank_reference=reference,
                result=said.result,
                reason=said.reason,
                due_at=usual + said.after,
            )
            for said in SCRIPTS[behaviour(payout.bank_account)]
        )
        return reference


def movements(until: datetime) -> Iterator[BankMovement]:
    """What the bank moved by `until` for payouts, as it knows it."""
    rows = BankAnswer.objects.filter(due_at__lte=until).order_by("payout_id", "due_at", "id")
    told = rows.values_list(
        "payout_id", "payout__amount_minor", "payout__currency", "result", "due_at"
    )
    return moved_by_bank(
        BankWord(order_id, -amount_minor, currency, result == BankResult.PAID, at)
        for order_id, amount_minor, currency, result, at in told.iterator(chunk_size=2000)
    )
