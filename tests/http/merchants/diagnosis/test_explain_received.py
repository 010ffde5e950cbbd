"""/console/explain/received/ and its API: why what the gateway sent does not verify."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.test import Client
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.notifications.models import Notification
from merchants.notifications.usecases.send_notifications import send_due_notifications
from merchants.onboarding.queries import forget_credentials
from merchants.onboarding.values import SignType
from merchants.protocol import signing
from tests.factories.accounts import PASSWORD, PIN, client_of, make_user, post
from tests.factories.merchants import key_pair
from tests.factories.receiver import receiving
from tests.gateway.agreements import fill_in, general, open_page
from tests.gateway.rows_certify import INITIALIZE, claiming
from tests.gateway.world import Shop, fresh_code, make_shop
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PATH = "/console/explain/received/"
CERTIFY = "alipay.user.certify.open.certify"
Form = dict[str, str]


@pytest.fixture
def owner() -> WalletUser:
    return make_user(name="Wang Fang")


@pytest.fixture
def shop(owner: WalletUser) -> Shop:
    return make_shop(owner=owner)


@pytest.fixture
def form(shop: Shop) -> Form:
    """What a merchant's server really received of a sale."""
    buyer = make_user(balance_minor=100_00)
    content = {"total_amount": "1.00", "subject": '茶+水 & "x"', "scene": "bar_code"}
    content |= {"out_trade_no": "N1", "auth_code": fresh_code(buyer)}
    with receiving() as server:
        shop.send(shop.params("alipay.trade.pay", content, notify_url=server.url))
        relay.drain()
        send_due_notifications(now=clock.now())
        return server.got[0].form()


def desk(user: WalletUser) -> Client:
    client = Client()
    client.post("/console/sign-in", {"phone": user.phone, "password": PASSWORD})
    return client


def explain(user: WalletUser, text: str, **more: str) -> Any:
    answer = post(client_of(user), "tools/explain-received", {"text": text, **more})
    assert answer.status_code == 200, answer.content
    return answer.json()


def codes(answer: Any) -> list[str]:
    return [finding.partition(":")[0] for finding in answer["findings"]]


def right(form: Form) -> str:
    """The string by the protocol's own words, written here once more."""
    return "&".join(f"{k}={v}" for k, v in sorted(form.items()) if k not in {"sign", "sign_type"})


def test_what_arrived_whole_fits_and_its_string_is_shown(owner: WalletUser, form: Form) -> None:
    answer = explain(owner, urlencode(form))
    assert (answer["valid"], codes(answer), answer["difference"]) == (True, ["valid"], None)
    assert answer["canonical"] == right(form)


