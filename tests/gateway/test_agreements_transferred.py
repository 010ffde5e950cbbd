"""user.agreement.transfer: debits at any time become debits by period, never wider."""

import pytest

from config.kernel.audit.models import AuditEvent
from tests.gateway.agreements import debit, general, monthly, signed
from tests.gateway.world import Shop, Told, make_shop
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement
from wallet.agreements.usecases.suspend_agreement import suspend_agreement
from wallet.agreements.values import Party

pytestmark = pytest.mark.django_db
METHOD = "alipay.user.agreement.transfer"
TARGET = "CYCLE_PAY_AUTH_P"


def turn(shop: Shop, number: str, **rule: object) -> Told:
    """Ask for an agreement to be debited by period."""
    return shop.ask(
        METHOD,
        agreement_no=number,
        target_product_code=TARGET,
        period_rule_params=monthly(**({"single_amount": "15.00"} | rule)),
    )


def test_debits_follow_the_rhythm_from_then_on(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general())
    told = turn(shop, number).node
    assert (told["amount"], told["period_type"], told["period"]) == ("15.00", "MONTH", "1")
    asked = shop.ask("alipay.user.agreement.query", agreement_no=number).node
    assert (asked["personal_product_code"], asked["next_deduct_time"]) == (
        TARGET,
        told["execute_time"],
    )
    assert debit(shop, number, "15.00").node["code"] == "10000"
    assert debit(shop, number, "1.00").sub_code == "ACQ.CYCLE_PAY_DATE_NOT_MATCH"


def test_the_old_product_debits_nothing_any_more(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general())
    turn(shop, number)
    refused = debit(shop, number, "1.00", product_code="GENERAL_WITHHOLDING")
    assert refused.sub_code == "ACQ.AGREEMENT_INVALID"


def test_nothing_is_taken_that_the_payer_did_not_sign(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general())
    assert turn(shop, number, single_amount="20.01").sub_code == "INVALID_PARAMETER"
    assert turn(shop, number, period=None).sub_code == "INVALID_PARAMETER"
    asked = shop.ask("alipay.user.agreement.query", agreement_no=number).node
    assert asked["personal_product_code"] == "GENERAL_WITHHOLDING_P"


def test_a_total_below_what_was_taken_is_refused(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general())
    assert debit(shop, number, "6.00").node["code"] == "10000"
    assert turn(shop, number, total_amount="5.99").sub_code == "INVALID_PARAMETER"
    assert turn(shop, number, total_amount="6.00").node["total_amount"] == "6.00"


def test_a_suspended_agreement_stays_what_it_is(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general())
    suspend_agreement(
        agreement_id=Agreement.objects.get(number=number).id, by=Party.PAYER, actor="user:x"
    )
    assert turn(shop, number).sub_code == "AGREEMENT_STATUS_NOT_NORMAL"


def test_another_merchants_agreement_does_not_exist(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general())
    assert turn(make_shop("Noodle Bar"), number).sub_code == "USER_AGREEMENT_NOT_EXIST"


def test_what_changed_is_written_down_once(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general())
    turn(shop, number)
    turn(shop, number)
    events = AuditEvent.objects.filter(action="agreement.converted")
    assert events.count() == 1
