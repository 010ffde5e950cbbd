"""Customs declarations over the gateway."""

import pytest

from merchants.customs.models import CustomsDeclaration
from tests.factories.clock import advance
from tests.gateway.rows_customs import DECLARE, declaring
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
QUERY = "alipay.trade.customs.query"


def records(shop: Shop, *numbers: str) -> list[dict[str, str]]:
    """What the query says of some declarations."""
    listed: list[dict[str, str]] = shop.ask(QUERY, out_request_nos=",".join(numbers)).node[
        "records"
    ]
    return listed


def test_the_office_accepts_a_declaration_in_time(shop: Shop, buyer: WalletUser) -> None:
    content = declaring(shop, buyer)
    shop.ask(DECLARE, **content)
    assert records(shop, content["out_request_no"])[0]["status"] == "sending"
    advance(seconds=6)
    [record] = records(shop, content["out_request_no"])
    assert (record["status"], record["amount"], record["is_split"]) == ("succ", "12.00", "F")


def test_the_office_refuses_a_trade_that_was_refunded(shop: Shop, buyer: WalletUser) -> None:
    content = declaring(shop, buyer)
    shop.ask(DECLARE, **content)
    shop.ask("alipay.trade.refund", trade_no=content["trade_no"], refund_amount="12.00")
    advance(seconds=6)
    [record] = records(shop, content["out_request_no"])
    assert (record["status"], record["customs_result_info"]) == ("fail", "支付单已全额退款")


def test_parts_come_to_no_more_than_was_paid(shop: Shop, buyer: WalletUser) -> None:
    whole = declaring(shop, buyer)
    part = whole | {"is_split": "true", "amount": "8.00", "sub_out_biz_no": "P1"}
    rest = part | {"sub_out_biz_no": "P2", "out_request_no": "R2"}
    assert shop.ask(DECLARE, **part).node["code"] == "10000"
    assert shop.ask(DECLARE, **rest).sub_code == "ACQ.TOTAL_FEE_EXCEED"
    assert shop.ask(DECLARE, **rest | {"amount": "4.00"}).node["code"] == "10000"
    assert CustomsDeclaration.objects.count() == 2


def test_a_part_must_be_named(shop: Shop, buyer: WalletUser) -> None:
    part = declaring(shop, buyer) | {"is_split": "true", "amount": "8.00"}
    assert shop.ask(DECLARE, **part).sub_code == "ACQ.INVALID_PARAMETER"


def test_only_known_offices_take_declarations(shop: Shop, buyer: WalletUser) -> None:
    elsewhere = declaring(shop, buyer) | {"customs_place": "ATLANTIS"}
    assert shop.ask(DECLARE, **elsewhere).sub_code == "ACQ.CUSTOMS_PLACE_ERROR"


def test_a_trade_that_nobody_paid_cannot_be_declared(shop: Shop, buyer: WalletUser) -> None:
    order = {"out_trade_no": "W", "subject": "茶", "total_amount": "12.00"}
    trade = shop.ask("alipay.trade.create", **order, buyer_id=buyer.user_number).node
    waiting = declaring(shop, buyer) | {"trade_no": trade["trade_no"]}
    assert shop.ask(DECLARE, **waiting).sub_code == "ACQ.TRADE_STATUS_ERROR"


def test_numbers_that_stand_for_nothing_are_named(shop: Shop, buyer: WalletUser) -> None:
    node = shop.ask(QUERY, out_request_nos="N1, N2").node
    assert (node["not_found"], node.get("records")) == ("N1,N2", None)
    assert shop.ask(QUERY, out_request_nos=",".join("ABCDEFGHIJK")).sub_code == (
        "ACQ.INVALID_PARAMETER"
    )
