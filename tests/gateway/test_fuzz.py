"""Mutated requests: never a 500, never unsigned where a signature is due, books clean.

Each example begins as a request that would succeed and is then damaged: parameters
changed, dropped, doubled, re-encoded; JSON torn; signatures kept or made anew.
SAOMA_FUZZ_EXAMPLES raises the number for a long run.
"""

import json
import os
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.mock_merchant import signing
from merchants.gateway.dispatcher import METHODS
from tests.gateway import cutouts
from tests.gateway.world import FORM, Shop, fresh_code, new_order, told
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

EXAMPLES = int(os.environ.get("SAOMA_FUZZ_EXAMPLES", "60"))
ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "1e400", "null", "[]", "{}", '"', "\x00", "\ud83d", "}{", "中"]
    ),
    st.integers().map(str),
)
FIELDS = (
    "out_trade_no",
    "trade_no",
    "total_amount",
    "refund_amount",
    "out_request_no",
    "subject",
    "scene",
    "auth_code",
    "buyer_id",
    "timeout_express",
    "time_expire",
    "goods_detail",
    "query_options",
    "seller_id",
)
VALUES = st.one_of(
    ODD,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(ODD, max_size=3),
    st.dictionaries(ODD, ODD, max_size=3),
)
COMMON = (
    "app_id",
    "method",
    "format",
    "charset",
    "sign_type",
    "timestamp",
    "version",
    "notify_url",
    "app_auth_token",
    "encrypt_type",
    "biz_content",
    "sign",
)


@st.composite
def damage(draw: st.DrawFn) -> dict[str, Any]:
    """What is done to one request."""
    return {
        "method": draw(st.sampled_from([*METHODS, "no.such.method"])),
        "content": draw(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4)),
        "before": draw(st.dictionaries(st.sampled_from(COMMON), ODD, max_size=1)),
        "after": draw(st.dictionaries(st.sampled_from(COMMON), ODD, max_size=1)),
        "split": draw(st.sampled_from(["query", "body", "both"])),
        "noise": draw(st.one_of(st.just(b""), st.binary(max_size=20))),
        "content_type": draw(st.sampled_from([FORM, "", "multipart/form-data; boundary=x", "x"])),
    }


def encoded(params: dict[str, str]) -> bytes:
    """Percent-encode, halves of surrogate pairs included."""
    return "&".join(
        f"{name}={quote_plus(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in params.items()
    ).encode()


def signed(shop: Shop, params: dict[str, str]) -> dict[str, str]:
    """Sign what can be signed."""
    try:
        return params | {"sign": signing.sign_request(params, shop.private_pem, "RSA2", "utf-8")}
    except UnicodeEncodeError:
        return params | {"sign": "x"}


@pytest.mark.django_db
def test_mutated_requests_are_answered_in_the_protocols_words(
    shop: Shop, buyer: WalletUser
) -> None:
    http = Client(raise_request_exception=True)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(damage())
    def run(plan: dict[str, Any]) -> None:
        order = {
            "out_trade_no": new_order(),
            "total_amount": "0.01",
            "refund_amount": "0.01",
            "out_request_no": "R",
            "subject": "Tea",
            "scene": "bar_code",
            "auth_code": fresh_code(buyer),
            "buyer_id": buyer.user_id,
            "product_code": "FAST_INSTANT_TRADE_PAY",
        }
        content = json.dumps({**order, **plan["content"]})
        params = shop.params(str(plan["method"]), content)
        params = signed(shop, params | plan["before"]) | plan["after"]
        whole = encoded(params)
        query = whole.decode() if plan["split"] in ("query", "both") else ""
        body = (b"" if plan["split"] == "query" else whole) + plan["noise"]
        check(shop, http.generic("POST", f"/gateway.do?{query}", body, plan["content_type"]))

    run()
    assert verify_ledger().passed


def check(shop: Shop, response: Any) -> None:
    """Hold one answer to the rules, whatever the request was."""
    if response.status_code == 302 or response.content.startswith(b"<!doctype"):
        assert b"unknow-error" not in response.content
        return
    charset = str(response.headers["Content-Type"]).partition("charset=")[2]
    answer = told(response, charset)
    assert answer.node["code"] in {
        *("10000", "10003", "20000", "20001", "40001", "40002", "40003", "40004", "40005"),
        "40006",
    }
    assert answer.sub_code != "isp.unknow-error"
    if answer.sub_code == "isv.invalid-app-id":
        assert not answer.signed
        return
    assert answer.signed
    method = answer.name.removesuffix("_response")
    if method != "error":
        refused = cutouts.refusals(response.content, method, shop.gateway_key, charset)
        assert not refused, (refused, response.content)
