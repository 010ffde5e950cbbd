"""Move a deal from one state to another, as its policy says: the one engine of all policies."""

import uuid
from collections import Counter
from datetime import timedelta

from django.db.models import F

from config.kernel import clock, transactions
from merchants.deals import queries, rules
from merchants.deals.models import Deal, DealMove, DealPayment, Offer
from merchants.deals.policies import CHANGE_PLAN, ENDS, EXTEND, PAY
from merchants.deals.usecases.move_money import (
    give_back,
    give_share,
    held_for,
    release_rest,
    was_released,
)
from merchants.deals.values import DealParty, DealState, MoneyEffect, Move, Proof
from wallet import public as wallet
from wallet.money import share


@transactions.atomic_retry
def move_deal(
    *, deal_id: uuid.UUID, name: str, by: DealParty, code: str = "", days: int = 0
) -> Deal:
    """Make a move of a deal's policy; the same move again changes nothing.

    A move against a code is made once: who shows it again is refused.

    Args:
        deal_id: the deal.
        name: the move.
        by: who makes it. Whose PIN it takes is checked by the caller before.
        code: what the buyer holds, where the move takes it.
        days: by how much a buyer's time is extended.

    Raises:
        DealUnknown: there is no such deal.
        DealNotYours: another party makes this move.
        DealStateForbids: the deal stands elsewhere.
        RefundOpen: a refund request must be answered first.
        ProofWrong: the code is not the buyer's.

    Locks: the deal, its offer, each payment, the merchant, then the ledger accounts.
    """
    deal = queries.locked_deal(deal_id)
    policy = rules.policy_of(deal.offer.policy)
    rules.check_mover(policy, name, by)
    if not code and name != EXTEND and _was_last(deal, name):
        return deal
    if name != PAY:
        settle_unpaid(deal)
    move = rules.find_move(policy, DealState(deal.state), name)
    if by not in move.by:
        raise rules.DealNotYours(move=name)
    if queries.open_request(deal) is not None:
        raise rules.RefundOpen()
    if move.proof is Proof.CODE and code != deal.code:
        raise rules.ProofWrong(field="code")
    if name == EXTEND:
        return _extend(deal, move, days)
    return make_move(deal, move, by)


def make_move(deal: Deal, move: Move, by: DealParty) -> Deal:
    """Carry a move out on a deal that the caller holds locked."""
    if move.frees_seat and deal.holds_seat:
        Offer.objects.filter(id=deal.offer_id).update(taken=F("taken") - 1)
        deal.holds_seat = False
    amount_minor = _money(deal, move)
    to = move.to
    empty = move.money is MoneyEffect.RELEASE and deal.amount_minor and not amount_minor
    if empty and not was_released(deal):
        to = rules.policy_of(deal.offer.policy).undone
    enter(deal, to, move.name, by, amount_minor)
    return deal


def enter(deal: Deal, to: DealState, name: str, by: DealParty, amount_minor: int = 0) -> None:
    """Put a locked deal into a state, start what times it, and write it into the timeline."""
    now, offer, start = clock.now(), deal.offer, deal.state
    deal.state = to
    deal.remaining = None
    deal.due_at = rules.due_at(
        rules.policy_of(offer.policy),
        to,
        # A term whose fee comes late ends when it would have.
        (deal.term_starts_at if to is DealState.ACTIVE else None) or now,
        seconds=offer.seconds,
        dates=offer.dates,
        goods_type=offer.goods_type,
    )
    if to in ENDS:
        deal.ended_at, deal.due_at = now, None
    deal.save()
    DealMove.objects.create(
        deal=deal, move=name, start=start, to=to, by=by, amount_minor=amount_minor, at=now
    )


def settle_unpaid(deal: Deal) -> None:
    """Close what a locked deal's buyer has not paid; what was paid meanwhile is its move."""
    for stage in deal.payments.filter(paid_at__isnull=True):
        try:
            wallet.close_payment(payment_id=stage.payment_id)
        except (wallet.PaymentAlreadyPaid, wallet.PaymentFinished):
            note_stage(deal, stage)


def note_stage(deal: Deal, stage: DealPayment) -> bool:
    """Make the move of a stage whose payment is paid; False where it is not or was made."""
    trade = wallet.payment(stage.payment_id)
    if stage.paid_at is not None or trade.paid_at is None:
        return False
    stage.paid_at = trade.paid_at
    stage.save(update_fields=["paid_at"])
    policy = rules.policy_of(deal.offer.policy)
    make_move(deal, rules.find_move(policy, DealState(deal.state), PAY), DealParty.SYSTEM)
    if deal.replaces_id is not None:
        _change_plan(deal, queries.locked_deal(deal.replaces_id))
    return True


