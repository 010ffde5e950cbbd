"""Any history of freezing, capturing, giving back, cancelling and expiring adds up.

A model beside it knows what each authorisation has left. After every step the books say
the same, nobody has less than nothing, and at the end nothing is held or vouched for.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel import clock
from config.kernel.errors import SaomaError
from tests.factories.accounts import available_minor, fund
from tests.factories.authorisations import (
    agreed,
    arrears_minor,
    asking,
    capture,
    exposure_minor,
    held_minor,
    make_trusted,
    stored,
    unfreeze,
)
from tests.factories.clock import later
from tests.factories.payments import Shop
from wallet.authorisations.models import Authorisation
from wallet.authorisations.usecases.cancel_hold import cancel_hold
from wallet.authorisations.usecases.collect_arrears import collect_arrears
from wallet.authorisations.usecases.expire_authorisations import (
    expire_authorisations,
    expire_waiting,
)
from wallet.authorisations.usecases.request_hold import request_hold
from wallet.authorisations.values import AuthorisationView
from wallet.ledger.queries import trial_balance
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
START_MINOR = 300_00

DEEDS = ["freeze", "freeze", "add", "ask", "capture", "capture", "complete", "unfreeze"]
DEEDS += ["cancel", "fund", "wait", "expire"]
step = st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(1, 900_00))


@dataclass
class World:
    """A trusted customer, a hotel, and what the customer has brought in."""

    guest: Any = field(default_factory=lambda: make_trusted(balance_minor=START_MINOR, points=640))
    hotel: Shop = field(default_factory=Shop)
    brought_minor: int = START_MINOR
    given: list[AuthorisationView] = field(default_factory=list)
    left: dict[Any, int] = field(default_factory=dict)

    def do(self, deed: str, index: int, amount_minor: int) -> None:
        """Take one step; what a rule refuses must change nothing."""
        if deed in {"freeze", "ask", "fund", "wait", "expire"}:
            getattr(self, deed)(amount_minor)
        elif self.given:
            getattr(self, deed)(self.given[index % len(self.given)], amount_minor)

    def freeze(self, amount_minor: int) -> None:
        done = attempt(lambda: agreed(self.hotel, self.guest, amount_minor))
        if done is not None:
            self.given.append(done)
            self.left[done.id] = amount_minor

    def ask(self, amount_minor: int) -> None:
        request = asking(self.hotel, amount_minor)
        attempt(lambda: request_hold(request=request, payer_id=self.guest.id))

    def add(self, one: AuthorisationView, amount_minor: int) -> None:
        more = attempt(
            lambda: agreed(self.hotel, self.guest, amount_minor, reference=one.reference)
        )
        if more is not None:
            self.left[one.id] += amount_minor

    def capture(self, one: AuthorisationView, amount_minor: int) -> None:
        fits = self.left[one.id] >= amount_minor
        done = attempt(lambda: capture(self.hotel, one, amount_minor))
        assert (done is not None) is fits
        self.left[one.id] -= amount_minor if fits else 0

    def complete(self, one: AuthorisationView, amount_minor: int) -> None:
        if attempt(lambda: capture(self.hotel, one, amount_minor, complete=True)) is not None:
            self.left[one.id] = 0

    def unfreeze(self, one: AuthorisationView, amount_minor: int) -> None:
        fits = self.left[one.id] >= amount_minor
        assert (attempt(lambda: unfreeze(one, amount_minor)) is not None) is fits
        self.left[one.id] -= amount_minor if fits else 0

    def cancel(self, one: AuthorisationView, amount_minor: int) -> None:
        first = stored(one).operations.filter(kind="FREEZE")[0]
        attempt(lambda: cancel_hold(authorisation_id=one.id, number=first.number))
        row = stored(one)
        self.left[one.id] = row.held_minor + row.waived_minor

    def fund(self, amount_minor: int) -> None:
        fund(self.guest, amount_minor)
        self.brought_minor += amount_minor
        collect_arrears(payer_id=self.guest.id)

    def wait(self, amount_minor: int) -> None:
        later(minutes=20)
        expire_waiting(at=clock.now())

    def expire(self, amount_minor: int) -> None:
        later(days=30, seconds=1)
        expire_authorisations(at=clock.now())
        self.left = dict.fromkeys(self.left, 0)

    def check(self) -> None:
        """The books agree with the model, and money is neither made nor lost."""
        rows = {row.id: row for row in Authorisation.objects.filter(payer_id=self.guest.id)}
        for one, left_minor in self.left.items():
            assert rows[one].held_minor + rows[one].waived_minor == left_minor
        held = sum(row.held_minor for row in rows.values())
        assert held_minor(self.guest) == held
        assert exposure_minor(self.guest) == sum(row.waived_minor for row in rows.values())
        assert exposure_minor(self.guest) <= 2_000_00
        assert available_minor(self.guest) >= 0
        owned = available_minor(self.guest) + held - arrears_minor(self.guest)
        assert owned + self.hotel.balance_minor() == self.brought_minor
        assert set(trial_balance().values()) == {0}


def attempt(act: Callable[[], Any]) -> Any:
    """The result, or None for a refusal."""
    try:
        return act()
    except SaomaError:
        return None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(step, max_size=12))
def test_every_history_adds_up(steps: list[tuple[str, int, int]]) -> None:
    world = World()
    for deed, index, amount_minor in steps:
        world.do(deed, index, amount_minor)
        world.check()
    world.expire(0)
    world.check()
    assert (held_minor(world.guest), exposure_minor(world.guest)) == (0, 0)
    assert verify_ledger().passed
