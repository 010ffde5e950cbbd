"""The protocol's edges: splits, charsets, signatures, sizes, shapes of refusals."""

import base64
import dataclasses
import json
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from merchants.gateway import endpoint
from merchants.onboarding import queries
from merchants.onboarding import rules as onboarding
from merchants.onboarding.models import App
from merchants.onboarding.queries import forget_credentials, gateway_signer
from merchants.onboarding.usecases.rotate_key import rotate_key
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from tests.factories.accounts import available_minor
from tests.factories.clock import advance
from tests.gateway import cutouts
from tests.gateway.world import FORM, Shop, Told, fresh_code, new_order, told
from wallet import public as wallet
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
QUERY = "alipay.trade.query"
X = {"out_trade_no": "X"}


def pay_params(
    shop: Shop, buyer: WalletUser, subject: str = "茶 Tea", **common: str
) -> dict[str, str]:
    """Parameters of an ordinary payment."""
    content = {
        "out_trade_no": new_order(),
        "total_amount": "12.00",
        "subject": subject,
        "scene": "bar_code",
        "auth_code": fresh_code(buyer),
    }
    return shop.params("alipay.trade.pay", content, **common)


@pytest.mark.parametrize("split", ["java", "node", "fzlee", "smartwalle", "gopay"])
@pytest.mark.parametrize("sign_type", ["RSA2", "RSA"])
def test_takes_every_split_charset_and_sign_type(
    shop: Shop, buyer: WalletUser, split: str, sign_type: str
) -> None:
    for charset in ("utf-8", "UTF-8", "GBK", "gb2312"):
        params = pay_params(shop, buyer, charset=charset, sign_type=sign_type)
        answer = shop.send(params, split=split)
        assert answer.node["code"] == "10000"
        assert answer.headers["Content-Type"] == f"text/html;charset={charset}"
        assert not cutouts.refusals(answer.raw, "alipay.trade.pay", shop.gateway_key, charset)


def test_takes_a_charset_named_in_query_and_body(shop: Shop) -> None:
    body = urlencode(shop.params(QUERY, X)).encode()
    answer = told(Client().generic("POST", "/gateway.do?charset=utf-8", body, FORM))
    assert answer.sub_code == "ACQ.TRADE_NOT_EXIST"


def test_takes_a_multipart_form(shop: Shop) -> None:
    response = Client().post("/gateway.do", shop.params(QUERY, X))
    assert told(response).sub_code == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize("extra", [{"alipay_sdk": "x"}, {"ws_service_url": "y"}, {"z": "@z"}])
def test_takes_unknown_parameters_as_part_of_what_is_signed(
    shop: Shop, extra: dict[str, str]
) -> None:
    params = shop.params(QUERY, X, **extra)
    assert shop.send(params).sub_code == "ACQ.TRADE_NOT_EXIST"
    changed = params | {next(iter(extra)): "changed"}
    assert shop.send(changed).sub_code == "isv.invalid-signature"


def test_takes_empty_parameters_signed_or_left_out(shop: Shop) -> None:
    params = shop.params(QUERY, X) | {"return_url": ""}
    assert shop.send(params).sub_code == "ACQ.TRADE_NOT_EXIST"
    text = "&".join(f"{key}={value}" for key, value in sorted(params.items()) if key != "sign")
    params["sign"] = _sign(shop, text.encode())
    assert shop.send(params).sub_code == "ACQ.TRADE_NOT_EXIST"


def test_leaves_values_that_begin_with_an_at_sign_out_as_php_does(shop: Shop) -> None:
    params = shop.params(QUERY, X) | {"memo": "@file"}
    assert shop.send(params).sub_code == "ACQ.TRADE_NOT_EXIST"


