"""The rows of the agreement methods, and of paying under one."""

from datetime import timedelta

from config.kernel import clock
from merchants.protocol.formats import beijing
from tests.gateway.agreements import cyclic, general, monthly, signed
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

UNKNOWN = "USER_AGREEMENT_NOT_EXIST"
INVALID = "INVALID_PARAMETER"
EACH_WEEK = {
    "period_type": "DAY",
    "period": "7",
    "execute_time": "2030-01-01",
    "single_amount": "15.00",
}
NOWHERE: Content = {"agreement_no": "20260101000000000000"}


def agreed(shop: Shop, buyer: WalletUser) -> Content:
    """An agreement in force."""
    return {"agreement_no": signed(shop, buyer, general())}


def dated(shop: Shop, buyer: WalletUser) -> Content:
    """A later day for an agreement's next debit."""
    rule = monthly(period_type="DAY", period=7)
    number = signed(shop, buyer, cyclic(period_rule_params=rule))
    return {"agreement_no": number, "deduct_time": day_in(40), "memo": "holiday"}


def turning(shop: Shop, buyer: WalletUser) -> Content:
    """An agreement for debits at any time, and the rhythm it is to have."""
    return {
        "agreement_no": signed(shop, buyer, general()),
        "target_product_code": "CYCLE_PAY_AUTH_P",
        "period_rule_params": monthly(single_amount="15.00"),
    }


def day_in(days: int) -> str:
    """A day from now, as the protocol writes it."""
    return beijing(clock.now() + timedelta(days=days))[:10]


def unsigned(shop: Shop, content: Content) -> None:
    """End the agreement of that content."""
    shop.ask("alipay.user.agreement.unsign", agreement_no=content["agreement_no"])


ROWS = {
    "alipay.user.agreement.query": Row(
        agreed, OK, {}, None, UNKNOWN, UNKNOWN, OK, INVALID, NOWHERE, unsigned
    ),
    "alipay.user.agreement.unsign": Row(
        agreed, "AGREEMENT_HAS_UNSIGNED", {}, None, UNKNOWN, None, OK, INVALID, NOWHERE
    ),
    "alipay.user.agreement.executionplan.modify": Row(
        dated,
        OK,
        {"deduct_time": "2020-01-01"},
        INVALID,
        UNKNOWN,
        UNKNOWN,
        OK,
        INVALID,
        NOWHERE,
        unsigned,
    ),
    "alipay.user.agreement.transfer": Row(
        turning,
        OK,
        {"period_rule_params": EACH_WEEK},
        "REQUEST_CONTEXT_INCONSISTENT",
        UNKNOWN,
        UNKNOWN,
        OK,
        INVALID,
        NOWHERE,
        unsigned,
    ),
}
