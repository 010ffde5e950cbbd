"""Two agreements of one kind between the same two are told apart, or refused."""

import pytest

from tests.gateway.agreements import cyclic, fill_in, offered, signed
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
QUERY, UNSIGN = "alipay.user.agreement.query", "alipay.user.agreement.unsign"


def test_a_second_one_without_a_number_of_its_own_is_refused(shop: Shop, buyer: WalletUser) -> None:
    signed(shop, buyer, cyclic())
    assert fill_in(offered(shop, cyclic()), buyer).status_code == 422


def test_two_with_numbers_are_named_by_them_and_never_confused(
    shop: Shop, buyer: WalletUser
) -> None:
    first, second = (
        signed(shop, buyer, cyclic(external_agreement_no=number)) for number in ("A", "B")
    )
    content = cyclic()
    facts = {name: content[name] for name in ("personal_product_code", "sign_scene")}
    facts["alipay_user_id"] = buyer.user_number
    for method in (QUERY, UNSIGN):
        refused = shop.ask(method, **facts)
        assert refused.sub_code == "INVALID_PARAMETER"
        assert "external_agreement_no" in refused.node["sub_msg"]
    assert shop.ask(QUERY, **facts, external_agreement_no="A").node["agreement_no"] == first
    shop.ask(UNSIGN, **facts, external_agreement_no="A")
    assert shop.ask(QUERY, **facts).node["agreement_no"] == second
