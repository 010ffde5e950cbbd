"""A mandate opens what the merchant allowed, judged at one place for every method."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from merchants.consents.models import Grant
from merchants.consents.usecases.give_mandate import give_mandate
from merchants.consents.values import MANDATE_SCOPES, Scope
from tests.factories.accounts import PASSWORD
from tests.gateway.rows_oauth import MANDATE
from tests.gateway.rows_splits import BIND, SETTLE, bound, part, receiver
from tests.gateway.v3 import send
from tests.gateway.world import Shop, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
TOO_NARROW = "aop.invalid-app-auth-token-no-api"
PAGE = "/oauth2/appToAppAuth.htm"
BACK = "http://127.0.0.1:3000/back"
ONE_OF_EACH = {
    Scope.PAY: "alipay.trade.query",
    Scope.SPLIT: "alipay.trade.order.onsettle.query",
    Scope.TRANSFER: "alipay.fund.trans.common.query",
    Scope.READ: "alipay.fund.account.query",
}


def token_for(shop: Shop, subject: Shop, *scopes: Scope) -> str:
    """A token with which a shop's app may do so much for another."""
    code = give_mandate(
        app_number=shop.app.app_number,
        subject_app_number=subject.app.app_number,
        user_id=subject.merchant.owner_id,
        scopes=scopes,
    )
    answer = shop.ask(MANDATE, grant_type="authorization_code", code=code)
    return str(answer.node["app_auth_token"])


def asked(shop: Shop, token: str, method: str, content: object = None) -> str:
    """What a call with the token is refused with."""
    return shop.send(shop.params(method, content or {"x": "y"}, app_auth_token=token)).sub_code


@pytest.mark.parametrize("scope", MANDATE_SCOPES)
def test_a_mandate_opens_its_scope_and_no_other(shop: Shop, scope: Scope) -> None:
    token = token_for(shop, make_shop("Noodle Bar"), scope)
    refused = {
        one for one, method in ONE_OF_EACH.items() if asked(shop, token, method) == TOO_NARROW
    }
    assert refused == set(MANDATE_SCOPES) - {scope}


def test_who_may_pay_sends_nothing_binds_nobody_and_splits_nothing(
    shop: Shop, buyer: WalletUser
) -> None:
    subject = make_shop("Noodle Bar")
    token = token_for(shop, subject, Scope.PAY)
    named = {"out_request_no": "B", "receiver_list": [receiver(buyer)]}
    for method, content in (
        ("alipay.fund.trans.uni.transfer", {"out_biz_no": "T"}),
        (BIND, named),
        (SETTLE, {"out_request_no": "S", "trade_no": "1"}),
    ):
        assert asked(shop, token, method, content) == TOO_NARROW


def test_who_may_pay_cannot_plan_a_split_with_the_payment(shop: Shop, buyer: WalletUser) -> None:
    subject = make_shop("Noodle Bar")
    friend = bound(subject)
    sale = {
        "out_trade_no": new_order(),
        "total_amount": "12.00",
        "subject": "Noodles",
        "scene": "bar_code",
        "auth_code": fresh_code(buyer),
        "royalty_info": {"royalty_detail_infos": [part(friend, "1.00")]},
    }
    narrow = token_for(shop, subject, Scope.PAY)
    assert asked(shop, narrow, "alipay.trade.pay", sale) == TOO_NARROW
    wide = token_for(shop, subject, Scope.PAY, Scope.SPLIT)
    assert asked(shop, wide, "alipay.trade.pay", sale) == ""


def test_the_rest_protocol_is_judged_alike(shop: Shop) -> None:
    token = token_for(shop, make_shop("Noodle Bar"), Scope.READ)
    answer = send(shop, content={"out_trade_no": "X"}, HTTP_ALIPAY_APP_AUTH_TOKEN=token)
    assert answer.json()["code"] == TOO_NARROW.partition(".")[2]


def test_a_narrower_mandate_narrows_older_tokens(shop: Shop) -> None:
    subject = make_shop("Noodle Bar")
    wide = token_for(shop, subject, Scope.PAY, Scope.READ)
    token_for(shop, subject, Scope.PAY)
    assert asked(shop, wide, ONE_OF_EACH[Scope.READ]) == TOO_NARROW
    assert asked(shop, wide, ONE_OF_EACH[Scope.PAY]) != TOO_NARROW


def test_a_mandate_of_before_there_were_scopes_takes_and_refunds_payments(shop: Shop) -> None:
    subject = make_shop("Noodle Bar")
    token = token_for(shop, subject, Scope.PAY)
    Grant.objects.update(scopes="")
    assert asked(shop, token, ONE_OF_EACH[Scope.PAY]) != TOO_NARROW
    assert asked(shop, token, ONE_OF_EACH[Scope.TRANSFER]) == TOO_NARROW


def address(shop: Shop, **more: str) -> str:
    return f"{PAGE}?{urlencode({'app_id': shop.app.app_number, 'redirect_uri': BACK} | more)}"


def signed_in(subject: Shop, page: str) -> tuple[Client, str]:
    """A browser of the subject's owner, and the page it sees."""
    owner, browser = WalletUser.objects.get(id=subject.merchant.owner_id), Client()
    form = {"phone": owner.phone, "password": PASSWORD, "agree": "1"}
    return browser, browser.post(page, form).content.decode()


def test_the_page_has_a_line_for_each_scope(shop: Shop, settings: Settings) -> None:
    settings.LAB_MODE = True
    _, page = signed_in(make_shop("Noodle Bar"), address(shop))
    for scope in MANDATE_SCOPES:
        assert f'name="scope" value="{scope}"' in page
    for language, word in (("fr", "solde"), ("zh-hans", "余额"), ("en", "balance")):
        shown = Client().get(address(shop), headers={"Accept-Language": language})
        assert word in shown.content.decode()


def test_what_the_owner_ticks_is_what_the_app_may_do(shop: Shop, settings: Settings) -> None:
    settings.LAB_MODE = True
    subject = make_shop("Noodle Bar")
    browser, _ = signed_in(subject, address(shop))
    choice = {"subject": subject.app.app_number, "ticks": "1", "scope": ["read", "split"]}
    answer = browser.post(address(shop), choice)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["app_auth_code"][0]
    token = shop.ask(MANDATE, grant_type="authorization_code", code=code).node["app_auth_token"]
    assert asked(shop, token, ONE_OF_EACH[Scope.READ]) != TOO_NARROW
    assert asked(shop, token, ONE_OF_EACH[Scope.PAY]) == TOO_NARROW


def test_the_app_gets_no_more_than_it_asked_and_something_must_be_ticked(
    shop: Shop, settings: Settings
) -> None:
    settings.LAB_MODE = True
    subject = make_shop("Noodle Bar")
    browser, page = signed_in(subject, address(shop, scope="pay,read"))
    assert 'value="transfer"' not in page
    choice = {"subject": subject.app.app_number, "ticks": "1", "scope": ["transfer"]}
    assert browser.post(address(shop, scope="pay,read"), choice).status_code == 422
    assert not Grant.objects.exists()
    assert browser.get(address(shop, scope="everything")).status_code == 400
