"""Payments in a group come out as one after another, whatever is wrong with some of them.

Two worlds get the same orders: one takes them in groups, the other one by one, in the order
that the group stands for: who was refused on what was looked up, who was posted, who had to
wait or to look again. Codes and order numbers are used twice, payers run out of money and of
limits, codes are wrong; every outcome and every balance must be the same in both.
`make groups` runs ten thousand.
"""

import os
import random
from collections.abc import Callable
from contextvars import copy_context
from functools import partial

import pytest
from django.test import override_settings

from config.kernel import clock
from config.kernel.errors import SaomaError
from config.kernel.transactions import KeyTaken
from tests.factories.accounts import available_minor, make_user
from tests.factories.payments import Shop, fresh_code, order
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.ledger.queries import trial_balance
from wallet.payments.rules import PinRequired
from wallet.payments.usecases.pay_by_code import (
    Scan,
    finish,
    parsed_code,
    pay_by_code,
    serve,
)
from wallet.payments.usecases.pay_in_group import LimitPassed
from wallet.payments.usecases.pay_in_steps import CodeTaken
from wallet.payments.values import PayOutcome, PayRequest

pytestmark = pytest.mark.django_db

GROUPS = int(os.environ.get("SAOMA_GROUPS", "12"))
LARGEST = 10
RENEWED = 100
LOOK_AGAIN = (CodeTaken, LimitPassed, KeyTaken, PinRequired)
Order = tuple[int, int, str, str, int]
Asked = tuple[PayRequest, str]


class World:
    """Shops and payers: two with money, one with little, one frozen."""

    def __init__(self) -> None:
        # The third one sees the wrong codes, and cools down.
        self.shops = [Shop(), Shop(), Shop()]
        self.payers = [make_user(balance_minor=minor) for minor in (9_000_00, 9_000_00, 90_00, 1)]
        freeze_user(user_id=self.payers[3].id, actor="operator:ops", reason="a test")
        self.codes: dict[str, str] = {}

    def request(self, asked: Order) -> Asked:
        """The order as this world's shop sends it, with this world's code."""
        payer, shop, code, reference, amount_minor = asked
        if code not in self.codes:
            self.codes[code] = fresh_code(self.payers[payer]) if payer < 4 else "no code"
        request = order(
            self.shops[shop], reference=reference, amount_minor=amount_minor, description="baozi"
        )
        return request, self.codes[code]

    def balances(self) -> list[int]:
        return [available_minor(payer) for payer in self.payers] + [
            shop.balance_minor() for shop in self.shops
        ]


def orders(seed: int, group: int) -> list[Order]:
    """One group; about half of it has something wrong."""
    rng = random.Random(f"{seed} {group}")
    asked: list[Order] = []
    for n in range(rng.randint(2, LARGEST)):
        earlier = rng.choice(asked) if asked else None
        payer, shop = rng.choices(range(5), (8, 8, 4, 1, 1))[0], rng.randrange(2)
        code, reference, amount_minor = f"{group}/{n}", f"G{group}-{n}", rng.randint(1, 40_00)
        # Whoever is frozen is refused before the code is looked at again.
        if earlier and earlier[0] < 3 and rng.random() < 0.1:
            payer, _, code, *_ = earlier
        if earlier and earlier[1] < 2 and rng.random() < 0.1:
            _, shop, _, reference, amount_minor = earlier
        asked.append((payer, 2 if payer == 4 else shop, code, reference, amount_minor))
    return asked


def name_of(act: Callable[[], PayOutcome]) -> str:
    """How a caller is answered; "" where it has to look again."""
    try:
        return str(act().outcome)
    except LOOK_AGAIN:
        return ""
    except SaomaError as refusal:
        return refusal.code.replace("payee_cooling_down", "code_invalid")


def alone(asked: Asked) -> str:
    request, code = asked
    return name_of(lambda: pay_by_code(request=request, code=code))


def together(world: World, orders: list[Order]) -> dict[int, str]:
    """Take the orders as a group; gives the outcomes in the order that it stands for."""
    requests = [world.request(one) for one in orders]
    scans = [
        Scan(request, parsed_code(code), clock.now(), copy_context()) for request, code in requests
    ]
    turns: dict[int, list[int]] = {1: [], 2: [], 3: [], 4: []}
    names = {}
    for n, (scan, served) in enumerate(zip(scans, serve(scans), strict=True)):
        names[n] = name_of(partial(finish, scan, served))
        turn = 4 if not names[n] else 2 if served.posted else 3 if names[n].isupper() else 1
        turns[turn].append(n)
    names |= {n: alone(requests[n]) for n in turns[4]}
    return {n: names[n] for turn in turns.values() for n in turn}


def test_a_group_comes_out_as_one_by_one() -> None:
    seed = int(os.environ.get("SAOMA_SEED", "1"))
    seen: set[str] = set()
    for group in range(GROUPS):
        if group % RENEWED == 0:
            groups, singles = World(), World()
        # Grows a little more slowly than what is spent, so that it is always near.
        limit_minor = 100_00 + 40_00 * (group % RENEWED)
        asked = orders(seed, group)
        # Undone each time: each change lies on top of the last, and ten thousand are too deep.
        with override_settings(SAOMA_DAILY_NO_PIN_MINOR=limit_minor):
            outcomes = together(groups, asked)
            one_by_one = {n: alone(singles.request(asked[n])) for n in outcomes}
        assert outcomes == one_by_one, (seed, group)
        assert groups.balances() == singles.balances(), (seed, group)
        seen |= set(outcomes.values())
    assert {"PAID", "insufficient_funds", "account_frozen", "code_invalid"} <= seen
    assert set(trial_balance().values()) == {0}
