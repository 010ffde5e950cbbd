"""Rules of onboarding: which states follow, which keys are fit, how secrets rest."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from config.kernel.errors import InvariantBroken
from merchants.onboarding import rules
from merchants.onboarding.values import MerchantState
from tests.factories.merchants import key_pair

PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
PKCS1 = serialization.PublicFormat.PKCS1


@pytest.fixture(scope="module")
def public() -> rsa.RSAPublicKey:
    return rules.load_public_key(key_pair().public_pem)


@pytest.mark.parametrize("encoding", [PEM, DER])
@pytest.mark.parametrize("form", [SPKI, PKCS1])
def test_reads_a_public_key_in_every_form_people_paste(
    public: rsa.RSAPublicKey, encoding: serialization.Encoding, form: serialization.PublicFormat
) -> None:
    data = public.public_bytes(encoding, form)
    text = data.decode() if encoding is PEM else base64.b64encode(data).decode()
    assert rules.public_key_text(text).pem == key_pair().public_pem


def test_reads_a_key_with_blanks_and_line_breaks() -> None:
    text = key_pair().public_base64
    broken = "\n".join(f"  {text[at : at + 50]} " for at in range(0, len(text), 50))
    assert rules.public_key_text(broken).fingerprint == (rules.public_key_text(text).fingerprint)


@pytest.mark.parametrize("bits", [1024, 2047])
def test_refuses_a_key_below_2048_bits(bits: int) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    with pytest.raises(rules.KeyTooWeak):
        rules.public_key_text(weak.public_bytes(PEM, SPKI).decode())


def test_refuses_a_key_with_a_small_exponent() -> None:
    odd = rsa.generate_private_key(public_exponent=3, key_size=2048).public_key()
    with pytest.raises(rules.KeyTooWeak):
        rules.public_key_text(odd.public_bytes(PEM, SPKI).decode())


def test_refuses_a_private_key_unread() -> None:
    for text in (key_pair().private_pkcs1_pem, key_pair().private_pkcs8_pem):
        with pytest.raises(rules.PrivateKeyPasted):
            rules.public_key_text(text)


def test_refuses_a_private_key_that_lost_its_armour() -> None:
    pair = key_pair()
    for pem in (pair.private_pkcs1_pem, pair.private_pkcs8_pem):
        with pytest.raises(rules.PrivateKeyPasted):
            rules.public_key_text("".join(pem.splitlines()[1:-1]))


def test_reads_a_key_with_what_pasting_adds() -> None:
    pair = key_pair()
    plain = rules.public_key_text(pair.public_pem)
    for text in (
        f'"{pair.public_base64}"',
        "\ufeff" + pair.public_pem,
        pair.public_pem.replace("\n", "\\n"),
        pair.public_base64[:9] + "\u200b" + pair.public_base64[9:],
    ):
        assert rules.public_key_text(text) == plain


@pytest.mark.parametrize(
    "text",
    ["", "AAAA", "not a key!", "密钥", "=" * 40, "A" * 9_000, "-----BEGIN PUBLIC KEY-----"],
)
def test_refuses_what_is_no_key(text: str) -> None:
    with pytest.raises(rules.KeyUnreadable):
        rules.public_key_text(text)


def test_refuses_a_key_of_another_kind() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(rules.KeyUnreadable):
        rules.public_key_text(other.public_bytes(PEM, SPKI).decode())


def test_makes_pairs_in_both_private_forms() -> None:
    pair = rules.new_key_pair()
    assert pair.private_pkcs1_pem.startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert pair.private_pkcs8_pem.startswith("-----BEGIN PRIVATE KEY-----")
    halves = [
        rules.load_private_key(text.encode()).public_key().public_bytes(PEM, SPKI).decode()
        for text in (pair.private_pkcs1_pem, pair.private_pkcs8_pem)
    ]
    assert halves == [pair.public_pem] * 2
    assert rules.public_base64(pair.public_pem) == pair.public_base64


def test_loads_no_key_of_another_kind() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(InvariantBroken):
        rules.load_public_key(other.public_key().public_bytes(PEM, SPKI).decode())
    plain = other.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(InvariantBroken):
        rules.load_private_key(plain)


ALLOWED = {
    ("DRAFT", "SUBMITTED"),
    ("DRAFT", "CLOSED"),
    ("SUBMITTED", "APPROVED"),
    ("SUBMITTED", "CLOSED"),
    ("APPROVED", "SUSPENDED"),
    ("APPROVED", "CLOSED"),
    ("SUSPENDED", "APPROVED"),
    ("SUSPENDED", "CLOSED"),
}


@pytest.mark.parametrize("state", list(MerchantState))
@pytest.mark.parametrize("wanted", list(MerchantState))
def test_lets_a_merchant_go_only_where_the_table_leads(
    state: MerchantState, wanted: MerchantState
) -> None:
    if (state.value, wanted.value) in ALLOWED:
        rules.check_transition(state, wanted)
        return
    with pytest.raises(rules.MerchantStateForbids):
        rules.check_transition(state, wanted)


@pytest.mark.parametrize("text", ["", " x", "x ", "x" * 26, "café", "a\nb", "包子"])
def test_refuses_text_that_codes_cannot_carry(text: str) -> None:
    with pytest.raises(rules.TextUnprintable):
        rules.check_printable(text, "short_name", longest=25)
