"""Captures, freezes and releases at the same moment, on PostgreSQL."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.errors import SaomaError
from tests.factories.accounts import available_minor, fund, make_user
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
from tests.factories.payments import Shop, fresh_code
from tests.factories.threads import outcomes_at_once
from wallet.authorisations.models import Authorisation
from wallet.authorisations.usecases.collect_arrears import collect_arrears
from wallet.authorisations.usecases.expire_authorisations import expire_authorisations
from wallet.authorisations.usecases.hold_by_code import hold_by_code
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def race(acts: Sequence[Callable[[], Any]]) -> Counter[str]:
    """Do all at once; count refusals by code and successes as `done`."""
    results = outcomes_at_once(acts)
    return Counter(one.code if isinstance(one, SaomaError) else "done" for one in results)


def test_of_two_captures_that_do_not_both_fit_one_wins() -> None:
    guest, hotel = make_user(balance_minor=800_00), Shop()
    stay = agreed(hotel, guest)
    results = race([partial(capture, hotel, stay, 500_00) for _ in range(2)])
    assert results == {"done": 1, "authorisation_exceeded": 1}
    assert (hotel.balance_minor(), held_minor(guest)) == (500_00, 300_00)


def test_same_capture_many_times_pays_once() -> None:
    guest, hotel = make_user(balance_minor=800_00), Shop()
    stay = agreed(hotel, guest)
    bill = partial(capture, hotel, stay, 100_00, reference="BILL")
    assert race([bill] * 8) == {"done": 8}
    assert (hotel.balance_minor(), held_minor(guest)) == (100_00, 700_00)


def test_captures_and_releases_never_give_more_than_there_was() -> None:
    guest, hotel = make_user(balance_minor=800_00), Shop()
    stay = agreed(hotel, guest)
    acts: list[Callable[[], Any]] = [partial(capture, hotel, stay, 100_00) for _ in range(6)]
    acts += [partial(unfreeze, stay, 100_00) for _ in range(6)]
    assert race(acts)["done"] == 8
    row = stored(stay)
    assert (row.held_minor, row.captured_minor + row.released_minor) == (0, 800_00)
    assert available_minor(guest) + hotel.balance_minor() == 800_00
    assert verify_ledger().passed


def test_same_freeze_many_times_freezes_once() -> None:
    guest, hotel = make_user(balance_minor=1_000_00), Shop()
    request = asking(hotel)
    codes = [fresh_code(guest) for _ in range(6)]
    acts = [partial(hold_by_code, request=request, code=code) for code in codes]
    assert race(acts) == {"done": 6}
    assert (held_minor(guest), Authorisation.objects.count()) == (800_00, 1)


def test_nobody_is_vouched_for_beyond_the_limit_by_freezing_at_once() -> None:
    guest, hotel = make_trusted(points=640), Shop()
    acts = [partial(agreed, hotel, guest, 500_00) for _ in range(8)]
    assert race(acts) == {"done": 4, "insufficient_funds": 4}
    assert exposure_minor(guest) == 2_000_00


def test_money_that_is_frozen_is_not_frozen_twice() -> None:
    guest, hotel = make_user(balance_minor=1_000_00), Shop()
    acts = [partial(agreed, hotel, guest, 400_00) for _ in range(6)]
    assert race(acts) == {"done": 2, "insufficient_funds": 4}
    assert held_minor(guest) == 800_00


def test_capture_and_expiry_at_once_leave_nothing_held() -> None:
    guest, hotel = make_user(balance_minor=800_00), Shop()
    stay = agreed(hotel, guest)
    later(days=30, seconds=1)
    at = clock.now()
    results = race([partial(capture, hotel, stay, 100_00), partial(expire_authorisations, at=at)])
    assert results == {"authorisation_closed": 1, "done": 1}
    expire_authorisations(at=at)  # The job passes over a row that is held, and comes again.
    assert (held_minor(guest), available_minor(guest)) == (0, 800_00)


def test_arrears_are_collected_once() -> None:
    guest, hotel = make_trusted(points=640), Shop()
    capture(hotel, agreed(hotel, guest, 400_00), 400_00)
    fund(guest, 500_00)
    race([partial(collect_arrears, payer_id=guest.id) for _ in range(6)])
    assert (arrears_minor(guest), available_minor(guest)) == (0, 100_00)
    assert verify_ledger().passed
