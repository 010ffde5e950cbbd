"""value_positions: each day's end states what is owed in a currency anew, in yuan.

Twenty euros are sold for 159.36 at 7.85 with the mark-up; at that rate they are worth 157.00.
"""

from datetime import timedelta

import pytest
from django.test import override_settings

from config.kernel import clock, timetable
from config.kernel.errors import required
from merchants.exchange import values as rates
from merchants.exchange.models import FxPayment, FxValuation
from merchants.exchange.usecases.value_positions import value_positions
from tests.factories.accounts import available_minor
from tests.factories.clock import advance
from tests.factories.exchange import Abroad
from wallet.ledger.models import Journal
from wallet.ledger.queries import balance, trial_balance
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import account_id

pytestmark = pytest.mark.django_db
JOB = "exchange.value"


def set_rate(monkeypatch: pytest.MonkeyPatch, rate_micro: int, currency: str = "EUR") -> None:
    monkeypatch.setitem(rates.LAB_RATES_MICRO, currency, rate_micro)


def stated() -> list[tuple[int, int, int, int]]:
    """Of each day that was valued: open, taken in, gain to date, change; oldest first."""
    rows = FxValuation.objects.filter(valued_at__isnull=False).order_by("day")
    return list(rows.values_list("open_minor", "taken_minor", "gain_minor", "change_minor"))


def journals() -> int:
    return Journal.objects.filter(kind="fx_valuation").count()


def realised_minor() -> int:
    return balance(account_id("fx:gain_loss")).posted_minor


def test_the_mark_up_is_a_gain_and_a_rate_that_rises_a_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    advance(days=1)
    assert (stated(), abroad.gain_minor(), realised_minor()) == (
        [(20_00, 159_36, 2_36, 2_36)], 2_36, 2_36,
    )  # fmt: skip
    set_rate(monkeypatch, 9_000_000)
    advance(days=1)
    assert stated()[1:] == [(20_00, 159_36, -20_64, -23_00)]
    assert (abroad.gain_minor(), realised_minor()) == (-20_64, -20_64)
    assert not any(trial_balance().values())
    assert verify_ledger().passed


def test_a_journal_is_of_one_day_and_currency_and_bears_both() -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    advance(days=1)
    row = FxValuation.objects.get(valued_at__isnull=False)
    journal = Journal.objects.get(id=required(row.journal_id, "it was posted"))
    assert (journal.reference, journal.business_date) == (f"EUR {row.day}", row.day)
    assert row.day == clock.house_day(row.valued_at) - timedelta(days=1)
    assert sorted((one.account.code, one.side, one.currency) for one in journal.entries.all()) == [
        ("fx:gain_loss", "CREDIT", "CNY"),
        ("fx:valuation:EUR", "DEBIT", "CNY"),
    ]


def test_days_that_change_nothing_are_stated_without_a_journal() -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    advance(days=4)
    assert stated() == [(20_00, 159_36, 2_36, 2_36), *[(20_00, 159_36, 2_36, 0)] * 3]
    assert (journals(), abroad.gain_minor()) == (1, 2_36)


def test_running_again_values_no_day_twice() -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    advance(days=1)
    assert value_positions(now=clock.now()) == 0
    assert not timetable.is_due(JOB, clock.now())
    assert (len(stated()), journals(), abroad.gain_minor()) == (1, 1, 2_36)


def test_days_without_a_worker_are_made_up_by_one_statement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    late = clock.now() + timedelta(days=3)
    set_rate(monkeypatch, 7_000_000)
    assert value_positions(now=late) == 1
    assert stated() == [(20_00, 159_36, 19_36, 19_36)]
    waiting = FxValuation.objects.get(valued_at__isnull=True)
    assert waiting.day == clock.house_day(late)
    assert waiting.due_at is not None
    assert waiting.due_at > late


def test_a_refund_at_the_original_rate_takes_the_gain_back_and_leaves_the_payer_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    set_rate(monkeypatch, 9_000_000)
    advance(days=1)
    assert abroad.gain_minor() == -20_64
    abroad.refund(5_00)
    advance(days=1)
    # 159.36 less a quarter of it, less fifteen euros at nine.
    assert stated()[1:] == [(15_00, 119_52, -15_48, 5_16)]
    abroad.refund(15_00, "r-2")
    advance(days=1)
    assert stated()[2:] == [(0, 0, 0, 15_48)]
    assert (abroad.gain_minor(), realised_minor()) == (0, 0)
    assert available_minor(abroad.buyer) == 1_000_00
    assert verify_ledger().passed


def test_a_position_that_is_closed_is_stated_no_more_until_it_is_open_again() -> None:
    abroad = Abroad()
    advance(days=5)
    assert (stated(), FxValuation.objects.count()) == ([], 1)
    abroad.take(abroad.quote(20_00))
    advance(days=1)
    assert stated() == [(20_00, 159_36, 2_36, 2_36)]


def test_each_currency_is_valued_by_itself_and_as_its_position_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paris = Abroad()
    tokyo = Abroad("JPY", shop=paris.shop, buyer=paris.buyer)
    paris.take(paris.quote(20_00))
    tokyo.take(tokyo.quote(2_000, "o-2"))
    set_rate(monkeypatch, 50_000, "JPY")
    advance(days=1)
    gains = dict(
        FxValuation.objects.filter(valued_at__isnull=False).values_list("currency", "gain_minor")
    )
    assert gains == {"EUR": 2_36, "JPY": 97_85 - 100_00}
    assert (paris.gain_minor(), tokyo.gain_minor()) == (2_36, -2_15)
    assert realised_minor() == 21
    rows = FxValuation.objects.filter(valued_at__isnull=False)
    assert {row.currency: row.open_minor for row in rows} == {
        one: paris.position_minor(one) for one in ("EUR", "JPY")
    }
    assert sum(row.taken_minor for row in rows) == -paris.position_minor("CNY")
    assert verify_ledger().passed


def test_without_a_rate_it_is_tried_again_each_hour() -> None:
    abroad = Abroad()
    abroad.take(abroad.quote(20_00))
    late = clock.now() + timedelta(days=1)
    with override_settings(LAB_MODE=False):
        assert value_positions(now=late) == 1
    assert (stated(), journals()) == ([], 0)
    assert FxValuation.objects.get().due_at == late + timedelta(hours=1)
    assert value_positions(now=late + timedelta(hours=1)) == 1
    assert abroad.gain_minor() == 2_36


def test_opening_accounts_plans_a_currency_once() -> None:
    paris = Abroad()
    Abroad(shop=paris.shop, buyer=paris.buyer)
    Abroad(buyer=paris.buyer)
    assert FxValuation.objects.filter(currency="EUR").count() == 1
    assert FxPayment.objects.count() == 0
