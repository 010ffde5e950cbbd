"""The policies: guaranteed trade, service, staged payment, ticket, bundle. Data alone."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from merchants.deals.values import (
    DealParty,
    DealState,
    GoodsType,
    MoneyEffect,
    Move,
    Policy,
    PolicyName,
    Proof,
    Timer,
)

_S = DealState
_M = MoneyEffect
BUYER: Final = frozenset({DealParty.BUYER})
SELLER: Final = frozenset({DealParty.SELLER})
SYSTEM: Final = frozenset({DealParty.SYSTEM})
ANYBODY: Final = BUYER | SELLER | SYSTEM
PAY: Final = "pay"
EXTEND: Final = "extend"
SHIP: Final = "ship"
FORFEIT: Final = "forfeit"
PRODUCE: Final = "produce"
CANCEL_LOT: Final = "cancel_lot"
CHANGE_PLAN: Final = "change_plan"
RENEW: Final = "renew"
DEBIT: Final = "debit"
LAPSE: Final = "lapse"

# How long a buyer has to confirm, by what is sent.
CONFIRM_WITHIN: Final[Mapping[GoodsType, timedelta]] = {
    GoodsType.AUTO: timedelta(hours=24),
    GoodsType.VIRTUAL: timedelta(days=3),
    GoodsType.COURIER: timedelta(days=10),
    GoodsType.POST: timedelta(days=30),
}
_PAY_WITHIN: Final = Timer("close", timedelta(minutes=30))
_CONFIRM: Final = Timer("confirm_in_time", by_goods=True)
_RECEIVE: Final = (
    Move("confirm", _S.WAIT_BUYER_CONFIRM_GOODS, _S.TRADE_FINISHED, BUYER, _M.RELEASE, Proof.PIN),
    Move("confirm_in_time", _S.WAIT_BUYER_CONFIRM_GOODS, _S.TRADE_FINISHED, SYSTEM, _M.RELEASE),
    Move(EXTEND, _S.WAIT_BUYER_CONFIRM_GOODS, _S.WAIT_BUYER_CONFIRM_GOODS, SELLER),
)


def _closing(start: DealState, to: DealState) -> Move:
    return Move("close", start, to, ANYBODY, frees_seat=True)


def _each(name: str, starts: Iterable[DealState], to: DealState, by: frozenset[DealParty],
          money: MoneyEffect) -> tuple[Move, ...]:  # fmt: skip
    return tuple(Move(name, start, to, by, money, frees_seat=True) for start in starts)


_GUARANTEED = Policy(
    name=PolicyName.GUARANTEED,
    start=_S.WAIT_BUYER_PAY,
    moves=(
        Move(PAY, _S.WAIT_BUYER_PAY, _S.WAIT_SELLER_SEND_GOODS, SYSTEM),
        _closing(_S.WAIT_BUYER_PAY, _S.TRADE_CLOSED),
        Move(SHIP, _S.WAIT_SELLER_SEND_GOODS, _S.WAIT_BUYER_CONFIRM_GOODS, SELLER),
        *_each("not_shipped", [_S.WAIT_SELLER_SEND_GOODS], _S.TRADE_CLOSED, SYSTEM, _M.REFUND),
        *_RECEIVE,
    ),
    timers={
        _S.WAIT_BUYER_PAY: _PAY_WITHIN,
        _S.WAIT_SELLER_SEND_GOODS: Timer("not_shipped", timedelta(days=3)),
        _S.WAIT_BUYER_CONFIRM_GOODS: _CONFIRM,
    },
    done=_S.TRADE_FINISHED,
    undone=_S.TRADE_CLOSED,
    refundable=frozenset({_S.WAIT_SELLER_SEND_GOODS, _S.WAIT_BUYER_CONFIRM_GOODS}),
)
_SERVICE = Policy(
    name=PolicyName.SERVICE,
    start=_S.WAIT_BUYER_PAY,
    moves=(
        Move(PAY, _S.WAIT_BUYER_PAY, _S.PAID, SYSTEM),
        _closing(_S.WAIT_BUYER_PAY, _S.CANCELLED),
        Move("accept", _S.PAID, _S.ACCEPTED, SELLER),
        *_each("cancel", [_S.PAID], _S.CANCELLED, BUYER | SELLER, _M.REFUND),
        *_each("nobody_accepted", [_S.PAID], _S.EXPIRED, SYSTEM, _M.REFUND),
        Move("complete", _S.ACCEPTED, _S.COMPLETED, SELLER, _M.RELEASE),
        *_each("not_completed", [_S.ACCEPTED], _S.EXPIRED, SYSTEM, _M.REFUND),
    ),
    timers={
        _S.WAIT_BUYER_PAY: _PAY_WITHIN,
        _S.PAID: Timer("nobody_accepted", timedelta(minutes=10)),
        _S.ACCEPTED: Timer("not_completed", timedelta(hours=24)),
    },
    done=_S.COMPLETED,
    undone=_S.CANCELLED,
    free=True,
    refundable=frozenset({_S.ACCEPTED}),
)
_STAGED = Policy(
    name=PolicyName.STAGED,
    start=_S.DEPOSIT_DUE,
    moves=(
        Move(PAY, _S.DEPOSIT_DUE, _S.DEPOSIT_PAID, SYSTEM),
        _closing(_S.DEPOSIT_DUE, _S.TRADE_CLOSED),
        Move("open_window", _S.DEPOSIT_PAID, _S.BALANCE_DUE, SYSTEM),
        Move(PAY, _S.BALANCE_DUE, _S.PAID, SYSTEM),
        *_each("withdraw", [_S.DEPOSIT_PAID, _S.BALANCE_DUE], _S.FORFEITED, BUYER, _M.RELEASE),
        *_each("withdraw", [_S.PAID], _S.TRADE_CLOSED, BUYER, _M.REFUND),
        *_each(FORFEIT, [_S.BALANCE_DUE], _S.FORFEITED, SYSTEM, _M.RELEASE),
        Move(PRODUCE, _S.PAID, _S.PRODUCED, SYSTEM),
        *_each(CANCEL_LOT, [_S.DEPOSIT_PAID, _S.BALANCE_DUE, _S.PAID],
               _S.LOT_CANCELLED, SYSTEM, _M.REFUND),
        Move(SHIP, _S.PRODUCED, _S.WAIT_BUYER_CONFIRM_GOODS, SELLER),
        *_each("not_shipped", [_S.PRODUCED], _S.TRADE_CLOSED, SYSTEM, _M.REFUND),
        *_RECEIVE,
    ),
    timers={
        _S.DEPOSIT_DUE: _PAY_WITHIN,
        _S.DEPOSIT_PAID: Timer("open_window"),
        _S.PRODUCED: Timer("not_shipped", timedelta(days=30)),
        _S.WAIT_BUYER_CONFIRM_GOODS: _CONFIRM,
    },
    done=_S.TRADE_FINISHED,
    undone=_S.TRADE_CLOSED,
    stages=("deposit", "balance"),
    refundable=frozenset({_S.PRODUCED, _S.WAIT_BUYER_CONFIRM_GOODS}),
    dates=frozenset({_S.DEPOSIT_PAID, _S.BALANCE_DUE}),
)  # fmt: skip
_TICKET = Policy(
    name=PolicyName.TICKET,
    start=_S.RESERVED,
    moves=(
        Move(PAY, _S.RESERVED, _S.ISSUED, SYSTEM),
        _closing(_S.RESERVED, _S.EXPIRED),
        *_each("give_back", [_S.ISSUED], _S.REFUNDED, BUYER | SELLER, _M.REFUND),
        Move("redeem", _S.ISSUED, _S.REDEEMED, SELLER, _M.RELEASE, Proof.CODE),
        Move("expire", _S.ISSUED, _S.EXPIRED, SYSTEM, _M.RELEASE),
    ),
    timers={_S.RESERVED: Timer("close", timedelta(minutes=15)), _S.ISSUED: Timer("expire")},
    done=_S.REDEEMED,
    undone=_S.REFUNDED,
    free=True,
    dates=frozenset({_S.ISSUED}),
)
_BUNDLE = Policy(
    name=PolicyName.BUNDLE,
    start=_S.WAIT_BUYER_PAY,
    moves=(
        Move(PAY, _S.WAIT_BUYER_PAY, _S.ACTIVE, SYSTEM),
        _closing(_S.WAIT_BUYER_PAY, _S.TRADE_CLOSED),
        *_each("cancel", [_S.ACTIVE, _S.PAST_DUE], _S.CANCELLED, BUYER, _M.REFUND),
        *_each(CHANGE_PLAN, [_S.ACTIVE, _S.PAST_DUE], _S.CANCELLED, SYSTEM, _M.REFUND),
        Move("end", _S.ACTIVE, _S.ENDED, SYSTEM, _M.BREAKAGE),
        # Under an agreement a term is followed by the next one, once its fee is debited.
        Move(RENEW, _S.ACTIVE, _S.PAST_DUE, SYSTEM, _M.BREAKAGE),
        Move(PAY, _S.PAST_DUE, _S.ACTIVE, SYSTEM),
        Move(DEBIT, _S.PAST_DUE, _S.PAST_DUE, SYSTEM),
        *_each(LAPSE, [_S.PAST_DUE], _S.CANCELLED, SYSTEM, _M.STAYS),
    ),
    timers={
        _S.WAIT_BUYER_PAY: _PAY_WITHIN,
        _S.ACTIVE: Timer("end", timedelta(days=30)),
        _S.PAST_DUE: Timer(DEBIT, timedelta(days=1)),
    },
    done=_S.ENDED,
    undone=_S.CANCELLED,
)
POLICIES: Final[Mapping[PolicyName, Policy]] = {
    policy.name: policy for policy in (_GUARANTEED, _SERVICE, _STAGED, _TICKET, _BUNDLE)
}
# States that no move leaves.
ENDS: Final = frozenset(
    move.to for policy in POLICIES.values() for move in policy.moves
) - frozenset(move.start for policy in POLICIES.values() for move in policy.moves)
