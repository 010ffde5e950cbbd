"""The consent pages: nobody is sent to a stranger's address, and agreeing is a person's act."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from merchants.consents.models import Grant
from merchants.consents.rules import ReturnAddressRefused, place_of
from merchants.onboarding.models import App
from tests.factories.accounts import PASSWORD, client_of, make_user
from tests.gateway.rows_oauth import MANDATE, TOKEN
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import SessionToken, WalletUser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BACK = "http://127.0.0.1:3000/back?shop=1"
CITIZEN, OWNER = "/oauth2/publicAppAuthorize.htm", "/oauth2/appToAppAuth.htm"


@pytest.fixture(autouse=True)
def sandbox(settings: Settings) -> None:
    """Loopback may be returned to."""
    settings.LAB_MODE = True


def page(shop: Shop, path: str = CITIZEN, **changed: str) -> str:
    """The page's address as an app makes it."""
    named = {"app_id": shop.app.app_number, "redirect_uri": BACK, "state": "a/b=c"}
    if path == CITIZEN:
        named["scope"] = "auth_user"
    return f"{path}?{urlencode(named | changed)}"


def sign_in(user: WalletUser, **more: str) -> dict[str, str]:
    """What a person types."""
    return {"phone": user.phone, "password": PASSWORD, "agree": "1"} | more


def told(answer: Any) -> dict[str, str]:
    """What the app is told by the redirect."""
    assert answer.status_code == 302, answer.content
    address = urlsplit(answer.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == "http://127.0.0.1:3000/back"
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def test_a_citizen_signs_in_agrees_and_is_led_back(shop: Shop, buyer: WalletUser) -> None:
    browser = Client()
    shown = browser.get(page(shop))
    assert shop.app.name in shown.content.decode()
    assert "http://127.0.0.1:3000" in shown.headers["Content-Security-Policy"]
    back = told(browser.post(page(shop), sign_in(buyer)))
    assert back["shop"] == "1"
    assert (back["app_id"], back["scope"]) == (shop.app.app_number, "auth_user")
    assert back["state"] == "a/b=c"
    node = shop.ask(TOKEN, grant_type="authorization_code", code=back["auth_code"]).node
    assert node["user_id"] == buyer.user_number


def test_who_is_signed_in_and_has_agreed_is_sent_back_at_once(
    shop: Shop, buyer: WalletUser
) -> None:
    browser = Client()
    told(browser.post(page(shop), sign_in(buyer)))
    assert told(browser.get(page(shop)))["auth_code"]
    assert told(browser.get(page(shop, scope="auth_base")))["scope"] == "auth_base"


def test_more_than_being_recognised_is_asked_for(shop: Shop, buyer: WalletUser) -> None:
    browser = Client()
    told(browser.post(page(shop, scope="auth_base"), sign_in(buyer)))
    shown = browser.get(page(shop))
    assert shown.status_code == 200
    assert buyer.name in shown.content.decode()
    assert told(browser.post(page(shop), {"agree": "1"}))["auth_code"]


@pytest.mark.parametrize("scope", ["auth_base,auth_user", "auth_user, auth_base"])
def test_several_scopes_are_asked_for_between_commas(
    shop: Shop, buyer: WalletUser, scope: str
) -> None:
    browser = Client()
    assert "see your name" in browser.get(page(shop, scope=scope)).content.decode()
    back = told(browser.post(page(shop, scope=scope), sign_in(buyer)))
    assert back["scope"] == scope
    token = shop.ask(TOKEN, grant_type="authorization_code", code=back["auth_code"]).node
    share = shop.ask("alipay.user.info.share", auth_token=token["access_token"])
    assert share.node["nick_name"] == buyer.name


def test_a_wrong_password_is_said_and_nothing_is_granted(shop: Shop, buyer: WalletUser) -> None:
    answer = Client().post(page(shop), sign_in(buyer, password="wrong"))
    assert answer.status_code == 422
    assert not Grant.objects.exists()


def test_who_refuses_is_led_back_without_a_code(shop: Shop) -> None:
    back = told(Client().post(page(shop), {"refuse": "1"}))
    assert back["error"] == "access_denied"
    assert "auth_code" not in back


def test_who_leaves_is_forgotten_here(shop: Shop, buyer: WalletUser) -> None:
    browser = Client()
    told(browser.post(page(shop), sign_in(buyer)))
    browser.post(page(shop), {"leave": "1"})
    assert browser.get(page(shop)).status_code == 200


def test_a_closed_session_opens_nothing(shop: Shop, buyer: WalletUser) -> None:
    browser = Client()
    told(browser.post(page(shop), sign_in(buyer)))
    SessionToken.objects.all().delete()
    assert browser.get(page(shop)).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"app_id": "2021999999999999"},
        {"app_id": "x"},
        {"scope": "auth_health"},
        {"scope": ""},
        {"scope": "auth_base,auth_health"},
        {"scope": "auth_base,"},
        {"state": "s" * 513},
        {"redirect_uri": ""},
        {"redirect_uri": "http://evil.example/back"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://127.0.0.1:x/"},
        {"redirect_uri": "http://127.0.0.1@evil.example/"},
    ],
)
@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_broken_link_leads_nowhere(shop: Shop, changed: dict[str, str], verb: str) -> None:
    answer = getattr(Client(), verb)(page(shop, **changed), {"refuse": "1"})
    assert answer.status_code in {400}
    assert "Location" not in answer.headers


