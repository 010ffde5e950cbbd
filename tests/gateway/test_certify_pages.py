"""user.certify.open: yes or no to who somebody is, by that person's own hand."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from lab.mock_merchant.signing import verify_notification
from merchants.consents.models import Certification
from tests.factories.accounts import PASSWORD, PIN, id_number, make_user
from tests.factories.clock import advance
from tests.gateway.rows_certify import INITIALIZE, QUERY, claiming
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
PAGE = "alipay.user.certify.open.certify"


def asked(shop: Shop, buyer: WalletUser, **identity: str) -> str:
    """Ask about the buyer; gives the question's number."""
    content = claiming(shop, buyer)
    content["identity_param"] |= identity
    return str(shop.ask(INITIALIZE, **content).node["certify_id"])


def browse(shop: Shop, certify_id: str) -> Any:
    """Send the person's browser to the gateway."""
    params = shop.params(PAGE, {"certify_id": certify_id})
    return shop.http.get("/gateway.do?" + urlencode(params))


def show(page: str, user: WalletUser, **changes: str) -> Any:
    """Fill the page's form in."""
    return Client().post(page, {"phone": user.phone, "password": PASSWORD, "pin": PIN} | changes)


def answer(shop: Shop, certify_id: str) -> tuple[str, bool]:
    """What the app is told: the answer, and whether it says why not."""
    node = shop.ask(QUERY, certify_id=certify_id).node
    return node["passed"], "fail_reason" in node


def test_somebody_is_who_they_say(shop: Shop, buyer: WalletUser) -> None:
    certify_id = asked(shop, buyer)
    assert answer(shop, certify_id) == ("F", True)
    page = browse(shop, certify_id).headers["Location"]
    assert buyer.person.legal_name not in Client().get(page).content.decode()
    assert show(page, buyer).status_code == 302
    assert answer(shop, certify_id) == ("T", False)
    found = re.search(r'id="back" href="([^"]+)"', Client().get(page).content.decode())
    assert found
    told = dict(parse_qsl(urlsplit(unescape(found[1])).query))
    assert verify_notification(told, shop.gateway_pem)
    assert (told["certify_id"], told["passed"]) == (certify_id, "T")


@pytest.mark.parametrize(
    "identity", [{"cert_name": "王五"}, {"cert_no": id_number("19700101", serial=1)}]
)
def test_somebody_else_is_not(shop: Shop, buyer: WalletUser, identity: dict[str, str]) -> None:
    certify_id = asked(shop, buyer, **identity)
    page = browse(shop, certify_id).headers["Location"]
    assert show(page, buyer).status_code == 302
    assert answer(shop, certify_id) == ("F", True)


def test_another_persons_login_fails_it_for_good(shop: Shop, buyer: WalletUser) -> None:
    certify_id = asked(shop, buyer)
    page = browse(shop, certify_id).headers["Location"]
    assert show(page, make_user(balance_minor=1)).status_code == 302
    assert show(page, buyer).status_code == 422
    assert answer(shop, certify_id) == ("F", True)


def test_wrong_secrets_answer_nothing(shop: Shop, buyer: WalletUser) -> None:
    certify_id = asked(shop, buyer)
    page = browse(shop, certify_id).headers["Location"]
    assert show(page, buyer, pin="000000").status_code == 422
    assert show(page, buyer, password="wrong-password").status_code == 422
    assert Certification.objects.get().state == "WAITING"
    assert show(page, buyer).status_code == 302
    assert answer(shop, certify_id) == ("T", False)


def test_an_answer_is_given_once_and_keeps_no_name(shop: Shop, buyer: WalletUser) -> None:
    page = browse(shop, asked(shop, buyer)).headers["Location"]
    assert show(page, buyer).status_code == show(page, buyer).status_code == 302
    row = Certification.objects.get()
    kept = " ".join(str(value) for value in vars(row).values())
    assert (row.state, row.name) == ("PASSED", "")
    assert buyer.person.legal_name not in kept
    assert id_number() not in kept


def test_a_question_ends_after_a_day(shop: Shop, buyer: WalletUser) -> None:
    certify_id = asked(shop, buyer)
    page = browse(shop, certify_id).headers["Location"]
    advance(hours=24)
    assert show(page, buyer).status_code == 422
    assert "CERTIFY_ID_EXPIRED" in browse(shop, certify_id).content.decode()


def test_another_apps_question_does_not_exist(shop: Shop, buyer: WalletUser) -> None:
    certify_id = asked(shop, buyer)
    other = make_shop("Noodle Bar")
    assert other.ask(QUERY, certify_id=certify_id).sub_code == "CERTIFY_ID_NOT_EXIST"
    assert "CERTIFY_ID_NOT_EXIST" in browse(other, certify_id).content.decode()
    assert Client().get("/certifications/OC1").status_code == 404


@pytest.mark.parametrize(
    "identity",
    [{"cert_no": "123"}, {"cert_name": ""}, {"cert_type": "PASSPORT"}, {"identity_type": "X"}],
)
def test_a_claim_that_cannot_be_read_is_refused(
    shop: Shop, buyer: WalletUser, identity: dict[str, str]
) -> None:
    content = claiming(shop, buyer)
    content["identity_param"] |= identity
    assert shop.ask(INITIALIZE, **content).sub_code == "INVALID_PARAMETER"