def public_of(shop: Shop) -> str:
    """The public half of the app's own key."""
    public = app_key(shop).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def app_key(shop: Shop) -> RSAPrivateKey:
    key = load_pem_private_key(shop.private_pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


def renamed(form: Form) -> Form:
    return {("tradeNo" if name == "trade_no" else name): value for name, value in form.items()}


MISHAPS: dict[str, tuple[str, Callable[[Form], Form]]] = {
    "charset_twice": (
        "subject",
        lambda form: form | {"subject": form["subject"].encode().decode("latin-1")},
    ),
    "plus_to_blank": (
        "subject",
        lambda form: form | {"subject": form["subject"].replace("+", " ")},
    ),
    "parameter_dropped": (
        "trade_no",
        lambda form: {name: value for name, value in form.items() if name != "trade_no"},
    ),
    "parameter_added": ("route", lambda form: form | {"route": "/notify"}),
    "parameter_renamed": ("trade_no (tradeNo)", renamed),
    "values_encoded": ("subject", lambda form: form | {"subject": quote(form["subject"])}),
    "html_escaped": (
        "subject",
        lambda form: form | {"subject": form["subject"].replace("&", "&amp;")},
    ),
    "value_changed": ("total_amount", lambda form: form | {"total_amount": "9.00"}),
}


@pytest.mark.parametrize("code", MISHAPS)
def test_the_owner_is_told_the_cause_and_the_first_byte(
    owner: WalletUser, form: Form, code: str
) -> None:
    names, hurt = MISHAPS[code]
    answer = explain(owner, urlencode(hurt(form)))
    assert (answer["valid"], codes(answer), answer["signed"]) == (False, [code], right(form))
    assert names in answer["findings"][0]
    sent, got = right(form).encode(), right(hurt(form)).encode()
    first = next(at for at, (a, b) in enumerate(zip(sent, got, strict=False)) if a != b)
    # The byte at which the first differing character begins.
    assert first - 3 < answer["difference"]["byte"] <= first


@pytest.mark.parametrize(
    "code", ["charset_twice", "plus_to_blank", "parameter_added", "values_encoded", "html_escaped"]
)
def test_somebody_else_is_told_the_cause_by_the_signature_alone(form: Form, code: str) -> None:
    answer = explain(make_user(), urlencode(MISHAPS[code][1](form)))
    assert codes(answer) == [code]


def test_a_missing_signature_is_told_beside_what_was_sent(owner: WalletUser, form: Form) -> None:
    answer = explain(owner, urlencode({name: form[name] for name in form if name != "sign"}))
    assert answer["findings"] == ["missing_parameter: sign is not in what you pasted"]
    assert answer["signed"] == right(form)


def test_a_plus_sign_that_nobody_encoded_is_told(owner: WalletUser, form: Form) -> None:
    answer = explain(owner, urlencode(form).replace("%2B", "+"))
    assert set(codes(answer)) == {"plus_to_blank"}


def test_ampersands_copied_from_a_page_are_told(owner: WalletUser, form: Form) -> None:
    answer = explain(owner, urlencode(form).replace("&", "&amp;"))
    assert codes(answer) == ["html_escaped"]
    assert answer["signed"] == right(form)


def test_a_sign_type_left_in_the_string_is_told(owner: WalletUser, form: Form) -> None:
    checked = "&".join(f"{k}={v}" for k, v in sorted(form.items()) if k != "sign")
    answer = explain(owner, urlencode(form), canonical=checked)
    assert codes(answer) == ["valid", "sign_type_left_in"]
    assert answer["canonical"].startswith(checked[: answer["difference"]["position"]])
    assert "sign_type" in answer["difference"]["yours"]


def test_the_apps_own_key_in_place_of_the_gateways_is_told(
    owner: WalletUser, shop: Shop, form: Form
) -> None:
    own = explain(owner, urlencode(form), configured_key=public_of(shop))
    other = explain(owner, urlencode(form), configured_key=key_pair(1).public_pem)
    good = explain(owner, urlencode(form), configured_key=shop.gateway_pem)
    assert [codes(one)[1] for one in (own, other, good)] == ["own_key", "strange_key", "right_key"]


def test_a_forged_signature_is_none_of_ours(owner: WalletUser, form: Form) -> None:
    assert "signature_changed" in codes(explain(owner, urlencode(form | {"sign": "QUJD"})))
    stranger = explain(make_user(), urlencode(form | {"sign": "QUJD"}))
    assert codes(stranger) == ["not_our_signature"]


def test_what_the_app_itself_signed_is_told_from_what_the_gateway_sent(
    owner: WalletUser, shop: Shop, form: Form
) -> None:
    own = signing.sign(app_key(shop), right(form).encode(), SignType.RSA2)
    assert codes(explain(owner, urlencode(form | {"sign": own}))) == ["app_signature"]
    stranger = explain(make_user(), urlencode(form | {"sign": own}))
    assert codes(stranger) == ["not_our_signature"]


def test_a_plus_sign_lost_from_the_signature_is_told(owner: WalletUser, form: Form) -> None:
    hurt = form["sign"].replace("+", " ")
    answer = explain(owner, urlencode(form | {"sign": hurt}))
    assert codes(answer) == (["valid"] if hurt == form["sign"] else ["plus_to_blank"])


def test_nothing_of_another_merchants_is_shown(form: Form) -> None:
    kept = ("notify_id", "out_trade_no", "app_id", "charset", "sign", "sign_type")
    answer = explain(make_user(), urlencode({name: form[name] for name in kept}))
    assert (answer["valid"], answer["signed"], answer["difference"]) == (False, "", None)
    assert codes(answer) == ["no_match"]
    assert form["trade_no"] not in str(answer)
    event = Notification.objects.get()
    assert desk(make_user()).get(f"{PATH}?notification={event.id}").status_code == 404


def test_a_stranger_explains_nothing() -> None:
    assert Client().get(PATH).status_code == 302
    assert post(APIClient(), "tools/explain-received", {"text": "a=1"}).status_code == 401


def test_a_notification_is_picked_from_its_page(owner: WalletUser, form: Form) -> None:
    client, event = desk(owner), Notification.objects.get()
    listed = client.get(f"/console/notifications/{event.id}/").content.decode()
    link = re.search(rf'href="({PATH}\?notification={event.id})"', listed)
    assert link is not None
    text = unescape(client.get(link[1]).content.decode())
    assert "The signature fits" in text
    assert right(form) in text
    assert client.get(f"{PATH}?notification=x").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "was not sent by the gateway"), ("fr", "passerelle"), ("zh-hans", "网关没有发送")],
)
def test_the_cause_is_told_in_the_readers_language(
    owner: WalletUser, form: Form, language: str, words: str
) -> None:
    body = {"received": urlencode(form | {"route": "/notify"})}
    text = desk(owner).post(PATH, body, headers={"Accept-Language": language}).content.decode()
    assert words in text
    assert 'id="first-byte"' in text


