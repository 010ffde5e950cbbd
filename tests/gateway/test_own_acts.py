"""What the platform does by itself, the merchant hears of: a table, and each of its lines."""

from typing import Any

import pytest

from config.kernel import timetable
from config.kernel.outbox import relay
from config.kernel.outbox.consumers import consumers_of
from merchants.exposure.usecases.collect_debt import collect_debt
from merchants.notifications.models import Notification
from merchants.notifications.own_acts import MESSAGES, TOLD
from merchants.notifications.tasks import NAME
from tests.factories.clock import advance
from tests.factories.exposure import put_into_debt
from tests.factories.funds import give_balance
from tests.factories.settlement import make_merchant, make_payer, noon, sell
from tests.gateway.agreements import cyclic, debit, general, monthly, signed
from tests.gateway.hotels import freeze
from tests.gateway.world import Shop, fresh_code
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement
from wallet.agreements.usecases.plan_debits import set_plan

pytestmark = pytest.mark.django_db
TOPICS = sorted(TOLD)
# The kernel's own jobs, and the health code's, which no merchant may hear of.
NOT_OURS = ("approvals.", "audit.", "health.", "idempotency.", "limits.")


def told(topic: str) -> dict[str, Any]:
    """What the one notification of a topic says."""
    relay.drain()
    return dict(Notification.objects.get(topic=topic).params)


def test_every_job_of_the_timetable_says_what_it_tells_merchants() -> None:
    says = {name: timetable.tells(name) for name in timetable.names()}
    assert {name for name in says if not says[name]} == {n for n in says if n.startswith(NOT_OURS)}
    topics = {topic for tells in says.values() if not isinstance(tells, str) for topic in tells}
    assert topics <= TOLD


@pytest.mark.parametrize("topic", TOPICS)
def test_everything_told_becomes_a_notification(topic: str) -> None:
    assert NAME in {consumer.name for consumer in consumers_of(topic)}


def test_a_trade_released_by_itself_is_told(shop: Shop, buyer: WalletUser) -> None:
    info = {"settle_period_time": "1d"}
    trade = shop.pay(fresh_code(buyer), amount="100.00", settle_info=info).node
    relay.drain()
    advance(days=1, minutes=1)
    message = told("escrow.released")
    assert message["msg_method"] == MESSAGES["escrow.released"]
    assert trade["trade_no"] in message["biz_content"]


def test_a_trade_that_the_merchant_confirmed_is_not_told_again(
    shop: Shop, buyer: WalletUser
) -> None:
    trade = shop.pay(fresh_code(buyer), amount="100.00", settle_info={"x": "y"}).node
    shop.ask("alipay.trade.settle.confirm", trade_no=trade["trade_no"], out_request_no="C")
    relay.drain()
    assert not Notification.objects.filter(topic="escrow.released").exists()


@pytest.mark.slow
def test_a_plan_that_fails_and_the_stop_of_its_agreement_are_told(
    shop: Shop, buyer: WalletUser
) -> None:
    number = signed(shop, buyer, cyclic(period_rule_params=monthly(single_amount=2_000)))
    agreement = Agreement.objects.get(number=number)
    set_plan(agreement_id=agreement.id, amount_minor=2_000_00, description="membership")
    advance(days=12)
    failed, stopped = told("agreement.debit_failed"), told("agreement.suspended")
    assert number in failed["biz_content"]
    assert "2000.00" in failed["biz_content"]
    assert number in stopped["biz_content"]


@pytest.mark.slow
def test_a_debit_left_for_later_that_is_given_up_is_told(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general(period_rule_params={"single_amount": "2000.00"}))
    debit(shop, number, "2000.00", is_async_pay=True, out_trade_no="LATER")
    advance(days=8)
    closed = told("payment.closed")
    assert (closed["out_trade_no"], closed["trade_status"]) == ("LATER", "TRADE_CLOSED")


def test_a_freeze_that_nobody_agreed_to_is_told(hotel: Shop, guest: WalletUser) -> None:
    asked = freeze(hotel, guest, amount="5000.00").node
    assert asked["status"] == "INIT"
    advance(minutes=20)
    closed = told("authorisation.closed")
    assert (closed["notify_type"], closed["status"]) == ("fund_auth_freeze", "CLOSED")
    assert closed["auth_app_id"] == hotel.app.app_number


def test_a_debt_taken_and_a_payout_sent_back_are_told() -> None:
    noon()
    closed, payer = make_merchant(payout_account="6222020200012391"), make_payer()
    put_into_debt(closed, 30_00, payer=payer)
    give_balance(closed, 10_00)
    collect_debt(closed)
    assert '"amount":"10.00"' in told("merchant_debt.collected")["biz_content"]
    sell(closed, 100_00, payer=payer)
    advance(days=1)
    assert '"reason"' in told("payout.returned")["biz_content"]
