"""`saoma check`: the reference shop holds, each planted bug is found by its name."""

import base64
import xml.etree.ElementTree as ET
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lab.buggy_merchant import BUGS, BuggyShop
from lab.grader import ATTACKS, Finding, Merchant, grade, junit
from lab.mock_merchant.shop import Shop, ShopServer
from tests.factories.certificates import rsa_key

pytestmark = pytest.mark.slow


@cache
def gateway_pem() -> str:
    public = rsa_key().public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signer(app_number: str):  # type: ignore[no-untyped-def]
    def sign(params: dict[str, str]) -> dict[str, str]:
        fields = {**params, "app_id": app_number, "charset": "utf-8"}
        text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value)
        raw = rsa_key().sign(text.encode(), PKCS1v15(), hashes.SHA256())
        return {**fields, "sign_type": "RSA2", "sign": base64.b64encode(raw).decode()}

    return sign


def graded(shop: Shop) -> list[Finding]:
    with ShopServer(shop) as server:
        return grade(Merchant(server.url, signer("OWN"), signer("OTHER")))


def failed(findings: list[Finding]) -> set[str]:
    return {finding.bug for finding in findings if not finding.held}


def test_the_reference_shop_holds_against_everything() -> None:
    assert failed(graded(Shop("OWN", gateway_pem()))) == set()


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_by_its_name(bug: str) -> None:
    found = failed(graded(BuggyShop("OWN", gateway_pem(), bugs=(bug,))))
    assert bug in found
    also = {"ignores_signature": {"ignores_app"}}.get(bug, set())
    assert found - {bug} <= also


def test_every_bug_of_the_buggy_merchant_is_found_and_told_with_its_reason() -> None:
    findings = graded(BuggyShop("OWN", gateway_pem()))
    assert set(BUGS) <= failed(findings)
    assert set(BUGS) <= set(ATTACKS)
    suite = ET.fromstring(junit(findings))
    assert int(suite.attrib["failures"]) == len(failed(findings))
    assert all(node.attrib["message"] for node in suite.iter("failure"))
