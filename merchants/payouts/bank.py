"""The simulated bank that pays merchants out: the edge of our world.

It takes each payout once and later says what became of it. Like real ones it is slow,
refuses, repeats itself, never answers or takes its word back; the last two digits of the
merchant's bank account choose:

    91  FAIL        sent back             95  SILENT      never answers
    92  SLOW        after 5 minutes       96  CONTRADICT  says paid, then recalls it
    93  TWICE       says it three times   97  PARTIAL     pays half, and says so
    94  LATE        answers after 24 h    98  LIE         says paid and moves nothing

It speaks in pain.002, and in camt.054 of money that comes back after it was paid.

An empty account is sent back as unknown; any other is paid after SAOMA_BANK_ANSWER_S
seconds. SAOMA_BANK_BEHAVIOUR, when it is not BY_AMOUNT, decides for all payouts instead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Coalesce

from config.kernel import transactions
from merchants.payouts import iso20022
from merchants.payouts.models import BankAnswer, Payout
from merchants.payouts.values import BankResult, PayoutState
from wallet.public import BankMovement, BankWord, moved_by_bank


@dataclass(frozen=True, slots=True)
class BankReply:
    """One thing the bank will say, and how long after its usual delay."""

    result: BankResult = BankResult.PAID
    after: timedelta = timedelta()
    reason: str = ""
    part: int = 1
    is_true: bool = True


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
    "PARTIAL": (BankReply(part=2),),
    "LIE": (BankReply(is_true=False),),
}
BY_LAST_TWO_DIGITS: Mapping[str, str] = {
    "91": "FAIL",
    "92": "SLOW",
    "93": "TWICE",
    "94": "LATE",
    "95": "SILENT",
    "96": "CONTRADICT",
    "97": "PARTIAL",
    "98": "LIE",
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
                result=script.result,
                reason=script.reason,
                amount_minor=None
                if script.part == 1
                else max(1, payout.amount_minor // script.part),
                is_true=script.is_true,
                due_at=usual + script.after,
            )
            for script in SCRIPTS[behaviour(payout.bank_account)]
        )
        return reference


def movements(until: datetime) -> Iterator[BankMovement]:
    """What the bank moved by `until` for payouts, as it knows it."""
    rows = BankAnswer.objects.filter(due_at__lte=until, is_true=True)
    moved = Coalesce("amount_minor", "payout__amount_minor")
    words = rows.order_by("payout_id", "due_at", "id").values_list(
        "payout_id", moved, "payout__currency", "result", "due_at"
    )
    return moved_by_bank(
        BankWord(order_id, -amount_minor, currency, result == BankResult.PAID, at)
        for order_id, amount_minor, currency, result, at in words.iterator(chunk_size=2000)
    )


def message_of(answer: BankAnswer) -> bytes:
    """An answer in the bank's own language: a status report, or a credit for a recall."""
    payout = answer.payout
    notice = iso20022.Notice(
        reference=payout.id.hex,
        result=BankResult(answer.result),
        reason=answer.reason,
        amount_minor=answer.amount_minor or payout.amount_minor,
        currency=payout.currency,
    )
    was_paid = payout.state in {PayoutState.PAID, PayoutState.RECALLED}
    if was_paid and notice.result is BankResult.RETURNED:
        return iso20022.write_return(notice, number=answer.id.hex, at=answer.due_at)
    return iso20022.write_status([notice], number=answer.id.hex, at=answer.due_at)
