"""Certificate mode: numbers that all clients work out alike, answers that name ours."""

import base64
import dataclasses
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from config.kernel import clock
from merchants.certificates import queries, rules
from merchants.certificates.models import Certificate
from merchants.certificates.usecases.issue_app_certificate import issue_app_certificate
from merchants.certificates.values import Trio
from merchants.onboarding import rules as onboarding
from merchants.onboarding.models import AppKey
from tests.factories.accounts import client_of
from tests.factories.clock import advance, later
from tests.gateway import cutouts
from tests.gateway.rows_certificates import DOWNLOAD, certified
from tests.gateway.v3 import NONCE, send
from tests.gateway.world import Shop, Told, make_shop
from tests.vectors import load
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
QUERY = "alipay.trade.query"
X = {"out_trade_no": "X"}


def ask(shop: Shop, held: Trio, **changed: str) -> Told:
    """Ask in certificate mode."""
    numbers = {"app_cert_sn": held.app_sn, "alipay_root_cert_sn": held.roots_sn}
    method = changed.pop("method", QUERY)
    return shop.send(shop.params(method, X, **(numbers | changed)))


def new_pair(shop: Shop) -> Shop:
    """The shop with a key pair that nobody knows yet."""
    return dataclasses.replace(shop, private_pem=onboarding.new_key_pair().private_pkcs1_pem)


def signing_request(pem: str) -> str:
    """A signing request, as the platform's own tool makes one."""
    draft = x509.CertificateSigningRequestBuilder().subject_name(rules.name("CN", "a", "b", "c"))
    made = draft.sign(onboarding.load_private_key(pem.encode()), SHA256())
    return made.public_bytes(Encoding.PEM).decode()


def test_numbers_follow_the_vectors() -> None:
    known = load("gateway.json")["cert_sn"]
    assert rules.printed(rules.name(*rules.ROOT_NAME)) == known["issuer_rfc2253"]
    sn = rules.serial_name(known["issuer_rfc2253"], int(known["serial_decimal"]))
    assert sn == known["sn"]


def test_all_three_certificates_belong_together(shop: Shop) -> None:
    held = certified(shop)
    root = x509.load_pem_x509_certificates(held.roots_pem.encode())[0]
    for pem in (held.app_pem, held.gateway_pem):
        leaf = x509.load_pem_x509_certificate(pem.encode())
        leaf.verify_directly_issued_by(root)
        assert rules.sn_of(leaf) in {held.app_sn, held.gateway_sn}
    assert rules.is_rsa_signed(root)
    assert held.roots_sn.split("_")[0] == rules.sn_of(root)


def test_the_bundle_has_a_root_to_skip_and_a_serial_beyond_64_bits(shop: Shop) -> None:
    held = certified(shop)
    texts = held.roots_pem.strip().split("\n\n")
    roots = [x509.load_pem_x509_certificate(text.encode()) for text in texts]
    assert [rules.is_rsa_signed(root) for root in roots] == [True, False, True]
    counted = [root for root in roots if rules.is_rsa_signed(root)]
    assert held.roots_sn == "_".join(rules.sn_of(root) for root in counted)
    assert counted[1].serial_number > 2**63
    # PHP's library reads such a number as hexadecimal text and writes it out in decimal.
    assert str(int(f"0x{counted[1].serial_number:X}", 16)) == str(counted[1].serial_number)
    for root in roots:
        root.verify_directly_issued_by(root)


def test_roots_of_an_earlier_bundle_are_good_and_made_up_ones_are_not(shop: Shop) -> None:
    held = certified(shop)
    first, second = held.roots_sn.split("_")
    for good in (held.roots_sn, first, f"{second}_{first}"):
        assert ask(shop, held, alipay_root_cert_sn=good).sub_code == "ACQ.TRADE_NOT_EXIST"
    for bad in (second, f"{first}_{first}", f"{first}_{'0' * 32}", f"{first}_", first.upper()):
        refused = ask(shop, held, alipay_root_cert_sn=bad)
        assert refused.sub_code == "isv.invalid-alipay-root-cert-sn"