@pytest.mark.parametrize(
    "text", ["x", "?%FF=%00", "http://[", "curl '", "notify_id=%00", "a=1&" * 500]
)
def test_nonsense_is_explained_or_refused_without_falling_over(
    owner: WalletUser, text: str
) -> None:
    forget_credentials()  # nor where there is no key of the gateway's yet
    assert desk(owner).post(PATH, {"received": text}).status_code == 200
    answer = post(client_of(owner), "tools/explain-received", {"text": text})
    assert answer.status_code in {200, 400}


def returned(shop: Shop, address: str) -> str:
    """Where a buyer's browser was led back to after paying at the cashier."""
    buyer = make_user(balance_minor=100_00)
    content = {"out_trade_no": "R1", "total_amount": "1.00", "subject": "tea"}
    content |= {"product_code": "FAST_INSTANT_TRADE_PAY"}
    params = shop.params("alipay.trade.page.pay", content, return_url=address)
    cashier = str(shop.http.get("/gateway.do?" + urlencode(params)).headers["Location"])
    Client().post(cashier, {"phone": buyer.phone, "password": PASSWORD, "pin": PIN})
    return way_back(cashier)


@pytest.mark.parametrize("address", ["http://h.example/back?cart=1", "http://h.example/#/paid"])
def test_a_return_address_fits_as_the_browser_came_back(
    owner: WalletUser, shop: Shop, address: str
) -> None:
    back = returned(shop, address)
    answer = explain(owner, back)
    assert codes(answer) == ["valid"]
    query = back.partition("?")[2].partition("#")[0]
    assert answer["canonical"] == right(dict(parse_qsl(query)))


def test_a_parameter_dropped_from_a_return_address_is_told(owner: WalletUser, shop: Shop) -> None:
    back = returned(shop, "http://h.example/back?cart=1")
    hurt = back.replace("&total_amount=1.00", "")
    answer = explain(owner, hurt)
    assert codes(answer) == ["parameter_dropped"]
    assert "total_amount=1.00" in answer["signed"]
    assert answer["difference"]["ours"] != answer["difference"]["yours"]
    assert explain(make_user(), hurt)["signed"] == ""


def test_a_query_behind_the_fragment_is_told(owner: WalletUser, shop: Shop) -> None:
    page, _, query = returned(shop, "http://h.example/").partition("?")
    answer = explain(owner, f"{page}#/paid?{query}")
    assert codes(answer) == ["fragment_before_query", "valid"]
    assert answer["canonical"] == right(dict(parse_qsl(query)))


def way_back(page: str) -> str:
    """Where a page's own link leads back to, as the browser follows it."""
    link = re.search(r'id="back" href="([^"]+)"', Client().get(page).content.decode())
    assert link is not None
    return unescape(link[1])


def signed_agreement(shop: Shop) -> str:
    """The return of an agreement that its payer has signed on the page."""
    payer = make_user(balance_minor=100_00)
    page = open_page(shop, general()).headers["Location"]
    assert fill_in(page, payer).status_code == 302
    return way_back(page)


def certified_person(shop: Shop) -> str:
    """The return of a certification that its person has passed on the page."""
    person = make_user()
    certify_id = shop.ask(INITIALIZE, **claiming(shop, person)).node["certify_id"]
    params = shop.params(CERTIFY, {"certify_id": certify_id})
    page = str(shop.http.get("/gateway.do?" + urlencode(params)).headers["Location"])
    Client().post(page, {"phone": person.phone, "password": PASSWORD, "pin": PIN})
    return way_back(page)


@pytest.mark.parametrize(
    ("returning", "name"),
    [(signed_agreement, "sign_scene"), (certified_person, "passed")],
    ids=["agreement", "certification"],
)
def test_a_parameter_dropped_from_a_pages_return_is_told(
    owner: WalletUser, shop: Shop, returning: Callable[[Shop], str], name: str
) -> None:
    back = returning(shop)
    assert codes(explain(owner, back)) == ["valid"]
    hurt = re.sub(rf"&{name}=[^&]*", "", back)
    answer = explain(owner, hurt)
    assert codes(answer) == ["parameter_dropped"]
    assert f"{name}=" in answer["signed"]
    assert explain(make_user(), hurt)["signed"] == ""