def test_nothing_unsigned_is_used(shop: Shop, buyer: WalletUser) -> None:
    order = {"out_trade_no": "AT1", "total_amount": "1.00", "subject": "T"}
    order["buyer_id"] = buyer.user_number
    params = shop.params("alipay.trade.create", order)
    forged = params | {"notify_url": "@http://evil.example/notify", "app_auth_token": "@stolen"}
    assert shop.send(forged).node["code"] == "10000"
    kept = wallet.payment_by_reference(payee_id=shop.merchant.id, reference="AT1")
    assert kept is not None
    assert "notify_url" not in kept.details
    signed = shop.params("alipay.trade.create", order, notify_url="@http://shop.example/n")
    assert "notify_url" in shop.send(signed).node["sub_msg"]


@pytest.mark.parametrize(
    ("version", "code", "sub_code"),
    [
        ("", "40001", "isv.missing-version"),
        ("2.0", "40002", "isv.invalid-version"),
        ("1", "40002", "isv.invalid-version"),
        ("1.0", "40004", "ACQ.TRADE_NOT_EXIST"),
    ],
)
def test_the_version_is_judged(shop: Shop, version: str, code: str, sub_code: str) -> None:
    answer = shop.send(shop.params(QUERY, X, version=version))
    assert (answer.node["code"], answer.sub_code) == (code, sub_code)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"subject": None}, "缺少必选参数: subject"),
        ({"subject": "x" * 257}, "长度超过256个字符: subject"),
        ({"out_trade_no": "a b"}, "格式不正确: out_trade_no"),
        ({"subject": ["x"]}, "类型应为字符串: subject"),
        ({"product_code": "JSAPI"}, "取值应为FACE_TO_FACE_PAYMENT或QR_CODE_OFFLINE: product_code"),
    ],
)
def test_a_field_is_refused_with_the_reason(shop: Shop, content: Any, why: str) -> None:
    good = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "T"}
    answer = shop.ask("alipay.trade.precreate", **(good | content))
    assert (answer.sub_code, answer.node["sub_msg"]) == (
        "ACQ.INVALID_PARAMETER",
        f"参数无效, {why}",
    )


def test_a_method_that_only_the_real_gateway_has_is_told_from_a_typing_error(shop: Shop) -> None:
    typed, real = (
        shop.ask(name) for name in ("alipay.trade.prcreate", "alipay.trade.commercial.order.create")
    )
    assert typed.sub_code == real.sub_code == "isv.invalid-method"
    assert typed.node["sub_msg"] == "不存在的方法名"
    assert "正式环境有此方法" in real.node["sub_msg"]


@pytest.mark.parametrize("product", ["QUICK_WAP_WAY", "FAST_INSTANT_TRADE_PAY", "nonsense"])
@pytest.mark.parametrize("method", ["pay", "precreate", "create"])
def test_a_sale_is_made_under_its_methods_own_products(
    shop: Shop, buyer: WalletUser, method: str, product: str
) -> None:
    content = {"out_trade_no": new_order(), "total_amount": "1.00", "subject": "T"}
    means = {"scene": "bar_code", "auth_code": fresh_code(buyer), "buyer_id": buyer.user_number}
    answer = shop.ask(f"alipay.trade.{method}", **content, **means, product_code=product)
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"
    assert answer.node["sub_msg"].endswith("product_code")


def test_a_fresh_installation_refuses_in_signed_words(db: None) -> None:
    forget_credentials()
    answer = told(Client().post("/gateway.do", {"charset": "utf-8"}))
    assert (answer.signed, answer.sub_code) == (True, "isv.missing-method")
    answer = told(Client().get("/gateway.do?method=alipay.trade.pay&charset=utf-8"))
    assert (answer.signed, answer.sub_code) == (True, "isv.missing-app-id")


