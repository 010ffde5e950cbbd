"""What merchants ask before a sale and say after it, over the gateway."""

import pytest

from tests.factories.accounts import available_minor
from tests.factories.authorisations import held_minor, make_trusted
from tests.gateway.hotels import check_out, freeze
from tests.gateway.rows_trade_advice import SYNC, captured
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
CONSULT = "alipay.trade.advance.consult"


def test_the_rate_leaves_the_fee_to_the_platform(shop: Shop) -> None:
    node = shop.ask("alipay.trade.royalty.rate.query", out_request_no="R").node
    fee_bps = shop.merchant.fee_bps
    assert float(node["max_ratio"]) == pytest.approx((10_000 - fee_bps) / 100)
    assert node["user_id"] == shop.merchant.merchant_number


def test_a_merchant_is_told_what_is_owed_for_its_own_sales_alone(shop: Shop) -> None:
    guest, other = make_trusted(points=640), make_shop("Noodle Bar")
    waived = freeze(shop, guest, deposit_product_mode="POSTPAY")
    check_out(shop, waived.node["auth_no"])
    own = shop.ask(CONSULT, alipay_user_id=guest.user_number).node
    assert (own["refer_result"], own["wait_repayment_order_count"]) == ("false", "1")
    assert own["wait_repayment_amount"] == "420.00"
    others = other.ask(CONSULT, alipay_user_id=guest.user_number).node
    assert (others["refer_result"], others["wait_repayment_amount"]) == ("true", "0.00")


def test_a_kept_promise_gives_the_rest_of_the_deposit_back(shop: Shop, buyer: WalletUser) -> None:
    content = captured(shop, buyer)
    before_minor = available_minor(buyer)
    rest_minor = held_minor(buyer)
    assert rest_minor > 0
    shop.ask(SYNC, **content)
    assert (held_minor(buyer), available_minor(buyer)) == (0, before_minor + rest_minor)


def test_a_sale_without_a_deposit_has_no_promise_to_end(shop: Shop, buyer: WalletUser) -> None:
    number = shop.sold(buyer)
    trade_no = shop.ask("alipay.trade.query", out_trade_no=number).node["trade_no"]
    content = {"trade_no": trade_no, "out_request_no": "S", "biz_type": "CREDIT_AUTH"}
    answer = shop.ask(SYNC, **content, order_biz_info={"status": "COMPLETE"})
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"
