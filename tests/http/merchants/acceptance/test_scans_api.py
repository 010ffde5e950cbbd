"""/api/v1/scans: a phone opens a code, and the address that a code's link leads to."""

import base64
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from merchants.acceptance import queries
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.cancel import cancel_trade
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.acceptance.usecases.scan import scan_code
from merchants.onboarding.values import AppCredentials
from tests.factories.accounts import PIN, client_of, make_user, post
from tests.factories.clock import advance
from tests.factories.merchants import make_merchant, make_sale, make_seller, make_till
from wallet import public as wallet
from wallet.qr.emvco_mpm import seal
from wallet.qr.tlv import walk, write

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOTHING = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def payer() -> wallet.WalletUser:
    return make_user(balance_minor=100_00)


@pytest.fixture
def client(payer: wallet.WalletUser) -> APIClient:
    return client_of(payer)


@pytest.fixture
def seller() -> AppCredentials:
    return make_seller()


@pytest.fixture
def order(seller: AppCredentials) -> Order:
    return precreate_order(sale=make_sale(seller, 12_00))


def scan(client: APIClient, payload: str, **more: Any) -> Any:
    """POST a scan."""
    return post(client, "scans", {"payload": payload, **more})


def test_shows_what_the_server_knows_of_the_order(client: APIClient, order: Order) -> None:
    answer = scan(client, queries.order_code_text(order))
    shown = answer.json()
    assert answer.status_code == 201
    assert shown["merchant"] == {"id": order.merchant.merchant_number, "name": "包子铺"}
    assert (shown["order"], shown["amount"], shown["status"], shown["kind"]) == (
        order.reference,
        "12.00",
        "PAYING",
        "DYNAMIC",
    )
    assert client.get(f"/api/v1/scans/{shown['id']}").json() == shown


def test_shows_the_merchants_own_words_beside_the_description(
    client: APIClient, seller: AppCredentials, order: Order
) -> None:
    told = precreate_order(sale=make_sale(seller, 12_00, body="two of pork, one of leek"))
    texts = [scan(client, queries.order_code_text(it)).json()["texts"] for it in (told, order)]
    assert texts == [{"body": "two of pork, one of leek"}, {}]


def test_is_paid_through_the_payments_api(client: APIClient, order: Order) -> None:
    shown = scan(client, queries.order_code_text(order)).json()
    done = post(client, f"payments/{shown['payment_id']}/confirm", {"pin": PIN})
    assert done.status_code == 200
    assert client.get(f"/api/v1/scans/{shown['id']}").json()["status"] == "PAID"


def test_takes_the_amount_of_a_static_code_in_a_second_step(client: APIClient) -> None:
    payload = queries.till_code_text(make_till(make_merchant()))
    opened = scan(client, payload).json()
    assert (opened["amount"], opened["status"], opened["payment_id"]) == (None, "SCANNED", None)
    typed = post(client, f"scans/{opened['id']}/amount", {"amount": "8.5"}).json()
    assert (typed["amount"], typed["status"]) == ("8.50", "PAYING")


def test_takes_the_amount_of_a_static_code_with_the_scan(client: APIClient) -> None:
    payload = queries.till_code_text(make_till(make_merchant()))
    assert scan(client, payload, amount="0.01").json()["amount"] == "0.01"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "amount_out_of_range"),
        ("-1", "amount_out_of_range"),
        ("0.001", "amount_precision"),
        ("1e3", "amount_invalid"),
        ("１２", "amount_invalid"),
        ("100000000.01", "amount_out_of_range"),
        (True, "invalid"),
        (None, "null"),
        ([], "invalid"),
    ],
)
def test_refuses_an_amount_that_is_none(client: APIClient, amount: object, code: str) -> None:
    payload = queries.till_code_text(make_till(make_merchant()))
    answer = scan(client, payload, amount=amount)
    problem = answer.json()
    assert answer.status_code == 400
    assert problem["field"] == "amount"
    assert code in {problem["code"], *(each["code"] for each in problem.get("errors", ()))}


def test_gives_one_static_order_for_one_idempotency_key(client: APIClient) -> None:
    body = {"payload": queries.till_code_text(make_till(make_merchant()))}
    first, again = (post(client, "scans", body, key="once").json() for _ in range(2))
    assert first["id"] == again["id"]


