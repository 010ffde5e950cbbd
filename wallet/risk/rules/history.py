"""Windows over past movements, in memory: what the simulator, training and backtests use.

It gives the same figures as `wallet.risk.queries.windows` gives from Redis or the database;
one test holds the three together. A movement never counts itself, and nothing later than it.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from wallet.risk.values import Value

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTH, WEEK, TEN_MINUTES = timedelta(days=30), timedelta(days=7), timedelta(minutes=10)
SMALL_MINOR = 5_00
MEAN_OF = 3


@dataclass(frozen=True, slots=True)
class Move:
    """One movement as the windows see it; amounts in minor units, ids of any one kind."""

    at: datetime
    payer: object
    payee: object
    device: object | None
    amount_minor: int


class History:
    """Past movements of 30 days, oldest first; fed in time order."""

    def __init__(self) -> None:
        self._out: dict[object, deque[Move]] = defaultdict(deque)
        self._in: dict[object, deque[Move]] = defaultdict(deque)
        self._refunds: dict[object, deque[datetime]] = defaultdict(deque)
        self._devices: dict[object, dict[object, datetime]] = defaultdict(dict)
        self._first: dict[object, datetime] = {}

    def add(self, move: Move) -> None:
        """Count a movement that has happened."""
        self._out[move.payer].append(move)
        self._in[move.payee].append(move)
        self._first.setdefault(move.payee, move.at)
        if move.device is not None:
            self._devices[move.device][move.payer] = move.at

    def add_refund(self, payee: object, *, at: datetime) -> None:
        """Count a refund that a payee has made."""
        self._refunds[payee].append(at)

    def features(self, move: Move) -> dict[str, Value]:
        """What the windows hold at a movement that is not counted yet."""
        at = move.at
        sent = _kept(self._out[move.payer], at)
        own_day = _since(_kept(self._in[move.payer], at), at - DAY)
        hour = _since(sent, at - HOUR)
        week = _since(_kept(self._in[move.payee], at), at - WEEK)
        day = _since(week, at - DAY, newest_first=True)
        hour_in = _since(day, at - HOUR, newest_first=True)
        refunds = sum(1 for refund_at in self._refunds[move.payee] if at - WEEK < refund_at <= at)
        pair = [past for past in sent if past.payee == move.payee]
        mean = sum(past.amount_minor for past in sent) / len(sent) if sent else 0
        first = self._first.get(move.payee)
        return {
            "payer_payments_1h": len(hour),
            "payer_payees_1h": len({past.payee for past in hour}),
            "payer_sum_24h_minor": sum(past.amount_minor for past in _since(sent, at - DAY)),
            "payer_received_24h": len(own_day),
            "payer_senders_24h": len({past.payer for past in own_day}),
            "payee_payments_60s": len(_since(hour_in, at - MINUTE, newest_first=True)),
            "payee_small_10m": sum(
                1
                for past in _since(hour_in, at - TEN_MINUTES, newest_first=True)
                if past.amount_minor <= SMALL_MINOR
            ),
            "payee_payers_1h": len({past.payer for past in hour_in}),
            "payee_payers_24h": len({past.payer for past in day}),
            "payee_refunds_7d": refunds,
            "payee_refund_share_7d": refunds / len(week) if week else 0.0,
            "pair_payments_7d": len(_since(pair, at - WEEK)),
            "first_to_payee": not pair,
            "payee_seen_d": min((at - first) / DAY, 30.0) if first else 0.0,
            "amount_to_mean_30d": (
                move.amount_minor / mean if mean and len(sent) >= MEAN_OF else None
            ),
            **self._of_device(move),
        }

    def _of_device(self, move: Move) -> dict[str, Value]:
        if move.device is None:
            return {"device_payers_30d": None, "device_new_to_payer": None}
        lately = {
            payer
            for payer, seen_at in self._devices[move.device].items()
            if seen_at > move.at - MONTH
        }
        return {
            "device_payers_30d": len(lately | {move.payer}),
            "device_new_to_payer": move.payer not in lately,
        }


def _kept(moves: deque[Move], at: datetime) -> deque[Move]:
    while moves and moves[0].at <= at - MONTH:
        moves.popleft()
    return moves


def _since(
    moves: Sequence[Move] | deque[Move], since: datetime, *, newest_first: bool = False
) -> list[Move]:
    """The newest of some moves, newest first."""
    return list(takewhile(lambda move: move.at > since, moves if newest_first else reversed(moves)))
