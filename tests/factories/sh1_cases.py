"""Codes that hold and codes that do not, with what the server's own codec says of each.

The browser's modules are held to these verdicts: the same stage and reason, or the same
claims. Mutations are drawn from a fixed seed, so a failure can be looked at again.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cbor2 import CBORTag

from healthcode.codec import base45, cbor, cose, keys, sh1
from healthcode.codec.errors import CertificateRefused
from tests.factories.certificates import NOON, ec_key

SEED = 38963
MUTATIONS = 400
JWK = keys.to_jwk(ec_key().public_key())
KID = keys.short_kid(JWK)
KEYS = (keys.Key(ec_key().public_key(), KID),)
ISSUER, STRANGER = cose.es256_signer(ec_key()), cose.es256_signer(ec_key("stranger"))
DEVICE = cose.es256_signer(ec_key("device"))
CLAIMS = sh1.Claims(
    issuer="CN-330100",
    issued_at=NOON,
    expires_at=NOON + timedelta(hours=24),
    cti=bytes(range(16)),
    colour=sh1.Colour.GREEN,
    name_hint="张*",
    rule_set="hangzhou-2020-02",
    region="330100",
    kind=sh1.Kind.APP,
    birth="0214",
    device=ec_key("device").public_key(),
)


@dataclass(frozen=True)
class Case:
    """A code, when it is looked at, and the nonce of the venue."""

    name: str
    code: str
    at: datetime = NOON
    nonce: bytes = b""

    @property
    def verdict(self) -> dict[str, Any]:
        """What the server's codec says, in the browser's terms."""
        try:
            found = sh1.verify(self.code, KEYS, at=self.at, nonce=self.nonce)
        except CertificateRefused as refused:
            return {"stage": refused.stage.value, "reason": refused.reason}
        claims = found.claims
        return {
            "issuer": claims.issuer,
            "issuedAt": _milliseconds(claims.issued_at),
            "expiresAt": _milliseconds(claims.expires_at),
            "cti": claims.cti.hex(),
            "colour": claims.colour.name,
            "name": claims.name_hint,
            "birth": claims.birth,
            "ruleSet": claims.rule_set,
            "region": claims.region,
            "kind": claims.kind.name,
            "shownAt": None if found.shown_at is None else _milliseconds(found.shown_at),
        }

    @property
    def question(self) -> dict[str, Any]:
        """The same as the browser is asked."""
        at = _milliseconds(self.at)
        return {"code": self.code, "at": at, "nonce": list(self.nonce)}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def issued(*, kid: bytes = KID, signer: cose.Signer = ISSUER, **changes: Any) -> bytes:
    """A pass, by default a good one."""
    return sh1.issue(replace(CLAIMS, **changes), kid=kid, signer=signer)


def shown(data: bytes | None = None, *, after: float = 0, nonce: bytes = b"") -> str:
    """A pass as its device shows it, some seconds after noon."""
    at = NOON + timedelta(seconds=after)
    return sh1.text(sh1.show(data or issued(), signer=DEVICE, shown_at=at, nonce=nonce))


def cases() -> list[Case]:
    """All of them."""
    return [*_good(), *_bad(), *_boundaries(), *_odd_claims(), *_odd_envelopes(), *_mutated()]


def _good() -> Iterator[Case]:
    yield Case("bare pass", sh1.text(issued()))
    yield Case("shown", shown())
    yield Case("shown with a nonce", shown(nonce=b"gate 7"), nonce=b"gate 7")
    for colour in sh1.Colour:
        yield Case(f"colour {colour.name}", shown(issued(colour=colour)))
    for kind in sh1.Kind:
        yield Case(f"kind {kind.name}", sh1.text(issued(kind=kind, device=None)))
    yield Case("no birth", shown(issued(birth="")))
    for name in ("one", "two", "three", "four"):
        yield Case(f"device {name}", sh1.text(issued(device=ec_key(name).public_key())))


def _bad() -> Iterator[Case]:
    yield Case("by a stranger", sh1.text(issued(signer=STRANGER)))
    yield Case("of an unknown key", sh1.text(issued(kid=b"12345678")))
    yield Case("another nonce", shown(nonce=b"gate 7"), nonce=b"gate 8")
    yield Case("nonce missing", shown(nonce=b"gate 7"))
    yield Case("shown by another phone", _shown_by(STRANGER))
    yield Case("shown, but bound to nothing", shown(issued(device=None)))
    yield Case("another format", "HC1:ABC")
    yield Case("lower case", shown().lower())
    yield Case("nothing", "")
    yield Case("only the prefix", "SH1:")
    yield Case("too long", "SH1:" + "A" * 4096)
    for rest in ("A", "AA", "A:", "::", ":::", "GGW", "AAAA", "é", "ab", "AB C"):
        yield Case(f"rest {rest}", "SH1:" + rest)


def _shown_by(signer: cose.Signer) -> str:
    return sh1.text(sh1.show(issued(), signer=signer, shown_at=NOON))


def _boundaries() -> Iterator[Case]:
    second = timedelta(seconds=1)
    for after in (-91, -90, -89, 0, 89, 90, 91):
        yield Case(f"shown {after} s ahead", shown(after=after))
    for seconds in (-31, -30, -29):
        yield Case(f"{seconds} s before issue", shown(after=seconds), at=NOON + seconds * second)
    end = CLAIMS.expires_at
    for before in (1, 0, -1):
        at = end - before * second
        code = shown(after=(at - NOON).total_seconds())
        yield Case(f"{before} s before the end", code, at=at)


def _odd_claims() -> Iterator[Case]:
    """Payloads that the issuer signed but no verifier can use."""
    good = cbor.decode(cose.parse_sign1(issued()).payload)
    health = good[sh1.HEALTH]
    changed: dict[str, dict[Any, Any]] = {
        "iat in tag 1": {**good, sh1.IAT: CBORTag(1, good[sh1.IAT])},
        "exp as a fraction": {**good, sh1.EXP: good[sh1.EXP] + 0.5},
        "exp as text": {**good, sh1.EXP: "tomorrow"},
        "exp absurd": {**good, sh1.EXP: 1 << 62},
        "exp negative": {**good, sh1.EXP: -5},
        "cti short": {**good, sh1.CTI: b"short"},
        "iss a number": {**good, sh1.ISS: 86},
        "no health": {k: v for k, v in good.items() if k != sh1.HEALTH},
        "colour 9": {**good, sh1.HEALTH: {**health, sh1.COLOUR: 9}},
        "kind missing": {**good, sh1.HEALTH: {k: v for k, v in health.items() if k != sh1.KIND}},
        "name a number": {**good, sh1.HEALTH: {**health, sh1.NAME: 7}},
        "name missing": {**good, sh1.HEALTH: {k: v for k, v in health.items() if k != sh1.NAME}},
        "cnf empty": {**good, sh1.CNF: {}},
        "cnf null": {**good, sh1.CNF: None},
        "cnf text": {**good, sh1.CNF: "key"},
        "cnf no point": {**good, sh1.CNF: {1: {1: 2, -1: 1, -2: b"\xff" * 32, -3: True}}},
        "cnf short x": {**good, sh1.CNF: {1: {1: 2, -1: 1, -2: b"\x01" * 31, -3: True}}},
        "cnf off the curve": {
            **good, sh1.CNF: {1: {1: 2, -1: 1, -2: b"\x01" * 32, -3: b"\x02" * 32}},
        },
        "cnf uncompressed": {**good, sh1.CNF: {1: _uncompressed()}},
        "more claims": {**good, 99: [1, 2.5, {"a": None}], "x": True},
    }  # fmt: skip
    for name, body in changed.items():
        yield Case(name, shown(_signed(cbor.encode_ordered(body))))
    yield Case("payload a list", shown(_signed(cbor.encode_ordered([1]))))
    yield Case("payload no CBOR", shown(_signed(b"\xff")))
    yield Case("payload and a byte", shown(_signed(cbor.encode_ordered(good) + b"\x00")))
    yield Case("a key twice", shown(_signed(b"\xa2\x01\x01\x01\x02")))


def _uncompressed() -> dict[int, object]:
    numbers = ec_key("device").public_key().public_numbers()
    return {1: 2, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}


def _signed(payload: bytes, protected: dict[int, Any] | None = None) -> bytes:
    headers = protected or {cose.ALG: cose.ES256, cose.KID: KID}
    return cose.sign1(payload, protected=headers, signer=ISSUER)


def _odd_envelopes() -> Iterator[Case]:
    payload = cose.parse_sign1(issued()).payload
    algorithms: dict[str, object] = {
        "PS256": -37, "ES384": -35, "EdDSA": -8, "no algorithm": None, "an odd one": 1,
        "a list": [], "text": "ES256",
    }  # fmt: skip
    for name, alg in algorithms.items():
        headers = {cose.ALG: alg, cose.KID: KID}
        yield Case(f"algorithm {name}", sh1.text(_signed(payload, headers)))
    tag = cbor.decode(issued())
    yield Case("untagged", sh1.text(cbor.encode_ordered(tag.value)))
    yield Case("in a CWT tag", sh1.text(cbor.encode_ordered(CBORTag(61, tag))))
    yield Case("in a wrong tag", sh1.text(cbor.encode_ordered(CBORTag(98, tag.value))))
    yield Case("three members", sh1.text(cbor.encode_ordered(tag.value[:3])))
    yield Case("kid unprotected", sh1.text(_kid_unprotected(payload)))
    yield Case("a byte too many", sh1.text(issued() + b"\x00"))
    yield Case("a byte too few", sh1.text(issued()[:-1]))
    yield Case("time negative", _presented(-1))
    yield Case("time huge", _presented((1 << 63) - 1))
    yield Case("time beyond", _presented(1 << 63))
    yield Case("time a fraction", _presented(NOON.timestamp() + 0.5))
    for depth in (10, 60, 63, 64, 65, 70):
        yield Case(f"depth {depth}", sh1.text(b"\x81" * depth + b"\x00"))


def _presented(seconds: object) -> str:
    return sh1.text(cbor.encode_ordered([issued(), seconds, b"\x00" * 64]))


def _kid_unprotected(payload: bytes) -> bytes:
    headers = cbor.encode_ordered({cose.ALG: cose.ES256})
    signed = cbor.encode_ordered(["Signature1", headers, b"", payload])
    return cbor.encode_ordered(CBORTag(18, [headers, {cose.KID: KID}, payload, ISSUER(signed)]))


def _mutated() -> Iterator[Case]:
    """One byte of a good presentation changed, dropped or doubled; or any bytes at all."""
    dice = random.Random(SEED)
    data = base45.decode(shown()[len(sh1.PREFIX) :])
    for number in range(MUTATIONS):
        changed = bytearray(data if number % 2 else issued())
        place = dice.randrange(len(changed))
        match number % 5:
            case 0:
                del changed[place]
            case 1:
                changed.insert(place, dice.randrange(256))
            case _:
                changed[place] ^= 1 << dice.randrange(8)
        yield Case(f"mutation {number} at {place}", sh1.text(bytes(changed)))
    for number in range(MUTATIONS):
        noise = dice.randbytes(dice.randrange(1, 24))
        yield Case(f"noise {number} {noise.hex()}", sh1.text(noise))
