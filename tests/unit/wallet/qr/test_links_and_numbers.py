"""Links, UPI, numbers, slips: what is not TLV of EMVCo."""

from datetime import UTC, datetime

import pytest

from wallet.qr import links
from wallet.qr.classify import classify
from wallet.qr.crc import checksum
from wallet.qr.links import canonical_token, own_token
from wallet.qr.swiss import read_bill
from wallet.qr.values import Kind

TOKEN = "0123456789ABCDEFGHJKMNPQRS"
HOSTS = ("pay.test:8000",)


@pytest.mark.parametrize(
    "payload",
    [
        f"HTTPS://PAY.TEST:8000/Q/{TOKEN}",
        f"https://pay.test:8000/q/{TOKEN.lower()}/",
        f"http://pay.test:8000/q/{TOKEN.replace('0', 'O').replace('1', 'l')}",
    ],
)
def test_our_link_is_known_in_any_case_of_letters(payload: str) -> None:
    assert own_token(payload, hosts=HOSTS) == TOKEN


@pytest.mark.parametrize(
    "payload",
    [
        f"https://other.test/q/{TOKEN}",
        f"https://pay.test:8000@evil.test/q/{TOKEN}",
        f"https://pay.test:8000/q/{TOKEN}0",
        "https://pay.test:8000/q/short",
        "https://pay.test:8000/about",
        f"https://pay.test:99999/q/{TOKEN}",
        f"https://[pay/q/{TOKEN}",
        f"ftp://pay.test:8000/q/{TOKEN}",
        f"https:///q/{TOKEN}",
        f"https://pay.test:8000/q/{TOKEN}/ x",
    ],
)
def test_a_link_that_only_looks_like_ours_is_not(payload: str) -> None:
    assert own_token(payload, hosts=HOSTS) == ""


def test_a_token_has_no_letter_u() -> None:
    assert canonical_token("U" * 26) == ""


@pytest.mark.parametrize(
    ("payload", "kind", "issuer", "form"),
    [
        ("HTTPS://QR.ALIPAY.COM/FKX123", Kind.URL, "alipay", "static"),
        ("https://qr.alipay.com/bax456", Kind.URL, "alipay", "order"),
        ("https://qr.alipay.com/tsx789", Kind.URL, "alipay", "other"),
        ("https://qr.alipay.com/fkx123?t=1650000000000", Kind.URL, "alipay", "static"),
        ("https://qr.alipay.com/bax456?t=1#top", Kind.URL, "alipay", "order"),
        ("HTTP://QR.ALIPAY.COM/FKX123?T=1", Kind.URL, "alipay", "static"),
        ("qr.alipay.com/fkx123?t=1", Kind.URL, "alipay", "static"),
        ("wxp://f2f0abc", Kind.URI, "wechat", "static"),
        ("weixin://wxpay/bizpayurl?pr=abc", Kind.URI, "wechat", "order"),
        ("https://qr.95516.com/00010000/1", Kind.URL, "unionpay", "other"),
    ],
)
def test_the_wallets_links_are_told_apart(payload: str, kind: Kind, issuer: str, form: str) -> None:
    reading = classify(payload)

    assert reading.kind is kind
    assert (reading.fields["issuer"], reading.fields["form"]) == (issuer, form)


def test_an_app_link_gives_the_code_it_wraps() -> None:
    wrapped = "https%3A%2F%2Fqr.alipay.com%2Fbax1"
    reading = classify(f"alipays://platformapi/startapp?saId=10000007&qrcode={wrapped}")

    assert reading.details == {"qrcode": "https://qr.alipay.com/bax1"}


def test_an_unknown_link_warns_and_names_its_host() -> None:
    reading = classify("https://prize.example/win")

    assert reading.warnings
    assert reading.fields["host"] == "prize.example"


@pytest.mark.parametrize("payload", ["https://", "https://a@b/", "https://a.test/" + "x" * 2100])
def test_a_malformed_link_is_invalid(payload: str) -> None:
    assert links.read_link(payload).errors == ("url_invalid",)


def test_an_own_link_gives_its_token() -> None:
    assert links.read_link(f"https://{HOSTS[0]}/q/{TOKEN}", hosts=HOSTS).fields["token"] == TOKEN


@pytest.mark.parametrize(
    ("payload", "issuer"),
    [
        ("286248566432274952", "alipay"),
        ("3012345678901234", "alipay"),
        ("251001020123456789012345", "alipay+"),
        ("2891234567890612345", "alipay+"),
        ("2891234567890512345", "alipay"),
        ("134567890123456789", "wechat"),
        ("6212345678901234567", "unionpay"),
    ],
)
def test_a_payment_code_is_known_by_its_prefix(payload: str, issuer: str) -> None:
    reading = classify(payload)

    assert reading.kind is Kind.PAYCODE
    assert reading.fields["issuer"] == issuer


@pytest.mark.parametrize(
    ("payload", "error"),
    [("9912345678901234", "network_unsupported"), ("12345", "field_invalid(length)")],
)
def test_a_number_that_is_nobodys_is_refused(payload: str, error: str) -> None:
    assert classify(payload).errors == (error,)