def test_a_lost_database_is_answered_signed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway_signer()

    def lost(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(endpoint, "app_credentials", lost)
    monkeypatch.setattr(queries, "_notice_changes", lost)
    answer = shop.send(shop.params(QUERY, X))
    assert (answer.signed, answer.node["code"]) == (True, "20000")
    shop.check(answer)


def test_carries_a_whole_order_in_a_long_get(shop: Shop, buyer: WalletUser) -> None:
    goods = [{"goods_id": str(number), "goods_name": "茶" * 20} for number in range(60)]
    content = {"out_trade_no": "LONG1", "total_amount": 1, "subject": "T", "goods_detail": goods}
    params = shop.params("alipay.trade.precreate", content)
    assert len(urlencode(params)) > 8_000
    assert shop.send(params, split="fzlee").node["code"] == "10000"


def test_answers_every_request_with_a_trace_id(shop: Shop) -> None:
    traces = {shop.ask(QUERY, **X).headers["trace_id"] for _ in range(2)}
    assert len(traces) == 2
    assert all(int(trace, 16) for trace in traces)


def test_shows_its_own_string_when_a_signature_does_not_fit(shop: Shop) -> None:
    params = shop.params(QUERY, X)
    params["timestamp"] = "2026-01-01 00:00:00"
    answer = shop.send(params)
    assert (answer.node["code"], answer.sub_code) == ("40002", "isv.invalid-signature")
    shown = answer.node["sub_msg"].split("：")[-1]
    assert shown.startswith(f"app_id={shop.app.app_number}&amp;biz_content={{&quot;out_trade_no")
    assert not cutouts.refusals(answer.raw, QUERY, shop.gateway_key)


def test_the_page_for_browsers_shows_the_string_as_it_is(shop: Shop) -> None:
    params = shop.params("alipay.trade.page.pay", {"subject": "&amp; <b>"}, sign="bad")
    page = Client().post("/gateway.do", params).content.decode()
    shown = unescape(page.partition("验签字符串为：")[2].partition("</p>")[0])
    assert shown.startswith(f'app_id={shop.app.app_number}&biz_content={{"subject": "&amp; <b>"}}&')
    assert "<b>" not in page


@pytest.mark.parametrize("content", ['{"a":"}{"}', '{"a":"{', "}}}}", '"sign":"x"},"sign":"'])
def test_shows_broken_content_so_that_every_client_can_cut_it(shop: Shop, content: str) -> None:
    answer = shop.send(shop.params(QUERY, content, sign="bad"))
    assert answer.sub_code == "isv.invalid-signature"
    assert not cutouts.refusals(answer.raw, QUERY, shop.gateway_key)


@pytest.mark.parametrize("sign", ["x", "é", "=", "AAAA", "A" * 5000])
def test_refuses_what_is_no_signature(shop: Shop, sign: str) -> None:
    assert shop.send(shop.params(QUERY, X, sign=sign)).sub_code == "isv.invalid-signature"


def test_refuses_a_signature_of_another_key(shop: Shop) -> None:
    other = onboarding.new_key_pair().private_pkcs1_pem
    params = dataclasses.replace(shop, private_pem=other).params(QUERY, X)
    assert shop.send(params).sub_code == "isv.invalid-signature"


def test_takes_both_keys_during_a_rotation_and_the_new_one_after(shop: Shop) -> None:
    pair = onboarding.new_key_pair()
    rotate_key(
        app_number=shop.app.app_number, public_key=pair.public_pem, overlap=timedelta(hours=1)
    )
    old, new = shop, dataclasses.replace(shop, private_pem=pair.private_pkcs1_pem)
    assert [one.ask(QUERY, **X).sub_code for one in (old, new)] == ["ACQ.TRADE_NOT_EXIST"] * 2
    advance(hours=2)
    assert old.ask(QUERY, **X).sub_code == "isv.invalid-signature"
    assert new.ask(QUERY, **X).sub_code == "ACQ.TRADE_NOT_EXIST"


def test_leaves_the_answer_to_an_unknown_app_unsigned(shop: Shop) -> None:
    answer = shop.send(shop.params(QUERY, X, app_id="2021999999999999"))
    assert answer.raw.decode() == (
        '{"alipay_trade_query_response":{"code":"40002","msg":"Invalid Arguments",'
        '"sub_code":"isv.invalid-app-id","sub_msg":"无效的AppID参数"}}'
    )


@pytest.mark.parametrize(
    ("dropped", "sub_code"),
    [
        ("app_id", "isv.missing-app-id"),
        ("sign", "isv.missing-signature"),
        ("sign_type", "isv.missing-signature-type"),
        ("timestamp", "isv.missing-timestamp"),
        ("biz_content", "isv.missing-parameter"),
    ],
)
def test_names_the_common_parameter_that_is_missing(
    shop: Shop, dropped: str, sub_code: str
) -> None:
    params = shop.params(QUERY, X, **({} if dropped == "sign" else {dropped: ""}))
    params.pop(dropped, None)
    answer = shop.send(params)
    assert (answer.node["code"], answer.sub_code) == ("40001", sub_code)
    assert not cutouts.refusals(answer.raw, QUERY, shop.gateway_key)


def test_calls_the_node_an_error_where_no_method_is_named(shop: Shop) -> None:
    answer = shop.send(shop.params("", X))
    assert (answer.name, answer.sub_code) == ("error_response", "isv.missing-method")
    assert answer.signed


@pytest.mark.parametrize(
    ("common", "sub_code"),
    [
        ({"charset": "latin-1"}, "isv.invalid-charset"),
        ({"sign_type": "MD5"}, "isv.invalid-signature-type"),
        ({"format": "xml"}, "isv.invalid-format"),
        ({"timestamp": "yesterday"}, "isv.invalid-timestamp"),
        ({"timestamp": "2026-02-30 00:00:00"}, "isv.invalid-timestamp"),
        ({"encrypt_type": "DES"}, "isv.invalid-encrypt-type"),
        ({"notify_url": "http://x/" + "y" * 256}, "isv.invalid-parameter"),
    ],
)
def test_names_the_common_parameter_that_is_invalid(
    shop: Shop, common: dict[str, str], sub_code: str
) -> None:
    answer = shop.send(shop.params(QUERY, X, **common))
    assert (answer.node["code"], answer.sub_code) == ("40002", sub_code)
    assert not cutouts.refusals(answer.raw, QUERY, shop.gateway_key)


def test_answers_an_unknown_method_under_its_own_name(shop: Shop) -> None:
    answer = shop.ask("no.such.method")
    assert (answer.name, answer.sub_code) == ("no_such_method_response", "isv.invalid-method")


@pytest.mark.parametrize(
    ("common", "code", "sub_code"),
    [
        ({"encrypt_type": "AES"}, "40003", "isv.decryption-error-unknown"),
        ({"app_auth_token": "t"}, "20001", "aop.invalid-app-auth-token"),
    ],
)
def test_refuses_what_the_app_has_not_set_up(
    shop: Shop, common: dict[str, str], code: str, sub_code: str
) -> None:
    answer = shop.send(shop.params(QUERY, X, **common))
    assert (answer.node["code"], answer.sub_code) == (code, sub_code)


@pytest.mark.parametrize("content", ["x", "[]", "1", "null", "{", '{"a":NaN}', "[" * 9_000])
def test_refuses_content_that_is_no_json_object(shop: Shop, content: str) -> None:
    answer = shop.send(shop.params(QUERY, content))
    assert (answer.node["code"], answer.sub_code) == ("40002", "isv.invalid-parameter")


def test_refuses_bytes_that_are_no_text_in_the_charset(shop: Shop) -> None:
    raw = {key.encode(): value.encode() for key, value in shop.params(QUERY, X).items()}
    raw[b"biz_content"] = b'{"out_trade_no":"\xff\xfe"}'
    text = b"&".join(key + b"=" + raw[key] for key in sorted(raw) if key != b"sign")
    raw[b"sign"] = _sign(shop, text).encode()
    answer = told(Client().generic("POST", "/gateway.do", urlencode(raw).encode(), FORM))
    assert answer.sub_code == "isv.invalid-charset"
    assert not cutouts.refusals(answer.raw, QUERY, shop.gateway_key)


def test_refuses_a_return_address_that_is_no_text(shop: Shop) -> None:
    params = shop.params("alipay.trade.page.pay", X)
    raw = {key.encode(): value.encode() for key, value in params.items()}
    raw[b"return_url"] = b"\xed\x01"
    text = b"&".join(key + b"=" + raw[key] for key in sorted(raw) if key != b"sign")
    raw[b"sign"] = _sign(shop, text).encode()
    page = Client().generic("POST", "/gateway.do", urlencode(raw).encode(), FORM)
    assert "错误代码 invalid-charset" in page.content.decode()


def test_echoes_no_order_number_that_a_client_could_not_cut(shop: Shop) -> None:
    assert shop.ask("alipay.trade.cancel", out_trade_no="}{").sub_code == "ACQ.INVALID_PARAMETER"


@pytest.mark.parametrize("size", [300_000, 2_000_000])
def test_refuses_a_huge_body_in_the_protocols_words(shop: Shop, size: int) -> None:
    params = shop.params(QUERY, X)
    content = params.pop("biz_content")
    body = urlencode({"biz_content": content + " " * size}).encode()
    path = "/gateway.do?" + urlencode(params)
    answer = told(Client().generic("POST", path, body, FORM))
    assert (answer.node["code"], answer.sub_code) == ("40002", "isv.invalid-parameter")
    assert not cutouts.refusals(answer.raw, QUERY, shop.gateway_key)


def test_refuses_a_flood_of_parameters(shop: Shop) -> None:
    flood = {f"p{number}": "x" for number in range(500)}
    for split in ("java", "gopay", "fzlee"):
        answer = shop.send(flood | shop.params(QUERY, X), split=split)
        named = ("alipay_trade_query_response", "isv.invalid-parameter")
        assert (answer.name, answer.sub_code) == named
        shop.check(answer)
    assert shop.send(flood).name == "error_response"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])
