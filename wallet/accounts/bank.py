"""The simulated bank for top-ups and withdrawals.

It takes each instruction once and later says what became of it. Real banks are slow,
refuse, repeat themselves, answer after we have given up, never answer, or take their
word back; this one does so on demand. The last two digits of the amount choose:

    .91  FAIL        declined                    .94  LATE        answers after 24 hours
    .92  SLOW        answers after 5 minutes     .95  SILENT      never answers
    .93  TWICE       says it three times,        .96  CONTRADICT  says yes, then no
                     once under a new reference

Every other amount is answered with success after SAOMA_BANK_ANSWER_S seconds.
SAOMA_BANK_BEHAVIOUR, when it is not BY_AMOUNT, decides for all instructions instead.
Nothing here knows wallets or ledgers; what the bank says enters by `receive_callback`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from django.conf import settings

from config.kernel import transactions
from wallet.accounts.models import BankAnswer, BankInstruction
from wallet.accounts.ports import BankSaid
from wallet.accounts.values import BankKind, BankMovement, BankResult, BankWord


class Behaviour(StrEnum):
    """How the bank treats one instruction."""

    NORMAL = "NORMAL"
    FAIL = "FAIL"
    SLOW = "SLOW"
    TWICE = "TWICE"
    LATE = "LATE"
    SILENT = "SILENT"
    CONTRADICT = "CONTRADICT"


@dataclass(frozen=True, slots=True)
class BankReply:
    """One thing the bank will say: when after the usual delay, under which number, what."""

    after: timedelta
    number: int
    result: BankResult
    reason: str = ""


BY_LAST_TWO_DIGITS: Mapping[int, Behaviour] = {
    91: Behaviour.FAIL,
    92: Behaviour.SLOW,
    93: Behaviour.TWICE,
    94: Behaviour.LATE,
    95: Behaviour.SILENT,
    96: Behaviour.CONTRADICT,
}
_YES = BankReply(timedelta(), 1, BankResult.SUCCEEDED)
SCRIPTS: Mapping[Behaviour, tuple[BankReply, ...]] = {
    Behaviour.NORMAL: (_YES,),
    Behaviour.FAIL: (BankReply(timedelta(), 1, BankResult.FAILED, "declined_by_bank"),),
    Behaviour.SLOW: (BankReply(timedelta(minutes=5), 1, BankResult.SUCCEEDED),),
    Behaviour.TWICE: (_YES, _YES, BankReply(timedelta(seconds=1), 2, BankResult.SUCCEEDED)),
    Behaviour.LATE: (BankReply(timedelta(hours=24), 1, BankResult.SUCCEEDED),),
    Behaviour.SILENT: (),
    Behaviour.CONTRADICT: (
        _YES,
        BankReply(timedelta(seconds=1), 2, BankResult.FAILED, "recalled_by_bank"),
    ),
}


def behaviour(amount_minor: int) -> Behaviour:
    """How the bank will treat an instruction over `amount_minor`."""
    if settings.SAOMA_BANK_BEHAVIOUR != "BY_AMOUNT":
        return Behaviour(settings.SAOMA_BANK_BEHAVIOUR)
    return BY_LAST_TWO_DIGITS.get(amount_minor % 100, Behaviour.NORMAL)


class SimulatedBank:
    """Plans its answers when it takes an instruction; a timetable job lets it speak."""

    def accept(self, instruction: BankInstruction, *, at: datetime) -> int:
        """Take an instruction; taking it again changes nothing. Returns the answers planned.

        Args:
            instruction: locked by the caller.
            at: when it reached the bank; timezone-aware.
        """
        transactions.require()
        if BankAnswer.objects.filter(instruction=instruction).exists():
            return 0
        usual = at + timedelta(seconds=settings.SAOMA_BANK_ANSWER_S)
        answers = [
            BankAnswer(
                instruction=instruction,
                bank_reference=f"{instruction.id.hex}-{script.number}",
                result=script.result,
                reason=script.reason,
                due_at=usual + script.after,
            )
            for script in SCRIPTS[behaviour(instruction.amount_minor)]
        ]
        return len(BankAnswer.objects.bulk_create(answers))

    def ask(self, instruction: BankInstruction, *, at: datetime) -> BankSaid | None:
        """The bank's last word by `at`, whether or not it has told us; a silent one has none."""
        rows = BankAnswer.objects.filter(instruction=instruction, due_at__lte=at)
        last = rows.order_by("-due_at", "-id").first()
        if last is None:
            return None
        return BankSaid(last.bank_reference, BankResult(last.result), last.reason)


def movements(until: datetime) -> Iterator[BankMovement]:
    """What the bank moved by `until` for top-ups (in) and withdrawals (out), as it knows it.

    Whether we have heard of it makes no difference: this is the bank's own truth.
    """
    rows = BankAnswer.objects.filter(due_at__lte=until).order_by("instruction_id", "due_at", "id")
    answers = rows.values_list(
        "instruction_id",
        "instruction__kind",
        "instruction__amount_minor",
        "instruction__currency",
        "result",
        "due_at",
    )
    return moved(
        BankWord(
            order_id,
            amount_minor if kind == BankKind.TOPUP else -amount_minor,
            currency,
            result == BankResult.SUCCEEDED,
            at,
        )
        for order_id, kind, amount_minor, currency, result, at in answers.iterator(chunk_size=2000)
    )


def moved(words: Iterable[BankWord]) -> Iterator[BankMovement]:
    """The movements behind the bank's words: money moves once, and back once.

    Saying the same again moves nothing; "no" after "yes" is a recall or a return, under a
    reference of its own.

    Args:
        words: each order's together, in the order in which they are said.
    """
    for order_id, order_words in groupby(words, key=lambda word: word.order_id):
        is_moved, number = False, 0
        for word in order_words:
            if word.done == is_moved:
                continue
            is_moved, number = word.done, number + 1
            yield BankMovement(
                reference=order_id.hex,
                bank_reference=f"{order_id.hex}-{number}",
                change_minor=word.change_minor if is_moved else -word.change_minor,
                currency=word.currency,
                at=word.at,
            )
