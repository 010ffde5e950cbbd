"""A day's position is valued once, however many workers try and payments arrive meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from config.kernel import clock
from merchants.exchange.models import FxPayment, FxValuation
from merchants.exchange.usecases.value_positions import value_positions
from tests.factories.exchange import Abroad
from tests.factories.threads import at_once
from wallet.ledger.models import Journal
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_six_workers_value_a_day_once() -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    late = clock.now() + timedelta(days=1)
    assert sum(at_once([partial(value_positions, now=late)] * 6)) == 1
    assert Journal.objects.filter(kind="fx_valuation").count() == 1
    assert FxValuation.objects.filter(due_at__isnull=False).count() == 1
    assert abroad.gain_minor() == 2_36
    assert verify_ledger().passed


def test_workers_of_two_days_and_payments_at_once_end_at_what_the_books_say() -> None:
    abroad = Abroad()
    quotes = [abroad.quote(2_00, f"o-{number}") for number in range(6)]
    days = [clock.now() + timedelta(days=number) for number in (1, 2, 1, 2)]
    acts: list[Callable[[], object]] = [
        *(partial(abroad.take, quote, f"k-{number}") for number, quote in enumerate(quotes)),
        *(partial(value_positions, now=day) for day in days),
    ]
    at_once(acts)
    value_positions(now=clock.now() + timedelta(days=3))
    taken_minor = sum(row.paid_minor for row in FxPayment.objects.all())
    assert abroad.gain_minor() == taken_minor - 6 * 15_70
    changes = FxValuation.objects.values_list("change_minor", flat=True)
    assert sum(changes) == abroad.gain_minor()
    assert verify_ledger().passed
