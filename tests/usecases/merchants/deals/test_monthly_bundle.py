"""A bundle whose further months are debited under its buyer's agreement, to the fen."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from merchants.deals import rules
from merchants.deals.models import Deal
from merchants.deals.usecases.move_due import move_due
from merchants.deals.usecases.move_money import held_for
from merchants.deals.usecases.take_offer import take_offer
from merchants.deals.values import DealParty, DealState, PolicyName
from tests.factories.accounts import available_minor, fund
from tests.factories.bundles import Subscription
from tests.factories.deals import move, offer, pass_time, pay
from tests.factories.settlement import make_merchant, make_payer
from wallet.agreements.models import Agreement
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import Party, Terms
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.public import AgreementUnknown, payment_by_reference

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STATE = DealState


def test_three_months_cost_what_was_used_partly_all_and_nothing() -> None:
    town = Subscription()
    start = town.deal.due_at
    assert start is not None
    for number in ("M1", "M2", "M3"):
        town.ride(number)
    assert (available_minor(town.buyer), held_for(town.deal)) == (160_00, 34_00)
    pass_time(days=30)
    # 34.00 of the first month came back, 40.00 of the second wait.
    assert (town.state(), held_for(town.deal)) == (STATE.ACTIVE, 40_00)
    assert available_minor(town.buyer) == 154_00
    assert town.deal.due_at == start + timedelta(days=30)
    assert town.uses() == (0, 20)
    for ride in range(20):
        town.ride(f"N{ride}")
    with pytest.raises(rules.EntitlementUsedUp):
        town.ride("N20")
    assert (town.rides_paid_minor(), held_for(town.deal)) == (46_00, 0)
    pass_time(days=30)
    assert (town.state(), held_for(town.deal), town.uses()) == (STATE.ACTIVE, 40_00, (0, 20))
    assert available_minor(town.buyer) == 114_00
    pass_time(days=30)
    # The third month was used by nobody: all of it came back, and the fourth waits.
    assert (available_minor(town.buyer), town.rides_paid_minor()) == (114_00, 46_00)
    assert list(town.deal.payments.values_list("stage", "amount_minor")) == [
        ("price", 40_00), ("term2", 40_00), ("term3", 40_00), ("term4", 40_00),
    ]  # fmt: skip
    assert town.moves()[2:6] == [
        ("renew", "PAST_DUE", 34_00), ("pay", "ACTIVE", 0),
        ("renew", "PAST_DUE", 0), ("pay", "ACTIVE", 0),
    ]  # fmt: skip
    move(town.deal, "cancel", DealParty.BUYER)
    assert (town.state(), available_minor(town.buyer)) == (STATE.CANCELLED, 154_00)
    assert verify_ledger().passed


def test_what_partners_keep_of_a_month_is_theirs_each_month() -> None:
    town = Subscription(breakage_to_partners=True)
    town.ride("M1")
    pass_time(days=30)
    assert (town.rides_paid_minor(), available_minor(town.buyer)) == (40_00, 120_00)
    pass_time(days=30)
    assert (town.rides_paid_minor(), available_minor(town.buyer)) == (80_00, 80_00)
    assert (town.state(), held_for(town.deal)) == (STATE.ACTIVE, 40_00)
    assert verify_ledger().passed


def test_a_fee_that_is_short_is_past_due_and_paid_on_the_third_day_for_the_same_term() -> None:
    town = Subscription(money_minor=40_00)
    start = town.deal.due_at
    assert start is not None
    for number in range(20):
        town.ride(f"M{number}")
    pass_time(days=30)
    assert (town.state(), held_for(town.deal)) == (STATE.PAST_DUE, 0)
    with pytest.raises(rules.DealStateForbids):
        town.ride("N1")
    pass_time(days=2)
    fund(town.buyer, 50_00)
    assert (town.state(), available_minor(town.buyer)) == (STATE.PAST_DUE, 50_00)
    pass_time(days=1, seconds=5)
    assert (town.state(), available_minor(town.buyer)) == (STATE.ACTIVE, 10_00)
    assert town.deal.due_at == start + timedelta(days=30)
    town.ride("N1")
    assert [name for name, _, _ in town.moves()[2:]] == [
        "renew", "insufficient_funds", "insufficient_funds", "insufficient_funds", "pay",
    ]  # fmt: skip
    assert verify_ledger().passed


def test_seven_days_without_money_end_it_and_nothing_is_owed() -> None:
    town = Subscription(money_minor=40_00)
    for number in range(20):
        town.ride(f"M{number}")
    pass_time(days=36, hours=23)
    assert town.state() == STATE.PAST_DUE
    pass_time(hours=1, minutes=1)
    assert (town.state(), town.deal.due_at, town.deal.holds_seat) == (STATE.CANCELLED, None, False)
    assert town.moves()[-1] == ("insufficient_funds", "CANCELLED", 0)
    assert len(town.moves()) == 2 + 1 + 8
    fund(town.buyer, 50_00)
    pass_time(days=30)
    assert (available_minor(town.buyer), town.state()) == (50_00, STATE.CANCELLED)
    assert town.deal.payments.count() == 1
    assert verify_ledger().passed


def test_a_buyer_who_cancels_past_due_gets_nothing_back_and_is_asked_no_more() -> None:
    town = Subscription(money_minor=40_00)
    for number in range(20):
        town.ride(f"M{number}")
    pass_time(days=31)
    assert town.state() == STATE.PAST_DUE
    fund(town.buyer, 50_00)
    move(town.deal, "cancel", DealParty.BUYER)
    pass_time(days=9)
    assert (town.state(), available_minor(town.buyer)) == (STATE.CANCELLED, 50_00)
    assert town.moves()[-1] == ("cancel", "CANCELLED", 0)


def test_an_agreement_that_was_unsigned_ends_it_at_the_terms_end() -> None:
    town = Subscription()
    town.ride("M1")
    unsign_agreement(agreement_id=town.agreement.id, by=Party.PAYER, actor="user:li")
    town.ride("M2")
    pass_time(days=30)
    assert town.state() == STATE.CANCELLED
    assert town.moves()[-2:] == [("renew", "PAST_DUE", 36_00), ("agreement_ended", "CANCELLED", 0)]
    assert (available_minor(town.buyer), held_for(town.deal)) == (196_00, 0)
    assert verify_ledger().passed


@pytest.mark.parametrize(
    ("terms", "months", "code"),
    [
        (Terms(single_minor=39_99), 0, "single_limit_exceeded"),
        (Terms(total_minor=119_99), 2, "total_limit_exceeded"),
        (Terms(total_payments=1), 1, "payments_limit_exceeded"),
    ],
)
def test_a_cap_ends_it_with_its_name_in_the_timeline(terms: Terms, months: int, code: str) -> None:
    town = Subscription(terms=terms)
    pass_time(days=30 * (months + 1))
    assert (town.state(), town.moves()[-1]) == (STATE.CANCELLED, (code, "CANCELLED", 0))
    assert (town.deal.payments.count(), available_minor(town.buyer)) == (1 + months, 200_00)


def test_the_job_that_runs_twice_debits_once() -> None:
    town = Subscription()
    Deal.objects.update(due_at=clock.now())
    assert [move_due(now=clock.now()) for _ in range(3)] == [1, 0, 0]
    assert (town.state(), available_minor(town.buyer)) == (STATE.ACTIVE, 160_00)
    payment_id = town.deal.payments.get(stage="term2").payment_id
    trade = payment_by_reference(payee_id=town.shop.id, reference=f"{town.deal.id.hex}-term2")
    assert trade is not None
    assert (trade.id, trade.amount_minor) == (payment_id, 40_00)
    assert Agreement.objects.get(id=town.agreement.id).debits == 1


def test_after_a_long_pause_nobody_pays_for_a_term_that_went_by() -> None:
    town = Subscription()
    ends = town.deal.due_at
    assert ends is not None
    # As if no job had run for eight days.
    Deal.objects.update(due_at=ends - timedelta(days=38))
    pass_time(seconds=1)
    assert (town.state(), town.moves()[-1][0]) == (STATE.CANCELLED, "deal_too_late")
    assert available_minor(town.buyer) == 200_00


def test_a_change_of_plan_carries_its_own_agreement() -> None:
    town = Subscription()
    ends = town.deal.due_at
    assert ends is not None
    large = take_offer(
        offer_id=town.plan(30).id, buyer_id=town.buyer.id, reference="LARGE",
        replaces_id=town.deal.id, agreement_number=town.agreement.number,
    )  # fmt: skip
    pay(large, "price")
    assert (town.state(), available_minor(town.buyer)) == (STATE.CANCELLED, 140_00)
    pass_time(days=30)
    large.refresh_from_db()
    assert (large.state, large.due_at) == (STATE.ACTIVE, ends + timedelta(days=30))
    assert (available_minor(town.buyer), large.payments.count()) == (140_00, 2)


def test_a_plan_that_takes_the_place_of_one_past_due_ends_it() -> None:
    town = Subscription(money_minor=70_00)
    for number in range(20):
        town.ride(f"M{number}")
    pass_time(days=29, hours=23, minutes=50)
    small = take_offer(offer_id=town.plan(15).id, buyer_id=town.buyer.id, reference="SMALL",
                       replaces_id=town.deal.id)  # fmt: skip
    pass_time(minutes=11)
    assert (town.state(), available_minor(town.buyer)) == (STATE.PAST_DUE, 30_00)
    pay(small, "price")
    assert (town.state(), town.moves()[-1]) == (STATE.CANCELLED, ("change_plan", "CANCELLED", 0))
    assert (small.state, available_minor(town.buyer)) == (STATE.ACTIVE, 0)
    pass_time(days=3)
    assert town.deal.payments.count() == 1


def test_only_the_buyers_agreement_with_the_seller_in_force_pays_a_bundle() -> None:
    town = Subscription()
    facts: dict[str, Any] = {"offer_id": town.row.id, "buyer_id": town.buyer.id}
    number = town.agreement.number
    with pytest.raises(rules.OfferTaken):
        take_offer(**facts, reference=town.deal.reference)
    with pytest.raises(AgreementUnknown):
        take_offer(offer_id=town.row.id, buyer_id=make_payer(1).id, reference="X",
                   agreement_number=number)  # fmt: skip
    share = {"partner": town.metro.merchant_number, "name": "x", "uses": 1, "amount_minor": 1_00}
    other = offer(make_merchant(), PolicyName.BUNDLE, 1_00, shares=[share])
    service = offer(town.shop, PolicyName.SERVICE, 1_00)
    for row, refusal in ((other, AgreementUnknown), (service, rules.OfferInvalid)):
        with pytest.raises(refusal):
            take_offer(offer_id=row.id, buyer_id=town.buyer.id, reference="X",
                       agreement_number=number)  # fmt: skip
    unsign_agreement(agreement_id=town.agreement.id, by=Party.PAYER, actor="user:li")
    with pytest.raises(AgreementUnknown):
        take_offer(**facts, reference="Y", agreement_number=number)
