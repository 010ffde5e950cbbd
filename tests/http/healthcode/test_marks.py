"""No lasting mark: what two venues read of one person has nothing in common."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel import clock
from healthcode.codec import base45, cbor, cose, sh1
from healthcode.codec.keys import to_jwk
from healthcode.subjects.models import Device
from tests.factories.health import Phone, later, make_phone, new_identity

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone() -> Phone:
    """Somebody who has declared."""
    phone = make_phone()
    phone.post("declarations", {"identity": new_identity(), "symptoms": []})
    return phone


def visit(phone: Phone, device: str | None) -> tuple[str, Any]:
    """A show of a fresh pass under a fresh key, and the answer that brought the pass."""
    key = ec.generate_private_key(ec.SECP256R1())
    body: dict[str, Any] = {"device_public_key": to_jwk(key.public_key())}
    if device is not None:
        body["device_id"] = device
    minted = phone.post("codes", body).json()
    if "device_id" not in minted:
        return "", minted
    data = base45.decode(minted["code"].removeprefix(sh1.PREFIX))
    show = sh1.show(data, signer=cose.es256_signer(key), shown_at=clock.now())
    return sh1.text(show), minted


def values(item: Any) -> Iterator[Any]:
    """Every value inside a show, at any depth, that is long enough to be a mark."""
    if isinstance(item, dict):
        for value in item.values():
            yield from values(value)
    elif isinstance(item, list | tuple):
        for value in item:
            yield from values(value)
    elif (isinstance(item, bytes) and len(item) > 8) or (
        isinstance(item, int) and abs(item) > 1_000_000
    ):
        yield item


def marks(show: str) -> set[Any]:
    """What could tell somebody again: the show's parts and every claim of its pass."""
    pass_bytes, seconds, signature = cbor.decode(base45.decode(show.removeprefix(sh1.PREFIX)))
    message = cose.parse_sign1(pass_bytes)
    claims = values(cbor.decode(message.payload))
    return {pass_bytes, seconds, signature, message.signature, *claims}


def test_shows_at_several_venues_share_no_value(phone: Phone) -> None:
    seen: list[set[Any]] = []
    device = None
    for _ in range(6):
        show, minted = visit(phone, device)
        device = minted["device_id"]
        seen.append(marks(show))
        later(minutes=20)
    assert min(map(len, seen)) > 5
    for number, one in enumerate(seen):
        for other in seen[number + 1 :]:
            assert one & other == set()


def test_two_shows_of_one_pass_do_share_values(phone: Phone) -> None:
    show, _ = visit(phone, None)
    pass_bytes, seconds, signature = cbor.decode(base45.decode(show.removeprefix(sh1.PREFIX)))
    again = [pass_bytes, seconds + 30, signature[::-1]]
    other = sh1.PREFIX + base45.encode(cbor.encode_ordered(again))
    assert pass_bytes in marks(show) & marks(other)
    assert len(marks(show) & marks(other)) > 3


def test_a_phone_with_many_keys_is_one_phone(phone: Phone) -> None:
    _, first = visit(phone, None)
    for _ in range(7):
        _, minted = visit(phone, first["device_id"])
        assert minted["device_id"] == first["device_id"]
    assert Device.objects.count() == 1


def test_a_lost_phone_takes_no_new_key_and_a_strangers_none(phone: Phone) -> None:
    _, first = visit(phone, None)
    _, unknown = visit(phone, str(uuid.uuid4()))
    assert unknown["code"] == "device_unknown"
    other = make_phone("Han Mei")
    other.post("declarations", {"identity": new_identity(), "symptoms": []})
    _, stolen = visit(other, first["device_id"])
    assert stolen["code"] == "device_unknown"
    phone.post(f"devices/{first['device_id']}/revoke")
    _, revoked = visit(phone, first["device_id"])
    assert revoked["code"] == "device_revoked"
