"""(f): what the risk decision in line costs: its latency, and its share of a payment's time.

Decisions and payments run in this process, by the wallet's door and the acceptance's use case,
with a model trained here and the rule set in force. Only processor time of this process and of
its own database connection is counted, so that others on the machine do not show; the latency
is the clock's, and there they do. A payment by code is judged on what its own look-up brought;
a transfer on the sliding windows, too, so its decisions' latency is the longer one. The windows
are in Redis, as in production.
"""

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.management import CommandError, call_command

from config.kernel import clock, ids
from config.kernel.errors import required
from config.kernel.outbox import relay
from lab.bench import population
from lab.bench.effects import cpu_ms
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.values import Sale
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials
from wallet import public as wallet

PAYERS = 200
MERCHANTS = 20
ROUNDS = 5
DECISIONS = 400
BUDGET_MS = 20.0
AMOUNT_MINOR = 20_00
MODEL = "bench"
# What a payment's own look-up tells the rules of a payer who has paid before.
USUAL: Mapping[str, float | bool] = {
    "amount_to_own_mean": 1.0,
    "amount_to_own_largest": 0.5,
    "payer_payments": 12,
    "device_known": True,
    "device_age_h": 1000.0,
    "device_to_payee_60s": 0,
    "device_payments_60s": 0,
    "payee_age_d": 300,
    "pin_given": False,
}

_chance = random.Random(1)  # noqa: S311


def run() -> dict[str, float]:
    """Milliseconds of processor time a decision and a payment, and the decisions' latency.

    Raises:
        RuntimeError: a payment was not paid at once.
    """
    settings.LAB_MODE, settings.OUTBOX_KICK = False, False
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    public = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    people = population.payers(PAYERS)
    sellers = [
        required(app_credentials(app_number, fresh=True), "the bench has its apps")
        for app_number in population.app_numbers(MERCHANTS, public.decode())
    ]
    _train()
    _round(people, sellers, [])  # warms up
    # The workers' part: what was paid is in the sliding windows when the next one asks.
    relay.drain()
    latencies: list[float] = []
    rounds = [_round(people, sellers, latencies) for _ in range(ROUNDS)]
    figures = {name: median(each[name] for each in rounds) for name in rounds[0]}
    return figures | {
        "risk_budget_ms": BUDGET_MS,
        "risk_p99_ms": sorted(latencies)[math.ceil(len(latencies) * 0.99) - 1],
    }


def _train() -> None:
    """Store a model, where its library is there and this database has none."""
    try:
        call_command("risk_train", seed=1, version_name=MODEL, verbosity=0)
    except CommandError:
        return


def _round(
    people: Sequence[population.Payer], sellers: Sequence[AppCredentials], latencies: list[float]
) -> dict[str, float]:
    payment_ms = _spent(lambda: _pay(people, sellers))
    by_code = _spent(lambda: _decide(people, sellers, latencies, wallet.Movement.CODE))
    transfer = _spent(lambda: _decide(people, sellers, latencies, wallet.Movement.TRANSFER))
    return {
        "risk_payment_ms": payment_ms / PAYERS,
        "risk_decision_ms": by_code / DECISIONS,
        "risk_transfer_ms": transfer / DECISIONS,
    }


def _spent(act: Callable[[], object]) -> float:
    return sum(cpu_ms(act).values())


def _decide(
    people: Sequence[population.Payer],
    sellers: Sequence[AppCredentials],
    latencies: list[float],
    movement: wallet.Movement,
) -> None:
    for number in range(DECISIONS):
        payer, seller = people[number % PAYERS], _chance.choice(sellers)
        subject = wallet.Subject(
            payment_id=ids.uuid7(),
            payer_id=payer.user_id,
            payee_id=seller.merchant_id,
            device_id=payer.device_id,
            amount_minor=AMOUNT_MINOR,
            currency=seller.currency,
            movement=movement,
        )
        began = time.perf_counter()
        wallet.screen_movement(subject=subject, context=USUAL, at=clock.now())
        latencies.append((time.perf_counter() - began) * 1000)


def _pay(people: Sequence[population.Payer], sellers: Sequence[AppCredentials]) -> None:
    for code in population.codes(people, 1):
        # Each payer at another merchant each time: five within a minute at one is challenged.
        sale = Sale(
            seller=_chance.choice(sellers),
            reference=f"RISK-{ids.uuid7().hex}",
            subject="risk",
            amount_minor=AMOUNT_MINOR,
        )
        outcome = pay_by_code(sale=sale, code=code)
        if outcome.outcome is not wallet.PayResult.PAID:
            raise RuntimeError(f"not paid at once: {outcome.outcome}")