def test_several_roots_stand_apart_by_blank_lines() -> None:
    assert rules.bundle(["a\n", "b\n"]) == "a\n\nb\n"
    assert rules.bundle_sn(["1", "2"]) == "1_2"


def test_an_answer_names_our_certificate_and_all_clients_accept_it(shop: Shop) -> None:
    held = certified(shop)
    answer = ask(shop, held)
    assert answer.sub_code == "ACQ.TRADE_NOT_EXIST"
    assert f'"alipay_cert_sn":"{held.gateway_sn}","sign":'.encode() in answer.raw
    shop.check(answer)
    assert "alipay_cert_sn" not in shop.ask(QUERY, **X).raw.decode()


@pytest.mark.parametrize(
    ("changed", "sub_code"),
    [
        ({"method": ""}, "isv.missing-method"),
        ({"method": "no.such.method"}, "isv.invalid-method"),
        ({"app_id": ""}, "isv.missing-app-id"),
        ({"sign": ""}, "isv.missing-signature"),
        ({"sign_type": ""}, "isv.missing-signature-type"),
        ({"sign_type": "MD5"}, "isv.invalid-signature-type"),
        ({"charset": "latin-1"}, "isv.invalid-charset"),
        ({"app_cert_sn": "0" * 32}, "isv.app-cert-not-exist"),
    ],
)
def test_an_early_refusal_names_our_certificate_too(
    shop: Shop, changed: dict[str, str], sub_code: str
) -> None:
    held = certified(shop)
    answer = ask(shop, held, **changed)
    assert answer.sub_code == sub_code
    assert f'"alipay_cert_sn":"{held.gateway_sn}","sign":'.encode() in answer.raw
    shop.check(answer)


def test_an_unsigned_refusal_names_no_certificate(shop: Shop) -> None:
    answer = ask(shop, certified(shop), app_id="2021999999999999")
    assert (answer.signed, answer.sub_code) == (False, "isv.invalid-app-id")
    assert b"alipay_cert_sn" not in answer.raw


@pytest.mark.parametrize("sn", ["0" * 32, "x", "x" * 400])
def test_an_unknown_certificate_is_refused(shop: Shop, sn: str) -> None:
    answer = ask(shop, certified(shop), app_cert_sn=sn)
    assert (answer.signed, answer.sub_code) == (True, "isv.app-cert-not-exist")


def test_another_apps_certificate_is_refused(shop: Shop) -> None:
    certified(shop)
    theirs = certified(make_shop("Noodle Bar"))
    assert ask(shop, theirs).sub_code == "isv.app-cert-not-exist"


@pytest.mark.parametrize("sn", ["0" * 32, ""])
def test_other_roots_are_refused(shop: Shop, sn: str) -> None:
    answer = ask(shop, certified(shop), alipay_root_cert_sn=sn)
    assert answer.sub_code == "isv.invalid-alipay-root-cert-sn"


def test_only_the_key_in_the_certificate_signs(shop: Shop) -> None:
    held = certified(shop)
    assert ask(new_pair(shop), held).sub_code == "isv.invalid-signature"


def test_a_certificate_ends_with_its_time_and_is_renewed(shop: Shop) -> None:
    held = certified(shop)
    assert certified(shop) == held
    later(days=5 * 365 - 89)
    renewed = certified(shop)
    assert renewed.app_sn != held.app_sn
    assert renewed.gateway_sn != held.gateway_sn
    assert ask(shop, held).sub_code == "ACQ.TRADE_NOT_EXIST"
    later(days=90)
    assert ask(shop, held).sub_code == "isv.app-cert-not-exist"
    assert shop.ask(DOWNLOAD, alipay_cert_sn=held.gateway_sn).node["code"] == "10000"


