"""The protocol's exact strings: what is signed, how answers are written."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from merchants.onboarding.values import SignType
from merchants.protocol import parameters, rules, signing
from merchants.protocol.values import UTF_8
from tests.vectors import load

GBK = rules.charset("gbk")
Known = dict[str, Any]


@pytest.fixture(scope="module")
def known() -> Known:
    found: Known = load("gateway.json")
    return found


def _fits(
    known: Known, key: str, message: bytes, sign: str, kind: SignType = SignType.RSA2
) -> bool:
    public = load_pem_public_key(known[key].encode())
    assert isinstance(public, RSAPublicKey)
    return signing.verify(public, message, sign, kind)


def test_builds_the_canonical_request_of_the_vector_from_its_wire_form(known: Known) -> None:
    vector = known["v2_request"]
    params = parameters.read_parameters(
        vector["query_string"].encode(),
        vector["body"].encode(),
        "application/x-www-form-urlencoded",
    )
    assert rules.request_canonical(params).decode() == vector["canonical"]
    assert params[b"sign"].decode() == vector["sign"]


@pytest.mark.parametrize(
    ("name", "kind"), [("v2_request", SignType.RSA2), ("v2_request_rsa1", SignType.RSA)]
)
def test_verifies_the_requests_of_the_vectors(known: Known, name: str, kind: SignType) -> None:
    vector = known[name]
    message = vector["canonical"].encode()
    assert _fits(known, "app_public_key", message, vector["sign"], kind)
    assert not _fits(known, "app_public_key", message + b" ", vector["sign"], kind)


def test_serialises_and_frames_the_answer_of_the_vector(known: Known) -> None:
    vector = known["v2_response"]
    node = json.loads(vector["signed_bytes"])
    content = rules.encode(rules.serialise(node), UTF_8)
    assert content.decode() == vector["signed_bytes"]
    framed = rules.frame("alipay_trade_precreate_response", content, vector["sign"])
    assert framed.decode() == vector["body"]
    assert _fits(known, "gateway_public_key", content, vector["sign"])


def test_serialises_the_error_answer_of_the_vector(known: Known) -> None:
    vector = known["v2_error_response"]
    content = rules.serialise(json.loads(vector["signed_bytes"]))
    assert content == vector["signed_bytes"]
    sign = json.loads(vector["body"])["sign"]
    framed = rules.frame("alipay_trade_query_response", content.encode(), sign)
    assert framed.decode() == vector["body"]


def test_builds_the_canonical_notification_of_the_vector(known: Known) -> None:
    vector = known["notification"]
    params = parameters.read_parameters(b"", vector["body"].encode(), "")
    text = {key.decode(): value.decode() for key, value in params.items()}
    assert rules.notification_canonical(text) == vector["canonical"]
    assert _fits(known, "gateway_public_key", vector["canonical"].encode(), vector["sign"])


@pytest.mark.parametrize(
    ("params", "candidates"),
    [
        pytest.param({b"b": b"2", b"a": b"1", b"sign": b"x"}, [b"a=1&b=2"], id="plain"),
        pytest.param(
            {b"b": b"", b"a": b"1", b"sign_type": b"RSA2"},
            [b"a=1&sign_type=RSA2", b"a=1&b=&sign_type=RSA2"],
            id="empties",
        ),
        pytest.param({b"b": b"@x", b"a": b"1"}, [b"a=1&b=@x"], id="at sign"),
    ],
)
def test_offers_each_string_a_client_may_have_signed(
    params: dict[bytes, bytes], candidates: list[bytes]
) -> None:
    assert list(rules.request_candidates(params)) == candidates


def test_what_php_takes_for_a_file_is_left_out_whole() -> None:
    assert rules.without_files({b"b": b"@x", b"a": b"1"}) == {b"a": b"1"}
    assert rules.without_files({b"a": b"1", b"c": b"x@y"}) is None


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("utf-8", "utf-8"), ("UTF-8", "utf-8"), ("", "utf-8"), ("GBK", "gbk"), ("GB2312", "gb2312")],
)
def test_knows_charsets_in_any_case(name: str, encoding: str) -> None:
    found = rules.charset(name)
    assert found is not None
    assert found.encoding == encoding


@pytest.mark.parametrize("name", ["latin-1", "utf-16", "base64", "utf-8;x"])
def test_knows_no_other_charset(name: str) -> None:
    assert rules.charset(name) is None


def test_keeps_the_callers_name_of_the_charset() -> None:
    assert GBK is not None
    assert GBK.name == "gbk"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a/b", '"a\\/b"'),
        ("\u2028\u2029", '"\\u2028\\u2029"'),
        ("中文", '"中文"'),
        ('"\\', '"\\"\\\\"'),
        ("\t\x01", '"\\t\\u0001"'),
    ],
)
def test_escapes_as_php_does(value: str, written: str) -> None:
    assert rules.serialise({"k": value}) == '{"k":' + written + "}"


def test_writes_what_the_charset_cannot_hold_as_an_escape() -> None:
    assert GBK is not None
    assert rules.encode('{"k":"中😀"}', GBK) == '{"k":"中'.encode("gbk") + b'\\ud83d\\ude00"}'


def test_cannot_be_asked_to_decode_with_the_json_escape() -> None:
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "json_escape")


@pytest.mark.parametrize(
    ("method", "node"),
    [
        ("alipay.trade.pay", "alipay_trade_pay_response"),
        ("no.such.method", "no_such_method_response"),
        ("", "error_response"),
        ('a"b', "error_response"),
        ("方法", "error_response"),
    ],
)
def test_names_the_node_after_the_method(method: str, node: str) -> None:
    assert rules.node_name(method) == node


@pytest.mark.parametrize(
    ("content", "safe"),
    [
        ('{"a":"1"}', True),
        ('{"a":"{}"}', True),
        ('{"a":[{"b":"1"}]}', True),
        ('{"a":"}"}', False),
        ('{"a":"}{"}', False),
        ('{"a":"{"}', False),
    ],
)
def test_tells_whether_a_brace_counter_finds_the_end(content: str, safe: bool) -> None:
    assert rules.cut_safe(content) is safe


def test_braces_that_do_not_pair_up_are_written_wide() -> None:
    node = {"a": "x}", "b": [{"c": "{y"}], "d": "{z}", "e": 1}
    told = rules.cuttable(node)
    assert told == {"a": "x｝", "b": [{"c": "｛y"}], "d": "{z}", "e": 1}


def test_puts_the_certificates_number_between_node_and_signature() -> None:
    framed = rules.frame("x_response", b'{"code":"10000"}', "S", "SN")
    assert framed == b'{"x_response":{"code":"10000"},"alipay_cert_sn":"SN","sign":"S"}'


def test_leaves_the_signature_out_where_none_is_due() -> None:
    assert rules.frame("x_response", b"{}", None) == b'{"x_response":{}}'


def test_shows_the_canonical_string_escaped_for_html() -> None:
    shown = rules.shown_canonical(b'a=1&b={"c":"<d>"}', UTF_8)
    assert shown == "a=1&amp;b={&quot;c&quot;:&quot;&lt;d&gt;&quot;}"


def test_escapes_braces_of_a_shown_string_that_do_not_pair_up() -> None:
    assert rules.shown_canonical(b"a={{}", UTF_8) == "a=&#123;&#123;&#125;"


@pytest.mark.parametrize(
    ("text", "fits"),
    [("ORDER-1", True), ("x" * 65, False), ("a{", False), ("a\x00", False), ("\ud800", False)],
)
def test_echoes_only_what_any_client_can_read(text: str, fits: bool) -> None:
    assert rules.echoable(text) is fits