def test_knows_get_and_post_only(shop: Shop, method: str) -> None:
    assert Client().generic(method, "/gateway.do").status_code == 405


def test_refuses_an_app_that_is_switched_off(shop: Shop) -> None:
    App.objects.update(state="DISABLED")
    answer = shop.ask(QUERY, **X)
    assert (answer.node["code"], answer.sub_code) == (
        "40006",
        "isv.insufficient-isv-permissions",
    )


def test_lets_a_suspended_merchant_refund_but_not_sell(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    suspend_merchant(merchant_id=shop.merchant.id, reason="test", actor="operator:mia")
    assert shop.pay(fresh_code(buyer)).sub_code == "ACQ.ACCESS_FORBIDDEN"
    refunded = shop.ask("alipay.trade.refund", out_trade_no=order, refund_amount="12.00")
    assert refunded.node["code"] == "10000"
    assert available_minor(buyer) == 1_000_00


def test_judges_the_callers_clock_only_where_it_is_told_to(shop: Shop, settings: Settings) -> None:
    late = shop.params(QUERY, X, timestamp="2020-01-01 00:00:00")
    assert shop.send(late).sub_code == "ACQ.TRADE_NOT_EXIST"
    settings.SAOMA_GATEWAY_MAX_SKEW_S = 300
    assert shop.send(late).sub_code == "isv.invalid-timestamp"
    assert shop.ask(QUERY, **X).sub_code == "ACQ.TRADE_NOT_EXIST"


def test_signs_an_answer_even_when_something_breaks(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("merchants.gateway.endpoint.schema.read", broken)
    answer: Told = shop.ask(QUERY, **X)
    assert (answer.node["code"], answer.sub_code) == ("20000", "isp.unknow-error")


def test_writes_slashes_as_php_does(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer)
    reason = "a/b “é” 😀"
    shop.ask(
        "alipay.trade.refund",
        out_trade_no=order,
        refund_amount="1.00",
        out_request_no="R1",
        refund_reason=reason,
    )
    method = "alipay.trade.fastpay.refund.query"
    answer = shop.ask(method, out_trade_no=order, out_request_no="R1")
    assert answer.node["refund_reason"] == reason
    assert rb"a\/b" in answer.raw
    gbk = shop.send(
        shop.params(method, {"out_trade_no": order, "out_request_no": "R1"}, charset="GBK")
    )
    assert json.loads(gbk.raw.decode("gbk"))


def _sign(shop: Shop, message: bytes) -> str:
    """Sign exactly these bytes with the shop's key."""
    key = onboarding.load_private_key(shop.private_pem.encode())
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()