@pytest.mark.parametrize(
    ("payload", "status", "code"),
    [
        ("hello", 400, "code_unreadable"),
        ("", 400, "invalid_request"),
        ("x" * 2049, 400, "invalid_request"),
        ("upi://pay?pa=shop@bank&pn=Shop", 422, "network_unsupported"),
    ],
)
def test_says_why_a_code_is_none_of_ours(
    client: APIClient, payload: str, status: int, code: str
) -> None:
    answer = scan(client, payload)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def bent(payload: str, changes: dict[str, str], *, extra: str = "") -> str:
    """A code of ours with some root objects changed or added, and a right checksum."""
    pairs = dict(walk(payload[:-8])) | changes
    return seal(write(pairs.items()) + extra)


def other_account(merchant_number: str, till: str = "T1") -> str:
    """What account template 26 says for another merchant or till."""
    guid = settings.SAOMA_MERCHANT_GUID
    return write([("00", guid), ("01", merchant_number), ("02", till)])


@pytest.mark.parametrize(
    ("changes", "extra", "status", "code"),
    [
        ({}, "5303840", 400, "code_unreadable"),
        ({"53": "840"}, "", 400, "currency_unsupported"),
        ({"58": ""}, "", 400, "code_unreadable"),
        ({"59": "A" * 26}, "", 400, "code_unreadable"),
        ({"54": "0"}, "", 400, "code_unreadable"),
        ({"54": "1,50"}, "", 400, "code_unreadable"),
        ({"55": "02", "56": "1.00"}, "", 400, "code_unreadable"),
        ({"01": "12"}, "", 400, "code_unreadable"),
    ],
)
def test_pays_no_static_code_that_the_reader_calls_invalid(
    client: APIClient, changes: dict[str, str], extra: str, status: int, code: str
) -> None:
    payload = queries.till_code_text(make_till(make_merchant()))
    pairs = {key: value for key, value in (dict(walk(payload[:-8])) | changes).items() if value}
    answer = scan(client, seal(write(pairs.items()) + extra), amount="1.00")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Order.objects.exists()


def test_pays_neither_of_two_merchants_in_one_code(client: APIClient) -> None:
    till, other = make_till(make_merchant()), make_merchant(name="面馆")
    payload = queries.till_code_text(till)
    account = other_account(other.merchant_number)
    for identifier in ("26", "27"):
        second = write([(identifier, account)])
        answer = scan(client, bent(payload, {}, extra=second), amount="1.00")
        assert (answer.status_code, answer.json()["code"]) == (400, "code_unreadable")
    assert not Order.objects.exists()


def test_knows_no_till_that_the_merchant_does_not_have(client: APIClient) -> None:
    merchant = make_merchant()
    payload = queries.till_code_text(make_till(merchant))
    account = other_account(merchant.merchant_number, "T9")
    answer = scan(client, bent(payload, {"26": account, "62": "0702T9"}), amount="1.00")

    assert (answer.status_code, answer.json()["code"]) == (404, "code_unknown")
    assert not Order.objects.exists()


def test_takes_the_amount_that_a_printed_code_names(client: APIClient) -> None:
    payload = bent(queries.till_code_text(make_till(make_merchant())), {"54": "8.5"})

    assert scan(client, payload).json()["amount"] == "8.50"
    assert scan(client, payload, amount="8.50").status_code == 201
    assert scan(client, payload, amount="8.51").json()["code"] == "amount_fixed"


@pytest.mark.parametrize("changes", [{"54": "0.01"}, {"53": "840"}, {"26": "merchant"}])
def test_refuses_an_orders_code_that_says_another_thing_than_the_order(
    client: APIClient, order: Order, changes: dict[str, str]
) -> None:
    payload = queries.order_code_text(order)
    if "26" in changes:
        account = dict(walk(dict(walk(payload[:-8]))["26"])) | {
            "01": make_merchant().merchant_number
        }
        changes = {"26": write(account.items())}
    answer = scan(client, bent(payload, changes))

    assert answer.status_code == 400
    assert answer.json()["code"] in {"code_unreadable", "currency_unsupported"}
    order.refresh_from_db()
    assert order.scanned_by is None


@pytest.mark.parametrize("around", ["\ufeff{}", "{}\r\n", " {}\t"])
def test_reads_past_what_a_scanner_adds(client: APIClient, order: Order, around: str) -> None:
    assert scan(client, around.format(queries.order_code_text(order))).status_code == 201


def test_shows_its_holder_an_order_whose_code_is_too_old(client: APIClient, order: Order) -> None:
    payload = queries.order_code_text(order)
    shown = scan(client, payload).json()
    advance(minutes=6)

    assert scan(client, payload).json()["id"] == shown["id"]
    assert scan(client_of(make_user()), payload).json()["code"] == "code_expired"