def test_a_short_number_is_a_one_time_password() -> None:
    assert classify("755224").kind is Kind.OTP


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("pa=li@bank&am=10.00&cu=INR", ()),
        ("pa=li@bank", ()),
        ("pa=li", ("field_invalid(pa)",)),
        ("pa=li@bank&am=0", ("amount_invalid",)),
        ("pa=li@bank&am=1.234", ("amount_invalid",)),
        ("pa=li@bank&cu=USD", ("currency_unsupported",)),
        ("pa=li@bank&pa=wang@bank", ("duplicate_id(pa)",)),
    ],
)
def test_a_upi_link_names_payee_and_amount(query: str, errors: tuple[str, ...]) -> None:
    assert classify(f"upi://pay?{query}").errors == errors


def test_a_upi_link_in_capitals_is_the_same_link() -> None:
    shout = classify(
        "UPI://PAY?PA=LI@BANK&PN=LI&AM=10.00&CU=INR&ORGID=1&QREXPIRE=2030-01-01T00:00:00Z"
    )

    assert shout.valid
    assert shout.fields == {
        "pa": "LI@BANK",
        "pn": "LI",
        "am": "10.00",
        "cu": "INR",
        "orgid": "1",
        "QRexpire": "2030-01-01T00:00:00Z",
    }
    assert classify("upi://pay?pa=li@bank&PA=wang@bank").errors == ("duplicate_id(pa)",)


def test_a_upi_link_expires_when_it_says_so() -> None:
    link = "upi://pay?pa=li@bank&QRexpire=2021-08-20T17:48:19+05:30"

    assert classify(link).valid
    assert classify(link, at=datetime(2021, 8, 20, 12, 18, tzinfo=UTC)).valid
    assert classify(link, at=datetime(2021, 8, 20, 12, 19, tzinfo=UTC)).errors == ("expired",)
    assert classify("upi://pay?pa=li@bank&QRexpire=soon", at=datetime(2030, 1, 1, tzinfo=UTC)).valid


@pytest.mark.parametrize(
    ("link", "errors"),
    [
        ("TWQRP://個人轉帳/158/02/V1?D5=013&D6=0000699500327859&D10=901", ()),
        ("twqrp://NTTransfer/158/02/V1?D1=10000&D5=013&D6=0000699500327859&D9=hi", ()),
        ("TWQRP%3A%2F%2FNTTransfer%2F158%2F02%2FV1%3FD5%3D013%26D6%3D0000699500327859", ()),
        ("TWQRP://shop/158/01/V1?D1=10000&D2=0001&D3=AeHoYzwSULbZ&D10=901", ()),
        ("TWQRP://x/158/02/V1?D6=0000699500327859", ("field_invalid(D5)",)),
        ("TWQRP://x/158/02/V1?D5=013&D6=1", ("field_invalid(D6)",)),
        ("TWQRP://x/158/01/V1?D1=ten", ("amount_invalid",)),
        ("TWQRP://x/158/01/V1?D1=1&D1=2", ("duplicate_id(D1)",)),
        ("TWQRP://x/158/01/V1?D1=1&D10=840", ("currency_unsupported",)),
        ("TWQRP://x/702/01/V1?D1=1", ("network_unsupported",)),
        ("TWQRP://x/158/01/V1?D9=" + "x" * 2100, ("too_long",)),
    ],
)
def test_a_taiwanese_link_is_read_by_its_own_rules(link: str, errors: tuple[str, ...]) -> None:
    reading = classify(link)

    assert (reading.kind, reading.profile, reading.errors) == (Kind.URI, "twqrp", errors)


def test_a_taiwanese_transfer_names_bank_and_account() -> None:
    details = classify("TWQRP://NTTransfer/158/02/V1?D5=013&D6=0000699500327859").details

    assert (details["type"], details["bank"], details["account"]) == (
        "transfer",
        "013",
        "0000699500327859",
    )


def test_a_upi_link_of_another_action_or_without_end_is_refused() -> None:
    assert classify("UPI://eat?pa=li@bank").errors == ("network_unsupported",)
    assert classify("upi://pay?pa=li@bank&tn=" + "x" * 2100).errors == ("too_long",)


def test_a_upi_signature_is_mentioned_as_unverified() -> None:
    assert classify("upi://pay?pa=li@bank&sign=abc").warnings == ("signature not verified",)


def test_a_slip_is_read_and_never_a_payment() -> None:
    body = "004000060000010103002021900021231231212000115102TH9104"
    reading = classify(body + checksum(body))

    assert reading.kind is Kind.SLIP
    assert reading.valid
    assert reading.warnings == ("not a payment code",)


def test_a_slip_without_its_checksum_is_refused() -> None:
    body = "004000060000010103002021900021231231212000115102TH"

    assert classify(body).errors == ("crc_missing",)
    assert classify(body + "91040000").errors == ("crc_mismatch",)


def test_a_bill_with_another_first_line_is_named() -> None:
    text = "\n".join(["SPX"] + ["x"] * 30)

    assert "field_invalid(type)" in read_bill(text).errors
