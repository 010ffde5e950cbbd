"""Enciphered content: the vector, both protocols, what cannot be deciphered."""

import base64
import json

import pytest
from django.conf import settings

from merchants.gateway import ciphers
from tests.gateway import cutouts
from tests.gateway.v3 import send
from tests.gateway.world import Shop, Told, fresh_code
from tests.vectors import load
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
QUERY = "alipay.trade.query"


def key_of(shop: Shop) -> bytes:
    """The app's key, as the sandbox prints it."""
    return ciphers.content_key(settings.DERIVATION_KEY, shop.app.app_number)


def ask(shop: Shop, method: str, content: object, charset: str = "utf-8") -> tuple[Told, str]:
    """Call a method with enciphered content; gives the raw answer and the clear node."""
    plain = json.dumps(content, ensure_ascii=False).encode(charset)
    text = ciphers.encrypt(plain, key_of(shop))
    params = shop.params(method, text, encrypt_type="AES", charset=charset)
    answer = shop.send(params)
    clear = ciphers.decrypt(str(answer.node), key_of(shop))
    assert clear is not None
    return answer, clear.decode(charset)


def test_reproduces_the_vector() -> None:
    vector = load("gateway.json")["aes"]
    key = base64.b64decode(vector["key_base64"])
    assert ciphers.encrypt(vector["plain"].encode(), key) == vector["cipher_base64"]
    assert ciphers.decrypt(vector["cipher_base64"], key) == vector["plain"].encode()


def test_gives_each_app_a_key_of_its_own() -> None:
    keys = {ciphers.content_key("master", app_id) for app_id in ("1", "2")}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {16}


@pytest.mark.parametrize("charset", ["utf-8", "GBK"])
def test_answers_enciphered_content_enciphered_and_signed(
    shop: Shop, buyer: WalletUser, charset: str
) -> None:
    content = {
        "out_trade_no": "AES1",
        "total_amount": "1.00",
        "subject": "茶",
        "scene": "bar_code",
        "auth_code": fresh_code(buyer),
    }
    answer, clear = ask(shop, "alipay.trade.pay", content, charset)
    assert json.loads(clear)["code"] == "10000"
    whole = json.loads(answer.raw)
    assert cutouts.fits(f'"{answer.node}"'.encode(), whole["sign"], shop.gateway_key)
    signed, sign = cutouts.official_java(answer.raw.decode(), "alipay_trade_pay_response")
    assert cutouts.fits(signed.encode(), sign, shop.gateway_key)


def test_enciphers_a_refusal_of_the_business_too(shop: Shop) -> None:
    _, clear = ask(shop, QUERY, {"out_trade_no": "X"})
    assert json.loads(clear)["sub_code"] == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "A" * 24])
def test_says_in_clear_that_it_cannot_decipher(shop: Shop, text: str) -> None:
    answer = shop.send(shop.params(QUERY, text or "=", encrypt_type="AES"))
    assert (answer.node["code"], answer.sub_code) == ("40003", "isv.decryption-error-unknown")
    assert not cutouts.refusals(answer.raw, QUERY, shop.gateway_key)


def test_says_in_clear_that_what_it_deciphered_is_no_text(shop: Shop) -> None:
    text = ciphers.encrypt(b"\xff\xfe", key_of(shop))
    answer = shop.send(shop.params(QUERY, text, encrypt_type="AES"))
    assert answer.sub_code == "isv.decryption-error-unknown"


def test_deciphers_under_the_rest_protocol(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    aes = {"HTTP_ALIPAY_ENCRYPT_TYPE": "AES"}
    key = key_of(shop)
    body = ciphers.encrypt(json.dumps({"out_trade_no": order}).encode(), key)
    clear = ciphers.decrypt(send(shop, content=body, **aes).content.decode(), key)
    assert json.loads(clear or b"")["trade_status"] == "TRADE_SUCCESS"
    unknown = send(shop, content=ciphers.encrypt(b'{"out_trade_no":"X"}', key), **aes)
    assert unknown.json()["code"] == "ACQ.TRADE_NOT_EXIST"
    broken = send(shop, content=ciphers.encrypt(b"\xff", key), **aes)
    assert broken.json()["code"] == "decryption-error-unknown"