def test_lets_one_payer_have_the_order(client: APIClient, order: Order) -> None:
    payload = queries.order_code_text(order)
    shown = scan(client, payload).json()
    other = client_of(make_user())
    late = scan(other, payload)
    assert (late.status_code, late.json()["code"]) == (409, "being_paid")
    assert other.get(f"/api/v1/scans/{shown['id']}").status_code == 404
    assert post(other, f"scans/{shown['id']}/amount", {"amount": "1"}).status_code == 404


def test_says_that_a_code_is_too_old(client: APIClient, order: Order) -> None:
    payload = queries.order_code_text(order)
    advance(minutes=6)
    answer = scan(client, payload)
    assert (answer.status_code, answer.json()["code"]) == (410, "code_expired")


def test_asks_strangers_who_they_are(order: Order) -> None:
    assert scan(APIClient(), queries.order_code_text(order)).status_code == 401
    assert APIClient().get(f"/api/v1/scans/{NOTHING}").status_code == 401


@pytest.mark.parametrize("form", ["/q/{}", "/Q/{}", "/q/{}/"])
def test_shows_a_page_to_a_browser(order: Order, form: str) -> None:
    for token in (order.token, order.token.lower()):
        page = Client().get(form.format(token))
        text = page.content.decode()
        assert page.status_code == 200
        assert "包子铺" in text
        assert "12.00" in text
        assert "saoma://pay?c=" in text


def test_shows_how_the_order_stands(
    seller: AppCredentials, order: Order, payer: wallet.WalletUser
) -> None:
    address = f"/q/{order.token}"
    scan_code(payload=queries.order_link(order.token), payer_id=payer.id)
    assert b"Being paid" in Client().get(address).content
    cancel_trade(seller=seller, reference=order.reference)
    assert b"closed" in Client().get(address).content


def test_shows_a_tills_page_without_an_amount() -> None:
    page = Client().get(f"/q/{make_till(make_merchant()).token}")
    assert page.status_code == 200
    assert "包子铺" in page.content.decode()


@pytest.mark.parametrize("path", [f"/q/{'0' * 26}", "/q/short", "/q/" + "!" * 26])
def test_has_no_page_for_an_unknown_token(path: str) -> None:
    assert Client().get(path).status_code == 404


def verified(jws: str) -> dict[str, Any]:
    """The claims of a JWS, its signature checked with the published key."""
    key = Client().get("/.well-known/jwks.json").json()["keys"][0]
    head, body, tail = jws.split(".")
    x, y, signature = (_decoded(text) for text in (key["x"], key["y"], tail))
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), ec.SECP256R1())
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    numbers.public_key().verify(der, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    header = json.loads(_decoded(head))
    assert (header["alg"], header["kid"]) == ("ES256", key["kid"])
    claims: dict[str, Any] = json.loads(_decoded(body))
    return claims


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_gives_an_app_a_signed_order(order: Order) -> None:
    answer = Client().get(f"/q/{order.token}", headers={"Accept": "application/jose"})
    claims = verified(answer.content.decode())
    assert answer.headers["Content-Type"] == "application/jose"
    assert claims["merchant"] == {"id": order.merchant.merchant_number, "name": "包子铺"}
    assert (claims["order"], claims["amount"], claims["currency"], claims["status"]) == (
        order.reference,
        "12.00",
        "CNY",
        "created",
    )
    assert claims["exp"] == int(order.code_expires_at.timestamp())
    assert claims["iat"] < claims["exp"]


def test_signs_each_answer_with_another_nonce(order: Order) -> None:
    texts = [queries.signed_order(order) for _ in range(2)]
    first, second = (verified(text)["nonce"] for text in texts)
    assert first != second


def test_does_not_verify_a_changed_order(order: Order) -> None:
    head, body, tail = queries.signed_order(order).split(".")
    changed = json.dumps({**json.loads(_decoded(body)), "amount": "0.01"}).encode()
    forged = base64.urlsafe_b64encode(changed).rstrip(b"=").decode()
    with pytest.raises(InvalidSignature):
        verified(f"{head}.{forged}.{tail}")


def test_has_no_signed_order_for_an_unknown_token() -> None:
    answer = Client().get(f"/q/{'0' * 26}", headers={"Accept": "application/jose"})
    assert answer.status_code == 404
