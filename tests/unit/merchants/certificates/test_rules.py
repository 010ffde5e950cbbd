"""Certificates as clients read them, and what is taken for a signing request."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from merchants.certificates import rules

NOW = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
KEY = rsa.generate_private_key(65537, 2048)
APP = rsa.generate_private_key(65537, 2048)
ROOT = rules.make_root(KEY, serial=1, at=NOW)


def leaf(serial: int = 2) -> x509.Certificate:
    """A certificate of an app."""
    return rules.make_leaf(
        APP.public_key(), common_name="2021", root=ROOT, root_key=KEY, serial=serial, at=NOW
    )


def request_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """A signing request."""
    draft = x509.CertificateSigningRequestBuilder().subject_name(rules.name("CN", "a", "b", "c"))
    return draft.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def test_the_root_signs_itself_and_its_leaves() -> None:
    ROOT.verify_directly_issued_by(ROOT)
    leaf().verify_directly_issued_by(ROOT)
    with pytest.raises(ValueError, match="does not match"):
        ROOT.verify_directly_issued_by(leaf())


def test_a_leaf_can_sign_no_certificate() -> None:
    constraints = leaf().extensions.get_extension_for_class(x509.BasicConstraints)
    usage = leaf().extensions.get_extension_for_class(x509.KeyUsage)
    assert constraints.critical
    assert not constraints.value.ca
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign


def test_a_leaf_ends_before_its_root() -> None:
    assert leaf().not_valid_before_utc == NOW.replace(microsecond=0)
    assert leaf().not_valid_after_utc < ROOT.not_valid_after_utc


def test_an_issuer_is_printed_last_part_first_without_blanks() -> None:
    assert rules.printed(leaf().issuer) == "CN=Saoma Root R1,OU=Saoma CA,O=Saoma,C=CN"


def test_a_certificates_number_rests_on_issuer_and_serial_alone() -> None:
    assert rules.sn_of(leaf(7)) == rules.serial_name(rules.printed(ROOT.subject), 7)
    assert rules.sn_of(leaf(7)) != rules.sn_of(leaf(8))


def test_roots_stand_in_one_text_with_a_blank_line_between() -> None:
    pem = rules.pem_of(ROOT)
    text = rules.bundle([pem, pem])
    assert text.count("-----END CERTIFICATE-----\n\n-----BEGIN") == 1
    assert rules.bundle_sn(["a", "b"]) == "a_b"
    assert rules.is_rsa_signed(ROOT)


def test_a_request_gives_its_key_and_other_texts_are_given_back() -> None:
    public = APP.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert rules.requested_key(request_of(APP)) == public.decode()
    assert rules.requested_key("MIIBIjAN") == "MIIBIjAN"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        "CERTIFICATE REQUEST",
        "CERTIFICATE REQUEST \ud800",
        "CERTIFICATE REQUEST" + "x" * rules.LONGEST_REQUEST,
        request_of(ec.generate_private_key(ec.SECP256R1())),
    ],
    ids=["no request", "no PEM", "no text", "long", "no RSA"],
)
def test_what_says_it_is_a_request_and_is_none_is_refused(text: str) -> None:
    with pytest.raises(rules.RequestUnreadable):
        rules.requested_key(text)
