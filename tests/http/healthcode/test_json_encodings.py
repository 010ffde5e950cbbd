"""JSON that two programs would read differently is read at no door, in whatever it comes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from config.kernel.approvals.forms import JsonField
from healthcode.codec import cose, jws, shc
from healthcode.codec.errors import CertificateRefused
from healthcode.codec.revocation import RevocationListMalformed, read_batch, read_crl
from healthcode.decisions.fhir import ReportUnreadable
from healthcode.decisions.usecases.receive_report import opened
from healthcode.evidence.models import Evidence
from tests.factories import shc as smart
from tests.factories.certificates import NOON, ec_key
from tests.factories.health import make_person, make_phone
from tests.factories.reports import JWK, observation
from tests.factories.sources import make_laboratory

pytestmark = pytest.mark.django_db(transaction=True)


def named_twice(text: str) -> bytes:
    """Every object with its first name once more, first as nothing."""
    value = json.loads(text)

    def written(part: Any) -> str:
        if isinstance(part, list):
            return f"[{','.join(map(written, part))}]"
        if not isinstance(part, dict) or not part:
            return json.dumps(part)
        pairs = [f"{json.dumps(name)}:{written(item)}" for name, item in part.items()]
        return f"{{{json.dumps(next(iter(part)))}:null,{','.join(pairs)}}}"

    return written(value).encode()


WAYS: dict[str, Callable[[str], bytes]] = {
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-32": lambda text: text.encode("utf-32-be"),
    "Latin 1": lambda text: text.replace("}", ',"é":1}', 1).encode("latin-1"),
    "a name twice": named_twice,
    "no number": lambda text: text.replace("}", ',"z":NaN}', 1).encode(),
    "half a letter": lambda text: text.replace("}", ',"z":"\\ud800"}', 1).encode(),
    "a NUL": lambda text: text.replace("}", ',"z":"\\u0000"}', 1).encode(),
    "two values": lambda text: f"{text} {text}".encode(),
}


def report_of(data: bytes) -> str:
    head = jws.encoded(json.dumps({"alg": "ES256", "kid": JWK["kid"]}).encode())
    text = f"{head}.{jws.encoded(data)}"
    return f"{text}.{jws.encoded(cose.es256_signer(ec_key('laboratory'))(text.encode()))}"


def header_of(data: bytes) -> str:
    payload = jws.encoded(json.dumps(observation(make_person())).encode())
    return f"{jws.encoded(data)}.{payload}.{jws.encoded(bytes(64))}"


HEADER = json.dumps({"alg": "ES256", "zip": "DEF", "kid": smart.OWN["kid"]})
BATCH = json.dumps({
    "country": "FR", "kid": "UNKNOWN_KID", "hashType": "UCI", "expires": "2030-01-01T00:00:00Z",
    "entries": [{"hash": "AAAAAAAAAAAAAAAAAAAAAA=="}],
})  # fmt: skip
CRL = json.dumps({"kid": "k", "method": "rid", "ctr": 1, "rids": ["a"]})
# A well-formed text, who reads it, and how it is refused.
DOORS: dict[str, tuple[str, Callable[[bytes], object], type[Exception]]] = {
    "card": (
        json.dumps(smart.card()),
        lambda data: shc.verify(smart.made(data), [smart.OWN], at=NOON), CertificateRefused,
    ),
    "card's header": (HEADER, lambda data: jws.parse(header_of(data)), CertificateRefused),
    "report": ("", lambda data: opened(report_of(data)), ReportUnreadable),
    "report's header": (HEADER, lambda data: opened(header_of(data)), ReportUnreadable),
    "batch of revocations": (BATCH, read_batch, RevocationListMalformed),
    "list of cards": (CRL, read_crl, RevocationListMalformed),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_no_signed_text_is_read_in_two_ways(door: str) -> None:
    text, read, refusal = DOORS[door]
    make_laboratory()
    text = text or json.dumps(observation(make_person()))
    if "header" not in door:
        read(text.encode())
    for spelled in WAYS.values():
        with pytest.raises(refusal):
            read(spelled(text))


def test_no_body_of_a_citizen_is_read_in_two_ways() -> None:
    phone = make_phone()
    text = json.dumps({"symptoms": [], "region": "330100"})
    for spelled in WAYS.values():
        answer = phone.client.post(
            "/api/v1/health/declarations", spelled(text), content_type="application/json"
        )
        assert answer.status_code == 400
    assert not Evidence.objects.exists()


class Typed(forms.Form):
    keys = JsonField()


@pytest.mark.parametrize("way", ["mark", "a name twice", "no number", "half a letter", "a NUL"])
def test_what_an_operator_types_is_read_as_strictly(way: str) -> None:
    text = json.dumps({"kty": "EC", "more": [{"crv": "P-256"}]})
    assert Typed({"keys": text}).is_valid()
    form = Typed({"keys": WAYS[way](text).decode()})
    assert not form.is_valid()
    assert "keys" in form.as_p()


def test_what_is_nested_without_end_is_no_failure_of_ours() -> None:
    for text in ("[" * 100_000, "[" * 40 + "]" * 40, "9" * 5000):
        form = Typed({"keys": text})
        assert not form.is_valid()
        assert "keys" in form.as_p()
    with pytest.raises(ValidationError):
        JsonField().clean("1e999")
