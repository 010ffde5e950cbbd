"""Rules of double-entry bookkeeping. Pure: no database, no clock, no settings.

A journal moves money between accounts and never makes any: its debits equal its
credits in every currency. Amounts are whole minor units and always above zero; the
line's side says which way they go. An account's balance is counted on its normal side:
a customer's wallet is our liability, so credits raise it.

`decide` is the ledger's decision in the plainest form. The PostgreSQL function makes
the same decisions set by set, and one test suite holds the two together.
Why two sides and not a sign: wallet/decisions/0001-debit-and-credit-sides.md.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.kernel.errors import (
    Conflict,
    InvalidRequest,
    Locked,
    NotFound,
    Refused,
    SaomaError,
    invariant,
)
from wallet.ledger.values import BACKDATING, AccountState, Draft, Line, Outcome, Result, Side

MAX_LINE_MINOR = 10**15
MAX_KEY_LENGTH = 128
MAX_LINES = 200


class InsufficientFunds(Refused):
    """The account's available balance does not cover the amount."""

    code = "insufficient_funds"
    message = "The available balance does not cover the amount."


class AccountFrozen(Locked):
    """The account lets money in but not out."""

    code = "account_frozen"
    message = "The account is frozen."


class AccountClosed(Conflict):
    """The account takes no more journals."""

    code = "account_closed"
    message = "The account is closed."


class AccountNotEmpty(Conflict):
    """Only an account without money and holds can be closed."""

    code = "account_not_empty"
    message = "The account still holds money."


class AccountConflict(Conflict):
    """The code belongs to an account of another nature."""

    code = "account_conflict"
    message = "An account with this code and another nature exists."


class UnknownAccount(NotFound):
    """There is no such ledger account."""

    code = "unknown_account"
    message = "There is no such ledger account."


class UnknownJournal(NotFound):
    """There is no such journal."""

    code = "unknown_journal"
    message = "There is no such journal."


class CurrencyMismatch(InvalidRequest):
    """The line's currency is not the account's."""

    code = "currency_mismatch"
    message = "The account is kept in another currency."


class JournalKeyConflict(Conflict):
    """A journal with this key and other content is in the books."""

    code = "journal_key_conflict"
    message = "The key was used for another journal."


class AlreadyReversed(Conflict):
    """The journal has been reversed by another one."""

    code = "already_reversed"
    message = "The journal has already been reversed."


class ValueDateRefused(InvalidRequest):
    """A journal of this kind may not count from so early."""

    code = "value_date_refused"
    message = "The value date lies further back than this kind of journal may be dated."


class UnknownHold(NotFound):
    """There is no such hold."""

    code = "unknown_hold"
    message = "There is no such hold."


class HoldKeyConflict(Conflict):
    """A hold with this key and other content exists."""

    code = "hold_key_conflict"
    message = "The key was used for another hold."


class HoldSettled(Conflict):
    """The hold has been captured, released or has expired."""

    code = "hold_settled"
    message = "The hold is no longer in force."


ERRORS: dict[Outcome, type[SaomaError]] = {
    Outcome.KEY_CONFLICT: JournalKeyConflict,
    Outcome.ALREADY_REVERSED: AlreadyReversed,
    Outcome.UNKNOWN_ACCOUNT: UnknownAccount,
    Outcome.CURRENCY_MISMATCH: CurrencyMismatch,
    Outcome.CLOSED: AccountClosed,
    Outcome.FROZEN: AccountFrozen,
    Outcome.INSUFFICIENT: InsufficientFunds,
}


@dataclass(slots=True)
class AccountSnapshot:
    """What a decision needs to know of one account; `posted_minor` moves as drafts post."""

    id: uuid.UUID
    currency: str
    normal_side: Side
    state: AccountState
    hot: bool
    floor_minor: int | None
    posted_minor: int
    held_minor: int
    last_posted_at: datetime | None


def check_draft(draft: Draft) -> None:
    """Stop a draft that would make or lose money, or that cannot be kept.

    Raises:
        InvariantBroken: the draft is not well formed. That is a bug of the caller, who
            has checked people's input before drafting.
        ValueDateRefused: it is dated further back than its kind may be.
    """
    lines = draft.lines
    if len(lines) == 2:
        one, other = lines
        balanced = (
            one.side != other.side
            and one.amount_minor == other.amount_minor
            and one.currency == other.currency
            and one.account_id != other.account_id
        )
    else:
        balanced = 2 < len(lines) <= MAX_LINES and _is_balanced(lines)
    invariant(balanced, "a journal moves money between accounts and makes none")
    for line in lines:
        invariant(0 < line.amount_minor <= MAX_LINE_MINOR, "every amount is above zero")
    invariant(0 < len(draft.key) <= MAX_KEY_LENGTH, "every journal has a key")
    invariant(
        len(draft.kind) <= 40 and len(draft.reference) <= 64 and len(draft.narrative) <= 200,
        "kind, reference and narrative fit their columns",
    )
    invariant(draft.posted_at.tzinfo is not None, "posted_at is aware")
    if draft.value_at is not None:
        invariant(draft.value_at.tzinfo is not None, "value_at is aware")
        earliest = earliest_value_at(draft.kind, draft.posted_at)
        if draft.value_at < earliest:
            raise ValueDateRefused(key=draft.key, kind=draft.kind, earliest=earliest.isoformat())


