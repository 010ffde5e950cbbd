"""The reference client against the product: what integrators read first must be right."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
import responses

from lab.mock_merchant import __main__ as command_line
from lab.mock_merchant import signing
from lab.mock_merchant.client import BadSignature, Client, NoAnswer, new_order_number
from lab.mock_merchant.receiver import Receiver, ResponsePlan
from lab.mock_merchant.settings import Settings, from_mapping, load
from merchants.onboarding.queries import gateway_signer
from merchants.onboarding.values import SignType
from merchants.protocol.rules import notification_canonical
from merchants.protocol.signing import sign
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.gateway.server import LiveServer, running
from tests.gateway.world import Shop, fresh_code, make_shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def live(transactional_db: None) -> Iterator[LiveServer]:
    """The product on a port of its own."""
    with running() as server:
        yield server


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    """A tea house."""
    return make_shop()


@pytest.fixture
def buyer(shop: Shop) -> WalletUser:
    """A customer with ¥100.00."""
    return make_user(balance_minor=100_00)


@pytest.fixture
def sandbox(shop: Shop, live: LiveServer, tmp_path: Path) -> Path:
    """The file that `manage.py sandbox` would print."""
    (tmp_path / "app.pem").write_text(shop.private_pem)
    (tmp_path / "gateway.pem").write_text(shop.gateway_pem)
    facts = {
        "gateway_url": f"{live.url}/gateway.do",
        "app_id": shop.app.app_number,
        "app_private_key_file": str(tmp_path / "app.pem"),
        "gateway_public_key_file": str(tmp_path / "gateway.pem"),
        "merchant_id": shop.merchant.merchant_number,
    }
    path = tmp_path / "merchant.json"
    path.write_text(json.dumps(facts))
    return path


@pytest.fixture
def client(sandbox: Path) -> Client:
    """The reference client, set up as its README says."""
    return Client(load(sandbox))


def test_client_does_a_tills_whole_day(client: Client, buyer: WalletUser) -> None:
    order = new_order_number()
    sold = client.sell(
        out_trade_no=order, amount="12.00", subject="茶", auth_code=fresh_code(buyer)
    )
    assert sold.succeeded
    assert client.query(trade_no=sold["trade_no"])["trade_status"] == "TRADE_SUCCESS"
    assert client.refund(out_trade_no=order, amount="5", out_request_no="R1")["fund_change"] == "Y"
    told = client.refund_query(out_trade_no=order, out_request_no="R1")
    assert told.get("refund_status") == "REFUND_SUCCESS"
    assert client.precreate(out_trade_no="P", amount="1", subject="茶")["qr_code"]
    client.create(out_trade_no="C", amount="1", subject="茶", buyer_id=buyer.user_number)
    assert client.close(out_trade_no="C").succeeded
    assert available_minor(buyer) == 93_00


class Unreliable(requests.Session):
    """A network that delivers and then loses the answer, as often as it is told to."""

    def __init__(self, losses: int) -> None:
        super().__init__()
        self.losses = losses

    def post(self, *args: Any, **kwargs: Any) -> requests.Response:
        answer = super().post(*args, **kwargs)
        if self.losses:
            self.losses -= 1
            raise requests.ConnectionError("the answer was lost")
        return answer


def test_client_queries_after_a_lost_answer_and_pays_once(
    client: Client, buyer: WalletUser
) -> None:
    client.session = Unreliable(losses=1)
    sold = client.sell(out_trade_no="L", amount="12.00", subject="茶", auth_code=fresh_code(buyer))
    assert sold["trade_status"] == "TRADE_SUCCESS"
    assert available_minor(buyer) == 88_00


def test_client_cancels_what_it_never_learns_of(client: Client, buyer: WalletUser) -> None:
    client.session = Unreliable(losses=1)
    undone = client.sell(
        out_trade_no="L",
        amount="12.00",
        subject="茶",
        auth_code=fresh_code(buyer),
        patience_s=0.0,
    )
    assert undone["action"] == "refund"
    assert available_minor(buyer) == 100_00


def test_client_says_so_when_nothing_comes_back(client: Client) -> None:
    client.settings = dataclasses.replace(client.settings, gateway_url="http://127.0.0.1:9/")
    with pytest.raises(NoAnswer):
        client.query(out_trade_no="X")


@responses.activate
@pytest.mark.parametrize("body", ["<html>", "[]", "{}"])
def test_client_says_so_when_what_comes_back_cannot_be_read(client: Client, body: str) -> None:
    responses.post(client.settings.gateway_url, body=body)
    with pytest.raises(NoAnswer):
        client.query(out_trade_no="X")


@responses.activate
@pytest.mark.parametrize("sign", ["", ',"sign":"AAAA"'])
def test_client_believes_no_answer_without_a_good_signature(client: Client, sign: str) -> None:
    body = '{"alipay_trade_query_response":{"code":"10000","msg":"Success"}' + sign + "}"
    responses.post(client.settings.gateway_url, body=body)
    with pytest.raises(BadSignature):
        client.query(out_trade_no="X")


def test_client_shows_the_unsigned_answer_to_an_unknown_app(client: Client) -> None:
    client.settings = dataclasses.replace(client.settings, app_id="2021999999999999")
    assert client.query(out_trade_no="X").sub_code == "isv.invalid-app-id"


def notification(**fields: str) -> dict[str, str]:
    """A notification as the gateway signs it."""
    params = {"notify_id": "N1", "out_trade_no": "A", "charset": "utf-8"} | fields
    text = notification_canonical(params)
    signature = sign(gateway_signer().key, text.encode(), SignType.RSA2)
    return params | {"sign_type": "RSA2", "sign": signature}


def test_receiver_believes_signed_notifications_once(shop: Shop) -> None:
    seen: list[dict[str, str]] = []
    with Receiver(shop.gateway_pem, on_accept=seen.append) as receiver:
        for _ in range(2):
            answer = requests.post(receiver.url, data=notification(subject="茶"), timeout=5)
            assert (answer.status_code, answer.text) == (200, "success")
        forged = requests.post(receiver.url, data=notification() | {"subject": "x"}, timeout=5)
    assert forged.text == "failure"
    assert [one["subject"] for one in seen] == ["茶"]
    assert len(receiver.inbox.calls) == 3


def test_receiver_misbehaves_on_request(shop: Shop) -> None:
    plan = ResponsePlan(fail_first=1, slow_s=0.01, answer="ok")
    receiver = Receiver(shop.gateway_pem, plan=plan)
    body = urlencode(notification()).encode()
    assert receiver.receive(body) == (500, "out of order")
    assert receiver.receive(body) == (200, "ok")


def test_receiver_hears_of_a_payment(shop: Shop, sandbox: Path, buyer: WalletUser) -> None:
    with Receiver(shop.gateway_pem) as receiver:
        settings = dataclasses.replace(load(sandbox), notify_url=receiver.url)
        Client(settings).pay(
            out_trade_no="N", amount="1.00", subject="茶", auth_code=fresh_code(buyer)
        )
        advance(seconds=1)
        [heard] = receiver.inbox.accepted.values()
    assert (heard["out_trade_no"], heard["trade_status"]) == ("N", "TRADE_SUCCESS")
    assert not receiver.inbox.refused


def test_command_line_pays_and_refunds(
    sandbox: Path, buyer: WalletUser, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, dict[str, str]]:
        status = command_line.main(["--sandbox", str(sandbox), *arguments])
        return status, json.loads(capsys.readouterr().out)

    code = fresh_code(buyer)
    status, paid = run("pay", "--code", code, "--amount", "12.00", "--order", "A")
    assert (status, paid["total_amount"]) == (0, "12.00")
    assert run("query", "--order", "A")[1]["trade_status"] == "TRADE_SUCCESS"
    assert run("refund", "--order", "A", "--amount", "2", "--request", "R")[0] == 0
    assert run("refund-query", "--order", "A", "--request", "R")[1]["refund_amount"] == "2.00"
    assert run("cancel", "--order", "A")[0] == 1
    assert run("close", "--order", "NEVER")[1]["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert run("precreate", "--amount", "3", "--order", "B")[1]["qr_code"]


def test_command_line_ends_with_two_when_nothing_comes_back(
    sandbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = json.loads(sandbox.read_text()) | {"gateway_url": "http://127.0.0.1:9/"}
    sandbox.write_text(json.dumps(facts))
    assert command_line.main(["--sandbox", str(sandbox), "query", "--order", "A"]) == 2
    assert json.loads(capsys.readouterr().out)["error"] == "NoAnswer"


def test_till_sells_until_the_amount_is_left_empty(
    sandbox: Path,
    buyer: WalletUser,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = iter(["1.00", fresh_code(buyer), "1.00", "nonsense", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    assert command_line.main(["--sandbox", str(sandbox), "till"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "Success" in first
    assert "ACQ.PAYMENT_AUTH_CODE_INVALID" in second


def test_settings_ignore_facts_they_do_not_know(sandbox: Path) -> None:
    facts = json.loads(sandbox.read_text()) | {"buyer_id": "2088"}
    assert from_mapping(facts) == load(sandbox)


def test_signing_refuses_keys_that_are_not_rsa() -> None:
    ed25519 = (
        "-----BEGIN PUBLIC KEY-----\n"
        "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PUBLIC KEY-----\n"
    )
    with pytest.raises(ValueError, match="RSA public key"):
        signing.verify("x", "AAAA", ed25519, "RSA2", "utf-8")


def test_settings_are_plain_values() -> None:
    plain = Settings("http://x", "1", "p", "g")
    assert (plain.sign_type, plain.charset, plain.notify_url) == ("RSA2", "utf-8", "")
