"""Collect the splits that a batch settles: what went to others, and what came back."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.kernel.errors import invariant, required
from merchants.onboarding.models import Merchant
from merchants.settlement.models import FeeRule, SettlementLine
from merchants.settlement.values import LineFacts, LineKind
from merchants.splits import queries as splits
from merchants.splits.models import Split
from wallet.public import credited_by


@dataclass(frozen=True, slots=True)
class SplitMove:
    """One share that moved, or came back, at a moment."""

    kind: LineKind
    id: uuid.UUID
    split: Split
    request_no: str
    amount_minor: int
    currency: str
    journal_id: uuid.UUID
    at: datetime


def unsettled_splits(merchant: Merchant, *, since: datetime, until: datetime) -> list[SplitMove]:
    """A merchant's shares and returns in a span of time that are on no line yet."""
    moves = [*_shares(merchant, since, until), *_returns(merchant, since, until)]
    settled = set(
        SettlementLine.objects.filter(
            split_id__in=[move.id for move in moves], batch__merchant=merchant
        ).values_list("kind", "split_id")
    )
    return [move for move in moves if (move.kind.value, move.id) not in settled]


def split_lines(
    merchant: Merchant, rule: FeeRule, *, since: datetime, until: datetime
) -> Iterator[LineFacts]:
    """Their lines; splits cost no fee."""
    moves = unsettled_splits(merchant, since=since, until=until)
    pending_minor_by_journal = out_of(
        merchant.pending_account_id, [move.journal_id for move in moves]
    )
    for move in moves:
        invariant(move.currency == merchant.currency, "a merchant's trades are in one currency")
        back = move.kind is LineKind.SPLIT_BACK
        yield LineFacts(
            kind=move.kind,
            payment_id=move.split.payment_id,
            refund_id=None,
            number=move.split.trade_number,
            reference=move.split.trade_reference,
            request_no=move.request_no,
            amount_minor=move.amount_minor,
            fee_minor=0,
            pending_minor=move.amount_minor if back else pending_minor_by_journal[move.journal_id],
            occurred_at=move.at,
            journal_id=move.journal_id,
            fee_rule_id=rule.id,
            split_id=move.id,
        )


def out_of(account_id: uuid.UUID | None, journal_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How much each journal took out of an account, in minor units."""
    changes = credited_by(journal_ids, [account_id]) if account_id else {}
    return {journal_id: -min(0, changes.get(journal_id, 0)) for journal_id in journal_ids}


def _shares(merchant: Merchant, since: datetime, until: datetime) -> Iterator[SplitMove]:
    for share in splits.moved_between(merchant.id, after=since, until=until):
        yield SplitMove(
            kind=LineKind.SPLIT,
            id=share.id,
            split=share.split,
            request_no=share.split.request_no,
            amount_minor=share.amount_minor,
            currency=share.currency,
            journal_id=required(share.journal_id, "what moved has its journal"),
            at=required(share.moved_at, "what moved has its time"),
        )


def _returns(merchant: Merchant, since: datetime, until: datetime) -> Iterator[SplitMove]:
    for back in splits.returned_between(merchant.id, after=since, until=until):
        yield SplitMove(
            kind=LineKind.SPLIT_BACK,
            id=back.id,
            split=back.share.split,
            request_no=back.request_no,
            amount_minor=back.amount_minor,
            currency=back.currency,
            journal_id=back.journal_id,
            at=back.created_at,
        )
