"""Whatever is done in whatever order, and wherever a process dies: each transfer once, or returned.

A step is one process's piece of work on one side; it may die at a named point, which undoes
the transaction it is in and nothing else. After every step the halves meet and no money is
lost or made; when the work has rested, nothing is in flight.
"""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel.outbox import relay
from merchants.onboarding.models import Merchant
from merchants.onboarding.values import MerchantState
from tests.factories.units import OTHER, World, run_jobs, there
from wallet.clearing.models import OutgoingTransfer
from wallet.clearing.usecases import credit_transfers, exchange_messages, return_transfers
from wallet.clearing.usecases.verify_clearing import verify_clearing

pytestmark = pytest.mark.django_db(transaction=True)
TOTAL_MINOR = 1_000_00
MODULES = (exchange_messages, credit_transfers, return_transfers)
POINTS = (
    "",
    "clearing.before_carry",
    "clearing.after_carry",
    "clearing.before_credit_commits",
    "clearing.before_answer",
    "clearing.after_answer",
    "clearing.before_return_commits",
    "away",
)


class Killed(BaseException):
    """The process is gone; no handler of the product catches it."""


def pay(world: World) -> None:
    # What is in flight or credited stays away; a world of 1,000.00 lasts for all examples.
    if world.balances()[0] >= 1_00:
        world.pay(1_00)


def deliver(world: World) -> None:
    relay.drain()


def ask(world: World) -> None:
    run_jobs("clearing.ask_again", late=True)


def give_back(world: World) -> None:
    run_jobs("clearing.return")


def decide(world: World) -> None:
    with there():
        run_jobs("clearing.credit")


def answer(world: World) -> None:
    with there():
        relay.drain()


def suspend(world: World) -> None:
    with there():
        Merchant.objects.update(state=MerchantState.SUSPENDED)


def restore(world: World) -> None:
    with there():
        Merchant.objects.update(state=MerchantState.APPROVED)


STEPS = (pay, pay, deliver, ask, give_back, decide, answer, suspend, restore)


def do(world: World, step: Callable[[World], None], point: str) -> None:
    """One step, whose process dies at a point, or which finds the other database away."""

    def die(name: str) -> None:
        if name == point:
            raise Killed(name)

    def rows_in(*_: object) -> object:
        raise OperationalError("away")

    with pytest.MonkeyPatch.context() as patched:
        for module in MODULES:
            patched.setattr(module, "failpoint", die)
        if point == "away":
            patched.setattr(exchange_messages, "rows_in", rows_in)
        try:
            step(world)
        except Killed:
            assert not connections[OTHER].in_atomic_block


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(program=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(POINTS)), max_size=16))
def test_money_is_kept_and_each_transfer_is_once_or_returned(
    world: World, program: list[tuple[Callable[[World], None], str]]
) -> None:
    restore(world)
    for step, point in program:
        do(world, step, point)
        verdict = verify_clearing()
        assert verdict.breaks == []
        assert sum(world.balances()) + verdict.in_flight_minor == TOTAL_MINOR
    OutgoingTransfer.objects.filter(state="SENT").update(due_at="2000-01-01T00:00:00Z")
    world.work()
    states = list(OutgoingTransfer.objects.values_list("state", flat=True))
    assert set(states) <= {"COMPLETED", "RETURNED"}
    assert verify_clearing().in_flight_minor == 0
    completed = states.count("COMPLETED")
    assert world.balances() == (TOTAL_MINOR - completed * 1_00, completed * 1_00)
    world.prove()