def earliest_value_at(kind: str, posted_at: datetime) -> datetime:
    """The earliest moment from which a journal of this kind, entered at `posted_at`, counts."""
    return posted_at - BACKDATING.get(kind, timedelta())


def entered_by(draft: Draft, now: datetime) -> Draft:
    """The draft, entered no later than now; one that is dated ahead counts from its own date.

    An entry dated ahead would push the dates of all later ones of its accounts.
    """
    if draft.posted_at <= now:
        return draft
    return draft._replace(posted_at=now, value_at=draft.value_at or draft.posted_at)


def _is_balanced(lines: Sequence[Line]) -> bool:
    difference: dict[str, int] = defaultdict(int)
    for line in lines:
        sign = 1 if line.side is Side.DEBIT else -1
        difference[line.currency] += sign * line.amount_minor
    return not any(difference.values()) and len({line.account_id for line in lines}) > 1


def change(line: Line, normal_side: Side) -> int:
    """What a line does to its account's balance, in minor units: up or down."""
    return line.amount_minor if line.side == normal_side else -line.amount_minor


def net_changes(
    draft: Draft, snapshots: Mapping[uuid.UUID, AccountSnapshot]
) -> dict[uuid.UUID, int]:
    """What a draft as a whole does to each account's balance, in minor units."""
    net: dict[uuid.UUID, int] = defaultdict(int)
    for line in draft.lines:
        net[line.account_id] += change(line, snapshots[line.account_id].normal_side)
    return net


def decide(
    draft: Draft, snapshots: Mapping[uuid.UUID, AccountSnapshot]
) -> tuple[Outcome, uuid.UUID | None]:
    """Decide a draft whose key is new: POSTED, or why not and which account is in the way.

    One pass for each reason, in order of precedence, each over the lines in order. What
    counts is the draft's net effect on an account: money that passes through is no debit.
    """
    return (
        _line_refused(draft, snapshots)
        or _money_refused(draft, snapshots)
        or (Outcome.POSTED, None)
    )


def _line_refused(
    draft: Draft, snapshots: Mapping[uuid.UUID, AccountSnapshot]
) -> tuple[Outcome, uuid.UUID] | None:
    for line in draft.lines:
        if line.account_id not in snapshots:
            return Outcome.UNKNOWN_ACCOUNT, line.account_id
    for line in draft.lines:
        if snapshots[line.account_id].currency != line.currency:
            return Outcome.CURRENCY_MISMATCH, line.account_id
    for line in draft.lines:
        if snapshots[line.account_id].state == AccountState.CLOSED:
            return Outcome.CLOSED, line.account_id
    return None


def _money_refused(
    draft: Draft, snapshots: Mapping[uuid.UUID, AccountSnapshot]
) -> tuple[Outcome, uuid.UUID] | None:
    falling = [
        (snapshots[key], net) for key, net in net_changes(draft, snapshots).items() if net < 0
    ]
    for snapshot, _ in falling:
        if snapshot.state == AccountState.FROZEN:
            return Outcome.FROZEN, snapshot.id
    for snapshot, net in falling:
        if not is_covered(snapshot, -net):
            return Outcome.INSUFFICIENT, snapshot.id
    return None


def is_covered(snapshot: AccountSnapshot, amount_minor: int) -> bool:
    """Whether an account can part with an amount, in minor units."""
    return covers(
        posted_minor=snapshot.posted_minor,
        held_minor=snapshot.held_minor,
        floor_minor=snapshot.floor_minor,
        amount_minor=amount_minor,
    )


def covers(
    *, posted_minor: int, held_minor: int, floor_minor: int | None, amount_minor: int
) -> bool:
    """Whether posted - held - amount stays on the floor; without a floor it always does."""
    return floor_minor is None or posted_minor - held_minor - amount_minor >= floor_minor


def reversed_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The same lines, each on the other side."""
    other = {Side.DEBIT: Side.CREDIT, Side.CREDIT: Side.DEBIT}
    return tuple(line._replace(side=other[line.side]) for line in lines)


def needs_lock(*, hot: bool, floor_minor: int | None, falls: bool) -> bool:
    """Whether posting must lock the account's row.

    A hot account's credits are appended without it; so are its debits where no floor has
    to be kept. Everything else reads and writes the balance under the row lock.
    """
    return not hot or (falls and floor_minor is not None)


def error_for(result: Result, draft: Draft) -> SaomaError:
    """The error that tells why a draft was not posted."""
    facts = {"account_id": str(result.account_id)} if result.account_id else {}
    return ERRORS[result.outcome](key=draft.key, **facts)
