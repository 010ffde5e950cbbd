"""What happens in the month, planned from a seed: sales, and what becomes of some of them. Pure.

The shops close their days at 0, 2 and 23 o'clock in Shanghai, Paris and New York. The month is
October 2026: China's National Day week stands at its beginning, Europe's clocks go back on the
25th and America's on the night that ends it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from wallet.business_days import cut_off

FIRST_DAY = date(2026, 10, 1)
DAYS = 31
ONE_DAY = timedelta(days=1)
LEAST_MINOR, MOST_MINOR = 2_00, 90_00
# Of so many sales one is treated so; the least number of each keeps small months whole.
LEAST = 2


@dataclass(frozen=True, slots=True)
class Shop:
    """Where a merchant is, when its day ends, and what it pays of a sale."""

    name: str
    zone: str
    cutoff_hour: int
    fee_bps: int


SHOPS = (
    Shop("Shanghai", "Asia/Shanghai", 0, 60),
    Shop("Paris", "Europe/Paris", 2, 38),
    Shop("New York", "America/New_York", 23, 55),
)


class ActKind(StrEnum):
    """What becomes of a sale later."""

    REFUND = "refund"
    SPLIT = "split"
    DISPUTE = "dispute"
    ACCEPT = "accept"
    CHALLENGE = "challenge"
    DECIDE_FOR_BUYER = "decide for the buyer"
    DECIDE_FOR_SHOP = "decide for the shop"
    CONFIRM = "confirm"


# Kind, how long after the sale, how much of it in per cent, one in so many sales.
_LATER = (
    (ActKind.REFUND, timedelta(minutes=1), 30, 100),
    (ActKind.REFUND, timedelta(days=3), 100, 100),
    (ActKind.REFUND, timedelta(days=6), 41, 200),
    (ActKind.SPLIT, timedelta(minutes=1), 20, 100),
    (ActKind.SPLIT, timedelta(hours=20), 35, 200),
    (ActKind.DISPUTE, timedelta(days=1), 100, 300),
)
_ANSWERS: tuple[tuple[ActKind, ...], ...] = (
    (),  # the merchant's silence is a yes
    (ActKind.ACCEPT,),
    (ActKind.CHALLENGE, ActKind.DECIDE_FOR_BUYER),
    (ActKind.CHALLENGE, ActKind.DECIDE_FOR_SHOP),
)


# What becomes of guaranteed sales in turn: kind, how long after the sale, per cent of it.
ESCROW_DAYS = 5
GUARANTEED_ONE_IN = 200
_GUARANTEED: tuple[tuple[tuple[ActKind, timedelta, int], ...], ...] = (
    ((ActKind.CONFIRM, timedelta(days=2), 100),),
    ((ActKind.REFUND, timedelta(hours=26), 30), (ActKind.CONFIRM, timedelta(days=3), 100)),
    ((ActKind.REFUND, timedelta(hours=30), 100),),
    ((ActKind.CONFIRM, timedelta(days=1), 100), (ActKind.REFUND, timedelta(days=4), 50)),
    (),  # released by time
)


@dataclass(frozen=True, slots=True)
class Sale:
    """One payment: who pays whom how much, and when; of a guaranteed one the money waits."""

    number: int
    at: datetime
    payer: int
    shop: int
    amount_minor: int
    is_guaranteed: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What is done about a sale at a moment, or as soon after it as the month stops."""

    kind: ActKind
    at: datetime
    sale: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A month's sales and acts in order of time, and the moments at which it stops."""

    sales: tuple[Sale, ...]
    acts: tuple[Act, ...]
    stops: tuple[datetime, ...]
    payers: int


def plan_month(
    *, payments: int, seed: int, first: date = FIRST_DAY, days: int = DAYS, payers: int
) -> Plan:
    """Plan a month; the same arguments plan the same.

    Args:
        payments: how many sales.
        seed: of the chance that spreads them.
        first: the first business day.
        days: how many of them.
        payers: how many people buy.
    """
    chance = random.Random(seed)  # noqa: S311
    begins = max(cut_off(first, zone=shop.zone, hour=shop.cutoff_hour) for shop in SHOPS)
    ends = min(
        cut_off(first + ONE_DAY * days, zone=shop.zone, hour=shop.cutoff_hour) for shop in SHOPS
    )
    whole_us = (ends - begins) // timedelta(microseconds=1)
    moments = sorted(chance.sample(range(whole_us), payments))
    guaranteed = set(chance.sample(range(payments), _guaranteed_count(payments)))
    sales = tuple(
        Sale(
            number=number,
            at=begins + timedelta(microseconds=moment),
            payer=chance.randrange(payers),
            shop=chance.randrange(len(SHOPS)),
            amount_minor=chance.randint(LEAST_MINOR, MOST_MINOR),
            is_guaranteed=number in guaranteed,
        )
        for number, moment in enumerate(moments)
    )
    acts = sorted(_acts(sales, chance), key=lambda act: (act.at, act.sale))
    return Plan(sales, tuple(acts), tuple(_stops(first, days)), payers)


def _guaranteed_count(payments: int) -> int:
    """So many that each fate has its sale, and some are left for the others."""
    return min(payments // LEAST, max(len(_GUARANTEED), payments // GUARANTEED_ONE_IN))


def _acts(sales: tuple[Sale, ...], chance: random.Random) -> Iterator[Act]:
    for turn, sale in enumerate(sale for sale in sales if sale.is_guaranteed):
        for kind, later, percent in _GUARANTEED[turn % len(_GUARANTEED)]:
            amount_minor = max(1, sale.amount_minor * percent // 100)
            yield Act(kind, sale.at + later, sale.number, amount_minor)
    free = [sale for sale in sales if not sale.is_guaranteed]
    chance.shuffle(free)
    for kind, later, percent, one_in in _LATER:
        for turn in range(max(LEAST, len(sales) // one_in)):
            if not free:
                return
            sale = free.pop()
            amount_minor = max(1, sale.amount_minor * percent // 100)
            at = sale.at + later
            yield Act(kind, at, sale.number, amount_minor)
            if kind is ActKind.DISPUTE:
                for answer in _ANSWERS[turn % len(_ANSWERS)]:
                    at += timedelta(hours=20)
                    yield Act(answer, at, sale.number, amount_minor)


def _stops(first: date, days: int) -> list[datetime]:
    """Each shop's cut-offs, until the last answer to a dispute is given."""
    every = [first + ONE_DAY * number for number in range(-1, days + 9)]
    return sorted(
        {cut_off(day, zone=shop.zone, hour=shop.cutoff_hour) for day in every for shop in SHOPS}
    )


def day_of(shop_number: int, at: datetime) -> date:
    """A moment's business day by the clock on the wall, as a shopkeeper would reckon it."""
    shop = SHOPS[shop_number]
    on_the_wall = at.astimezone(ZoneInfo(shop.zone)).replace(tzinfo=None)
    return (on_the_wall - timedelta(hours=shop.cutoff_hour)).date()
