"""Any history of paying, refunding, cancelling and expiring agrees with a small model.

The model knows of each payment what it is for, what has gone back and how it stands.
After every step the ledger says the same (I5), and no code has paid twice (I7).
"""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel import clock
from config.kernel.errors import SaomaError
from tests.factories.accounts import PIN, available_minor
from tests.factories.clock import later
from tests.factories.payments import Phone, Shop, make_order, make_phone, order
from wallet.ledger.queries import trial_balance
from wallet.payments.models import Payment, PaymentCode
from wallet.payments.usecases.cancel_payment import cancel_payment
from wallet.payments.usecases.close_payment import close_payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.expire_payments import expire_payments
from wallet.payments.usecases.issue_codes import issue_fresh_code
from wallet.payments.usecases.pay_by_code import pay_by_code
from wallet.payments.usecases.refund_payment import refund_payment

pytestmark = pytest.mark.django_db
HELD_MINOR = 50_00

step = st.tuples(
    st.sampled_from(["pay", "pay again", "order", "confirm", "refund", "cancel", "close", "wait"]),
    st.integers(0, 5),
    st.integers(1, 30_00),
)


@dataclass
class Known:
    """What the model knows of one payment."""

    amount_minor: int
    paid_minor: int = 0
    refunded_minor: int = 0
    status: str = "PENDING"


class World:
    """A customer, a shop, and the model beside them."""

    def __init__(self) -> None:
        self.phone: Phone = make_phone(balance_minor=HELD_MINOR)
        self.shop = Shop()
        self.known: dict[uuid.UUID, Known] = {}
        self.facts: list[dict[str, Any]] = []

    @property
    def available(self) -> int:
        """What the model says the customer holds."""
        spent = sum(known.paid_minor - known.refunded_minor for known in self.known.values())
        return HELD_MINOR - spent

    def do(self, deed: str, index: int, amount_minor: int) -> None:
        """Take one step in both worlds."""
        deeds: dict[str, Callable[[int, int], None]] = {
            "pay": self.pay,
            "pay again": self.pay_again,
            "order": self.make,
            "confirm": self.confirm,
            "refund": self.refund,
            "cancel": self.cancel,
            "close": self.close,
            "wait": self.wait,
        }
        deeds[deed](index, amount_minor)

    def pay(self, index: int, amount_minor: int) -> None:
        code = issue_fresh_code(user_id=self.phone.user.id).code
        facts: dict[str, Any] = {
            "code": code,
            "request": order(self.shop, amount_minor=amount_minor),
        }
        self.facts.append(facts)
        covered = amount_minor <= self.available
        done = attempt(lambda: pay_by_code(**facts))
        assert (done is not None) is covered
        if done is not None:
            self.known[done.payment.id] = Known(amount_minor, amount_minor, status="PAID")

    def pay_again(self, index: int, amount_minor: int) -> None:
        if self.facts:
            attempt(lambda: pay_by_code(**self.facts[index % len(self.facts)]))

    def make(self, index: int, amount_minor: int) -> None:
        made = make_order(self.shop, amount_minor=amount_minor)
        self.known[made.id] = Known(amount_minor)

    def confirm(self, index: int, amount_minor: int) -> None:
        found = self.pick(index)
        if found is None:
            return
        payment_id, known = found
        payable = known.status == "PENDING" and known.amount_minor <= self.available
        payer_id = self.phone.user.id
        done = attempt(lambda: confirm_payment(payment_id=payment_id, payer_id=payer_id, pin=PIN))
        assert (done is not None) is (payable or known.status == "PAID")
        if payable:
            known.status, known.paid_minor = "PAID", known.amount_minor

    def refund(self, index: int, amount_minor: int) -> None:
        found = self.pick(index)
        if found is None:
            return
        payment_id, known = found
        rest_minor = known.paid_minor - known.refunded_minor
        fits = known.status == "PAID" and amount_minor <= rest_minor
        done = attempt(
            lambda: refund_payment(
                payment_id=payment_id, request_no=uuid.uuid4().hex, amount_minor=amount_minor
            )
        )
        assert (done is not None) is fits
        if fits:
            known.refunded_minor += amount_minor
            known.status = "CLOSED" if amount_minor == rest_minor else "PAID"

    def cancel(self, index: int, amount_minor: int) -> None:
        found = self.pick(index)
        if found is None:
            return
        payment_id, known = found
        done = attempt(lambda: cancel_payment(payment_id=payment_id))
        partly = known.status == "PAID" and known.refunded_minor > 0
        assert (done is None) is partly
        if not partly:
            known.status, known.refunded_minor = "CLOSED", known.paid_minor

    def close(self, index: int, amount_minor: int) -> None:
        found = self.pick(index)
        if found is None:
            return
        payment_id, known = found
        done = attempt(lambda: close_payment(payment_id=payment_id))
        assert (done is None) is (known.status == "PAID")
        if known.status == "PENDING":
            known.status = "CLOSED"

    def wait(self, index: int, amount_minor: int) -> None:
        later(minutes=6)
        waiting = [known for known in self.known.values() if known.status == "PENDING"]
        assert expire_payments(at=clock.now()) >= len(waiting)
        for known in waiting:
            known.status = "CLOSED"

    def pick(self, index: int) -> tuple[uuid.UUID, Known] | None:
        """One of the payments, if there is any."""
        ids = list(self.known)
        return (ids[index % len(ids)], self.known[ids[index % len(ids)]]) if ids else None

    def check(self) -> None:
        """The stored payments and the ledger say what the model says."""
        rows = {row.id: row for row in Payment.objects.filter(payee_id=self.shop.id)}
        assert set(rows) == set(self.known)
        for payment_id, known in self.known.items():
            row = rows[payment_id]
            assert (row.status, row.refunded_minor) == (known.status, known.refunded_minor)
        assert available_minor(self.phone.user) == self.available
        assert self.shop.balance_minor() == HELD_MINOR - self.available
        assert set(trial_balance().values()) <= {0}
        paid_by = Counter(row.code_id for row in rows.values() if row.code_id)
        assert not [code for code, times in paid_by.items() if times > 1]
        assert not PaymentCode.objects.filter(id__in=paid_by, state="ISSUED").exists()


def attempt(deed: Callable[[], Any]) -> Any:
    """What the deed gives, or None where it is refused."""
    try:
        return deed()
    except SaomaError:
        return None


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, min_size=1, max_size=12))
def test_every_history_agrees_with_the_model(steps: Sequence[tuple[str, int, int]]) -> None:
    world = World()
    for deed, index, amount_minor in steps:
        world.do(deed, index, amount_minor)
        world.check()
