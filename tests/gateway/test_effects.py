"""Parameters that do nothing here are named to the developer; channels and lives are honoured."""

from typing import Any

import pytest

from config.kernel import clock
from merchants.acceptance.models import Order
from merchants.diagnosis.effects import ONLY_JUDGED, of_body, without_effect
from merchants.gateway.dispatcher import METHODS
from merchants.protocol.formats import beijing
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
PRECREATE = "alipay.trade.precreate"


def test_members_that_no_form_has_are_named_with_their_place() -> None:
    content: dict[str, Any] = {
        "out_trade_no": "T1",
        "goods_type": "1",
        "qr_pay_mode": "4",
        "goods_detail": [{"goods_id": "G"}, {"goods_id": "H", "colour": "red"}],
        "extend_params": {"hb_fq_num": "3", "card_type": "S0JP0000"},
        "empty": "",
    }
    told = without_effect("alipay.trade.page.pay", content)
    assert told == ["goods_type", "qr_pay_mode", "goods_detail.colour", "extend_params.hb_fq_num"]


def test_a_plain_call_has_none() -> None:
    content = {"out_trade_no": "T1", "total_amount": "1.00", "subject": "茶", "store_id": "S1"}
    assert without_effect("alipay.trade.pay", content) == []
    assert without_effect("no.such.method", {"a": 1}) == []
    assert of_body("alipay.trade.pay", "[") == []


def test_what_is_only_judged_is_a_field_of_some_form() -> None:
    names = {name for method in METHODS.values() for name in _names(method.form, set())}
    assert names >= ONLY_JUDGED


def _names(form: Any, seen: set[Any]) -> set[str]:
    if form in seen:
        return set()
    seen.add(form)
    own = set(form.__dataclass_fields__)
    for field in form.__dataclass_fields__.values():
        if field.metadata["parts"] is not None:
            own |= _names(field.metadata["parts"], seen)
    return own


@pytest.mark.parametrize(
    ("channels", "code"),
    [
        ({"disable_pay_channels": "credit_group,pcredit"}, ""),
        ({"disable_pay_channels": "pcredit, balance"}, "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE"),
        ({"enable_pay_channels": "balance,debitCardExpress"}, ""),
        ({"enable_pay_channels": "pcreditpay"}, "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE"),
    ],
)
def test_channels_are_honoured(
    shop: Shop, buyer: WalletUser, channels: dict[str, str], code: str
) -> None:
    assert shop.pay(fresh_code(buyer), **channels).sub_code == code
    order = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "茶"}
    assert shop.ask(PRECREATE, **order, **channels).sub_code == code


@pytest.mark.parametrize("life", ["5m", "1c"])
def test_a_code_lives_as_long_as_it_was_asked_to(shop: Shop, life: str) -> None:
    order = {"out_trade_no": "L1", "total_amount": "1.00", "subject": "茶"}
    shop.ask(PRECREATE, **order, qr_code_timeout_express=life)
    ends = Order.objects.get(reference="L1").code_expires_at
    if life == "1c":
        assert beijing(ends)[11:] == "00:00:00"
    else:
        assert 0 < (ends - clock.now()).total_seconds() <= 300
