"""What a phone does with links to agreements; plans that merchants register."""

import contextlib
import json
from io import StringIO
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.management import call_command

from tests.factories.accounts import PIN, client_of, make_user, post
from tests.gateway.agreements import SIGN, Content, cyclic, general, monthly, offered, signed
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement

pytestmark = pytest.mark.django_db
APP = "alipays://platformapi/startapp?appId=60000157&appClearTop=false&startMultApp=YES"


def deep_link(shop: Shop, content: Content, **changes: str) -> str:
    """What a merchant's page hands to the wallet."""
    request = urlencode(shop.params(SIGN, content) | changes)
    return f"{APP}&sign_params={quote(request, safe='')}"


def opened(payer: WalletUser, payload: str) -> Any:
    """What the phone is answered."""
    return post(client_of(payer), "agreement-links", {"payload": payload})


def scan(*arguments: str) -> dict[str, Any]:
    """Run the command; the object it prints."""
    out = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("scan", *arguments, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_signed_request_in_a_link_makes_the_offer(shop: Shop, buyer: WalletUser) -> None:
    answer = opened(buyer, deep_link(shop, general(external_agreement_no="CAR1")))
    assert answer.status_code == 201
    agreement = Agreement.objects.get(token=answer.json()["token"])
    assert (agreement.external_no, agreement.status) == ("CAR1", "TEMP")


def test_code_on_the_page_leads_to_the_same_offer(shop: Shop, buyer: WalletUser) -> None:
    page = offered(shop)
    answer = opened(buyer, f"http://127.0.0.1:8000{page}")
    assert answer.json()["token"] == page.rpartition("/")[2]


def test_link_that_nobody_signed_is_refused_with_the_gateways_code(
    shop: Shop, buyer: WalletUser
) -> None:
    answer = opened(buyer, deep_link(shop, general(), sign="AAAA"))
    assert (answer.status_code, answer.json()["code"]) == (422, "agreement_link_refused")
    assert answer.json()["facts"]["reason"] == "invalid-signature"
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    "payload",
    [
        "hello",
        "http://[",
        "alipays://platformapi/startapp?appId=1",
        "http://127.0.0.1:8000/q/AAAA",
        "https://elsewhere.example/agreements/00000000000000000000000000",
    ],
)
def test_other_links_are_no_agreements(db: None, payload: str) -> None:
    answer = opened(make_user(), payload)
    assert (answer.status_code, answer.json()["code"]) == (400, "agreement_link_unreadable")


def test_link_to_another_method_opens_nothing(shop: Shop, buyer: WalletUser) -> None:
    request = urlencode(shop.params("alipay.trade.query", {"out_trade_no": "A"}))
    answer = opened(buyer, f"{APP}&sign_params={quote(request, safe='')}")
    assert answer.json()["code"] == "agreement_link_refused"


def test_scan_command_opens_and_signs(shop: Shop, buyer: WalletUser) -> None:
    link = deep_link(shop, general(external_agreement_no="CAR1"))
    seen = scan(link, "--buyer", buyer.user_number)
    assert (seen["kind"], seen["status"], seen["single"]) == ("agreement", "TEMP", "20.00")
    done = scan(link, "--buyer", buyer.user_number, "--sign", "--pin", PIN)
    assert (done["status"], done["agreement_no"]) == ("NORMAL", seen["agreement_no"])
    assert scan(deep_link(shop, {}))["error"] == "agreement_link_refused"


def test_scan_command_shows_the_gateways_string_as_it_is(shop: Shop) -> None:
    told = scan(deep_link(shop, {"a": "b"}, sign="AAAA"))
    assert f'app_id={shop.app.app_number}&biz_content={{"a": "b"}}&' in told["why"]


def plan(shop: Shop, number: str, body: Any) -> Any:
    """Register what the platform is to debit."""
    owner = client_of(WalletUser.objects.get(id=shop.merchant.owner_id))
    path = f"/api/v1/merchants/{shop.merchant.merchant_number}/agreements/{number}/plan"
    return owner.put(path, body, format="json")


def test_merchant_registers_a_plan(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, cyclic(period_rule_params=monthly(execute_time="2099-01-28")))
    answer = plan(shop, number, {"amount": "30.00", "description": "gym"})
    assert (answer.status_code, answer.json()["amount"]) == (200, "30.00")
    assert Agreement.objects.get().notice_at is not None
    assert plan(shop, number, {"amount": None}).json()["amount"] is None


@pytest.mark.parametrize(
    ("amount", "status", "code"),
    [("30.01", 422, "single_limit_exceeded"), ("0.001", 400, "amount_precision")],
)
def test_plan_stays_within_the_agreement(
    shop: Shop, buyer: WalletUser, amount: str, status: int, code: str
) -> None:
    number = signed(shop, buyer, cyclic())
    answer = plan(shop, number, {"amount": amount})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_plan_needs_a_period_and_the_merchants_own_agreement(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer)
    assert plan(shop, number, {"amount": "1.00"}).json()["code"] == "agreement_without_period"
    assert plan(shop, "2" * 20, {"amount": "1.00"}).status_code == 404
