"""What somebody bought is read at one merchant, for one purpose, as long as they let it be."""

import json

import pytest
from rest_framework.test import APIClient

from config.kernel.audit.models import AuditEvent
from config.kernel.outbox import relay
from merchants.consents.models import Grant
from merchants.consents.rules import PurposeMissing
from merchants.consents.usecases.give_consent import give_consent
from merchants.consents.values import Scope
from merchants.notifications.models import Notification
from tests.factories.clock import advance
from tests.gateway.rows_oauth import TOKEN, taken_back
from tests.gateway.world import Shop, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PURPOSE = "recommend a tea"
READ = (Scope.IDENTITY, Scope.HISTORY)


def token_for(shop: Shop, buyer: WalletUser, *scopes: Scope, purpose: str = PURPOSE) -> str:
    code = give_consent(
        app_number=shop.app.app_number, user_id=buyer.id, scopes=scopes or READ, purpose=purpose
    )
    answer = shop.ask(TOKEN, grant_type="authorization_code", code=code)
    return str(answer.node["access_token"])


def buy(shop: Shop, buyer: WalletUser, subject: str) -> None:
    shop.ask(
        "alipay.trade.pay",
        out_trade_no=new_order(),
        total_amount="12.00",
        subject=subject,
        scene="bar_code",
        auth_code=fresh_code(buyer),
    )


def read(token: str) -> tuple[int, dict[str, object]]:
    answer = APIClient().get("/api/v1/consented-history", headers={"x-access-token": token})
    return answer.status_code, answer.json()


def test_reads_purchases_here_and_nowhere_else_and_keeps_each_look(
    shop: Shop, buyer: WalletUser
) -> None:
    buy(shop, buyer, "Too long ago")
    advance(days=91)
    buy(shop, buyer, "Tea")
    buy(make_shop("Bookshop"), buyer, "A novel")
    status, history = read(token_for(shop, buyer))
    assert (status, history["purpose"]) == (200, PURPOSE)
    purchases = history["purchases"]
    assert isinstance(purchases, list)
    assert [(row["subject"], row["amount"]) for row in purchases] == [("Tea", "12.00")]
    assert AuditEvent.objects.get(action="consent.history_read").purpose == PURPOSE


def test_neither_another_scope_nor_an_older_token_opens_the_history(
    shop: Shop, buyer: WalletUser
) -> None:
    before = token_for(shop, buyer, Scope.IDENTITY, purpose="")
    token_for(shop, buyer)
    assert read(before)[0] == 403
    assert read("")[0] == 401


def test_what_is_taken_back_is_closed_at_once_and_the_app_is_told(
    shop: Shop, buyer: WalletUser
) -> None:
    token = token_for(shop, buyer)
    open_id = Grant.objects.get().open_id
    taken_back(shop, {})
    taken_back(shop, {})
    status, problem = read(token)
    assert (status, problem["code"]) == (401, "token_invalid")
    relay.drain()
    row = Notification.objects.get(topic="consent.revoked")
    assert row.params["msg_method"] == "saoma.consent.revoked"
    assert json.loads(row.params["biz_content"])["open_id"] == open_id


@pytest.mark.parametrize("purpose", ["", "  ", "x" * 129, "a\u202eb"])
def test_a_history_is_not_given_for_nothing(shop: Shop, buyer: WalletUser, purpose: str) -> None:
    with pytest.raises(PurposeMissing):
        token_for(shop, buyer, purpose=purpose)


def test_another_purpose_takes_the_earlier_ones_place(shop: Shop, buyer: WalletUser) -> None:
    first = Grant.objects.filter(app=shop.app)
    token_for(shop, buyer)
    token_for(shop, buyer, purpose="offers by post")
    token_for(shop, buyer, Scope.IDENTITY, purpose="")
    assert first.get().purpose == "offers by post"
