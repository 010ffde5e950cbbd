"""Face tokens and consent codes at the same moment: each is used once."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.consents.models import GrantToken
from merchants.consents.usecases.exchange_code import exchange_code
from merchants.consents.values import GrantKind
from merchants.faces.usecases.issue_token import issue_token
from merchants.faces.usecases.pay_by_face import pay_by_face
from merchants.onboarding.queries import app_credentials
from tests.factories.accounts import available_minor, make_user
from tests.factories.merchants import make_sale
from tests.factories.threads import outcomes_at_once
from tests.gateway.rows_faces import make_terminal
from tests.gateway.rows_oauth import consented
from tests.gateway.world import make_shop
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_one_face_token_pays_one_order() -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    token = make_terminal(shop).token(buyer)
    seller = app_credentials(shop.app.app_number)
    assert seller is not None
    acts = [
        partial(pay_by_face, sale=make_sale(seller, reference=f"R{number}"), token=token)
        for number in range(6)
    ]
    said = outcomes_at_once(acts)
    codes = sorted(one.code for one in said if isinstance(one, SaomaError))
    assert codes == ["face_token_used"] * 5
    paid = next(one for one in said if not isinstance(one, SaomaError))
    assert available_minor(buyer) == 100_00 - paid.payment.amount_minor
    assert verify_ledger().passed


def test_one_assertion_gives_one_token() -> None:
    shop, buyer = make_shop(), make_user()
    terminal = make_terminal(shop)
    terminal.token(buyer)
    look = terminal.sees(buyer)
    said = outcomes_at_once([partial(issue_token, assertion=look) for _ in range(6)])
    codes = [one.code for one in said if isinstance(one, SaomaError)]
    assert codes == ["assertion_replayed"] * 5


def test_one_code_gives_one_pair_of_tokens_and_ends_it_when_it_comes_again() -> None:
    shop, citizen = make_shop(), make_user()
    code = consented(shop, citizen)
    act = partial(exchange_code, app_number=shop.app.app_number, code=code, kind=GrantKind.CITIZEN)
    said = outcomes_at_once([act] * 6)
    assert sum(not isinstance(one, SaomaError) for one in said) == 1
    assert GrantToken.objects.get().revoked_at is not None