@transactions.atomic_retry
def note_payment(*, payment_id: uuid.UUID) -> bool:
    """Take in that a payment was made; again changes nothing. False where it is no deal's.

    Locks: the deal, then as its move does.
    """
    stage = DealPayment.objects.filter(payment_id=payment_id).first()
    if stage is None:
        return False
    deal = queries.locked_deal(stage.deal_id)
    return note_stage(deal, DealPayment.objects.get(id=stage.id))


@transactions.atomic_retry
def catch_up(*, payment_id: uuid.UUID) -> bool:
    """End a deal whose money has gone by another door: released or refunded whole there.

    False where there is nothing to end.

    Locks: the deal.
    """
    stage = DealPayment.objects.filter(payment_id=payment_id, paid_at__isnull=False).first()
    if stage is None:
        return False
    deal = queries.locked_deal(stage.deal_id)
    if deal.ended_at is not None or held_for(deal):
        return False
    if deal.term_starts_at is not None and stage != queries.stages_paid(deal)[-1]:
        # What came back of a term that is over says nothing of the present one.
        return False
    policy = rules.policy_of(deal.offer.policy)
    if any(move.name == PAY and move.start == deal.state for move in policy.moves):
        return False
    to = policy.done if was_released(deal) else policy.undone
    enter(deal, to, "gateway", DealParty.SYSTEM)
    return True


def _change_plan(deal: Deal, replaced: Deal) -> None:
    """Let a paid bundle take the place of the one in force, for what is left of its term.

    Prorated by use, as a bundle's end is: what was used of a partner's share under the old plan
    counts under the new one where it is the same share, and its price comes back; of the old
    plan comes back what was not used. Where the old plan has ended meanwhile, or its next term
    is not paid, the new one is a plan of its own.
    """
    policy = rules.policy_of(replaced.offer.policy)
    if replaced.state == DealState.PAST_DUE:
        move = rules.find_move(policy, DealState.PAST_DUE, CHANGE_PLAN)
        make_move(replaced, move, DealParty.SYSTEM)
    if replaced.state != DealState.ACTIVE:
        return
    uses: Counter[tuple[object, ...]] = Counter()
    for row in replaced.entitlements.all():
        uses[row.partner_id, row.name, row.amount_minor] += row.uses_made
    back_minor = 0
    for row in deal.entitlements.all():
        share = (row.partner_id, row.name, row.amount_minor)
        row.uses_made = min(row.uses, uses[share])
        row.save(update_fields=["uses_made"])
        uses[share] -= row.uses_made
        back_minor += row.uses_made * row.amount_minor
    give_back(deal, back_minor, request_no="deal:uses_before", reason=CHANGE_PLAN)
    deal.due_at = replaced.due_at
    deal.save(update_fields=["due_at"])
    move = rules.find_move(policy, DealState.ACTIVE, CHANGE_PLAN)
    make_move(replaced, move, DealParty.SYSTEM)


def _was_last(deal: Deal, name: str) -> bool:
    last = deal.timeline.order_by("-at", "-id").first()
    return last is not None and last.move == name and last.to == deal.state


def _money(deal: Deal, move: Move) -> int:
    if move.money is MoneyEffect.RELEASE:
        return release_rest(deal)
    if move.money is MoneyEffect.BREAKAGE and deal.offer.breakage_to_partners:
        return _break(deal)
    if move.money in (MoneyEffect.REFUND, MoneyEffect.BREAKAGE):
        return give_back(deal, held_for(deal), request_no=f"deal:{move.name}", reason=move.name)
    return 0


def _break(deal: Deal) -> int:
    """Give each partner what was not used of it; after a seller's refund, its part of the rest."""
    rows, term = deal.entitlements.select_related("partner"), len(queries.stages_paid(deal))
    unused = [(row.uses - row.uses_made) * row.amount_minor for row in rows]
    total_minor = min(sum(unused), held_for(deal))
    if not total_minor:
        return 0
    for row, part_minor in zip(rows, share(total_minor, unused), strict=True):
        if part_minor:
            give_share(deal, row.partner, part_minor, key=f"breakage:{row.id}:{term}")
    return total_minor


def _extend(deal: Deal, move: Move, days: int) -> Deal:
    """Give the buyer more time, up to what the rule allows in one go."""
    span = timedelta(days=days)
    if not timedelta() < span <= rules.LONGEST_EXTENSION or deal.due_at is None:
        raise rules.OfferInvalid(field="days", expected=f"1 to {rules.LONGEST_EXTENSION.days}")
    deal.due_at += span
    deal.save(update_fields=["due_at"])
    DealMove.objects.create(
        deal=deal, move=EXTEND, start=move.start, to=move.to, by=DealParty.SELLER, at=clock.now()
    )
    return deal