def test_a_switched_off_app_asks_nobody(shop: Shop) -> None:
    App.objects.update(state="DISABLED")
    assert Client().get(page(shop)).status_code == 400


def test_an_app_with_addresses_of_its_own_is_held_to_them(shop: Shop, buyer: WalletUser) -> None:
    owner = client_of(WalletUser.objects.get(id=shop.merchant.owner_id))
    path = f"/api/v1/apps/{shop.app.app_number}/return-addresses"
    put = owner.put(path, {"urls": ["https://shop.example/back"]}, format="json")
    assert put.json() == owner.get(path).json() == {"urls": ["https://shop.example/back"]}
    assert Client().get(page(shop)).status_code == 400
    named = page(shop, redirect_uri="https://SHOP.example:443/back?x=1")
    assert Client().get(named).status_code == 200
    assert client_of(buyer).get(path).status_code == 404


@pytest.mark.parametrize("urls", [["ftp://x/"], ["https://u@x/"], ["https://x/#a"], ["x"] * 11])
def test_addresses_must_be_plain_web_addresses(shop: Shop, urls: list[str]) -> None:
    owner = client_of(WalletUser.objects.get(id=shop.merchant.owner_id))
    path = f"/api/v1/apps/{shop.app.app_number}/return-addresses"
    assert owner.put(path, {"urls": urls}, format="json").status_code == 400


def test_loopback_is_for_the_sandbox_alone(shop: Shop, settings: Settings) -> None:
    settings.LAB_MODE = False
    assert Client().get(page(shop)).status_code == 400


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://A.example/x?y=1", "http://a.example:80/x"),
        ("https://[::1]/", "https://[::1]:443/"),
        ("https://a.example:8443", "https://a.example:8443/"),
    ],
)
def test_addresses_are_compared_without_their_query(url: str, place: str) -> None:
    assert place_of(url) == place


def test_an_address_in_letters_of_another_script_is_refused() -> None:
    with pytest.raises(ReturnAddressRefused):
        place_of("https://аpple.example/")


def test_an_owner_lets_another_app_act_for_one_of_theirs(shop: Shop) -> None:
    subject = make_shop("Noodle Bar")
    owner = WalletUser.objects.get(id=subject.merchant.owner_id)
    browser = Client()
    chosen = browser.post(page(shop, OWNER), sign_in(owner))
    assert subject.app.app_number in chosen.content.decode()
    back = told(browser.post(page(shop, OWNER), {"subject": subject.app.app_number}))
    assert back["source"] == "alipay_app_auth"
    asked = {"grant_type": "authorization_code", "code": back["app_auth_code"]}
    assert shop.ask(MANDATE, **asked).node["auth_app_id"] == subject.app.app_number


def test_nobody_lends_an_app_that_is_not_theirs(shop: Shop, buyer: WalletUser) -> None:
    subject, browser = make_shop("Noodle Bar"), Client()
    browser.post(page(shop, OWNER), sign_in(buyer))
    answer = browser.post(page(shop, OWNER), {"subject": subject.app.app_number})
    assert answer.status_code == 422
    assert not Grant.objects.exists()


def test_an_app_is_not_lent_to_itself(shop: Shop) -> None:
    owner, browser = WalletUser.objects.get(id=shop.merchant.owner_id), Client()
    browser.post(page(shop, OWNER), sign_in(owner))
    assert browser.post(page(shop, OWNER), {"subject": shop.app.app_number}).status_code == 422


def test_the_page_speaks_the_readers_language(shop: Shop) -> None:
    make_user()
    for language, word in (("fr", "Refuser"), ("zh-hans", "拒绝"), ("en", "Refuse")):
        shown = Client().get(page(shop), headers={"Accept-Language": language})
        assert word in shown.content.decode()
