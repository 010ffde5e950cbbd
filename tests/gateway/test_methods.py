"""Every method under the same five questions; a method without its row fails.

What happens when a call is repeated, repeated with other content, about something
unknown, in the wrong state, or made by a merchant who may not: one row a method.
"""

import pytest

from merchants.gateway.dispatcher import METHODS
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from tests.gateway.methods import ROWS
from tests.gateway.rows import OK, Content
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HAVING = {
    case: [name for name, row in ROWS.items() if getattr(row, case) is not None]
    for case in ("changed", "unknown", "wrong_state")
}


def ask(shop: Shop, method: str, content: Content) -> str:
    """Call a method; gives its refusal's code, or its own."""
    answer = shop.ask(method, **content)
    return answer.sub_code or str(answer.node.get("code", OK))


def test_every_method_has_its_row() -> None:
    """Page methods answer a browser: test_cashier.py holds them to the same."""
    assert set(ROWS) == {name for name, method in METHODS.items() if not method.page}


@pytest.mark.parametrize("method", ROWS)
def test_repeat_is_safe(shop: Shop, buyer: WalletUser, method: str) -> None:
    content = ROWS[method].content(shop, buyer)
    assert ask(shop, method, content) == OK
    assert ask(shop, method, content) == ROWS[method].repeat


@pytest.mark.parametrize("method", HAVING["changed"])
def test_repeat_with_other_content_is_refused(shop: Shop, buyer: WalletUser, method: str) -> None:
    content = ROWS[method].content(shop, buyer)
    ask(shop, method, content)
    assert ask(shop, method, content | ROWS[method].change) == ROWS[method].changed


@pytest.mark.parametrize("method", HAVING["unknown"])
def test_unknown_object_is_said_to_be_unknown(shop: Shop, buyer: WalletUser, method: str) -> None:
    content = ROWS[method].content(shop, buyer) | ROWS[method].stranger
    assert ask(shop, method, content) == ROWS[method].unknown


@pytest.mark.parametrize("method", HAVING["wrong_state"])
def test_wrong_state_is_refused(shop: Shop, buyer: WalletUser, method: str) -> None:
    content = ROWS[method].content(shop, buyer)
    ask(shop, method, content)
    ROWS[method].spoil(shop, content)
    assert ask(shop, method, content) == ROWS[method].wrong_state


@pytest.mark.parametrize("method", ROWS)
def test_suspended_merchant_ends_trades_but_makes_none(
    shop: Shop, buyer: WalletUser, method: str
) -> None:
    content = ROWS[method].content(shop, buyer)
    suspend_merchant(merchant_id=shop.merchant.id, actor="operator:mia", reason="test")
    assert ask(shop, method, content) == ROWS[method].suspended


@pytest.mark.parametrize("method", ROWS)
def test_failures_carry_the_fields_their_method_declares(shop: Shop, method: str) -> None:
    node = shop.ask(method).node
    expected = {name: value for name, value in METHODS[method].failure if value}
    assert node.get("sub_code", node["code"]) == ROWS[method].empty
    assert expected.items() <= node.items()