def test_old_and_new_certificates_are_good_together_for_the_overlap(shop: Shop) -> None:
    held, renewed = certified(shop), new_pair(shop)
    issue_app_certificate(
        app_number=shop.app.app_number, request=signing_request(renewed.private_pem)
    )
    second = queries.trio(shop.app.app_number)
    assert second.app_sn != held.app_sn
    assert ask(shop, held).sub_code == "ACQ.TRADE_NOT_EXIST"
    assert ask(renewed, second).sub_code == "ACQ.TRADE_NOT_EXIST"
    advance(hours=24)
    assert ask(shop, held).sub_code == "isv.app-cert-not-exist"
    assert ask(renewed, second).sub_code == "ACQ.TRADE_NOT_EXIST"


def test_a_revoked_key_takes_its_certificate_along(shop: Shop) -> None:
    held = certified(shop)
    AppKey.objects.update(state="REVOKED", revoked_at=clock.now())
    assert ask(shop, held).sub_code == "isv.app-cert-not-exist"


def test_our_certificate_can_be_fetched_by_its_number(shop: Shop) -> None:
    held = certified(shop)
    node = shop.ask(DOWNLOAD, alipay_cert_sn=held.gateway_sn).node
    assert base64.b64decode(node["alipay_cert_content"]).decode() == held.gateway_pem
    assert shop.ask(DOWNLOAD, alipay_cert_sn=held.app_sn).sub_code == "CERT_NOT_EXIST"


def test_the_rest_protocol_knows_certificates_too(shop: Shop) -> None:
    held = certified(shop)
    auth = f"app_id={shop.app.app_number},app_cert_sn={held.app_sn},nonce={NONCE},timestamp=1"
    good = {"HTTP_ALIPAY_ROOT_CERT_SN": held.roots_sn}
    answer = send(shop, content=X, auth=auth, **good)
    assert answer.json()["code"] == "ACQ.TRADE_NOT_EXIST"
    assert answer.headers["alipay-sn"] == held.gateway_sn
    wrong = send(shop, content=X, auth=auth.replace(held.app_sn, "0" * 32), **good)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "app-cert-not-exist")
    assert send(shop, content=X, auth=auth).json()["code"] == "invalid-alipay-root-cert-sn"
    assert "alipay-sn" not in send(shop, content=X).headers


def test_an_owner_asks_for_a_certificate_and_fetches_the_files(
    shop: Shop, buyer: WalletUser
) -> None:
    path = f"/api/v1/apps/{shop.app.app_number}/certificates"
    owner = client_of(WalletUser.objects.get(id=shop.merchant.owner_id))
    assert owner.get(path).status_code == 404
    asked = {"request": signing_request(shop.private_pem)}
    made = owner.post(path, asked, format="json")
    assert made.status_code == 201
    assert owner.get(path).json() == made.json() == owner.post(path, asked, format="json").json()
    assert client_of(buyer).get(path).status_code == 404
    assert "PRIVATE" not in str(made.json())


def test_what_is_no_request_is_refused(shop: Shop) -> None:
    path = f"/api/v1/apps/{shop.app.app_number}/certificates"
    owner = client_of(WalletUser.objects.get(id=shop.merchant.owner_id))
    draft = x509.CertificateSigningRequestBuilder().subject_name(rules.name("CN", "a", "b", "c"))
    curve = draft.sign(new_ec_key(SECP256R1()), SHA256()).public_bytes(Encoding.PEM).decode()
    good = signing_request(shop.private_pem)
    torn = good[:200] + good[240:]
    for text in (curve, torn, "CERTIFICATE REQUEST", "CERTIFICATE REQUEST" * 900, "x"):
        answer = owner.post(path, {"request": text}, format="json")
        assert answer.status_code == 400, answer.content


def test_a_root_lasts_thirty_years_and_its_key_is_sealed(shop: Shop) -> None:
    certified(shop)
    root = Certificate.objects.filter(kind="ROOT").earliest("id")
    others = Certificate.objects.filter(kind="ROOT").exclude(id=root.id)
    assert [bytes(other.sealed_private_key) for other in others] == [b"", b""]
    assert root.not_after - root.not_before == timedelta(days=30 * 365)
    assert b"PRIVATE" not in bytes(root.sealed_private_key)
    assert cutouts.CERTIFIED
