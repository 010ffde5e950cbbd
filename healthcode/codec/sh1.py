"""SH1: Saoma's own pass and its presentation.

PASS   `SH1:` + Base45( COSE_Sign1 )          signed by the issuer, ES256, not deflated
  protected {1: -7, 4: kid of 8 bytes}
  claims    1 iss | 4 exp | 6 iat | 7 cti (16 random bytes) | 8 cnf {1: COSE_Key}
            -65600 {0 colour, 1 name hint, 2 birth MMDD, 3 rule set, 4 region, 5 kind}
SHOW   `SH1:` + Base45( CBOR [PASS, unix seconds, device signature] )

The device signs PASS, then the seconds as 8 bytes, then the venue's nonce if there is
one. It signs anew every 30 s, so showing costs the server nothing, and a screenshot is
worth nothing after SHOW_SKEW.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from healthcode.codec import base45, cbor, cose, keys
from healthcode.codec.claims import Verified, check_times, moment
from healthcode.codec.errors import CertificateRefused, Stage

PREFIX = "SH1:"
ISS, EXP, IAT, CTI, CNF, HEALTH = 1, 4, 6, 7, 8, -65600
COLOUR, NAME, BIRTH, RULE_SET, REGION, KIND = range(6)
CTI_BYTES, KID_BYTES = 16, 8
# A show is good for so long after it was made; before that only for what clocks differ by, or
# shows could be made in advance and handed on.
SHOW_SKEW = timedelta(seconds=90)
CLOCK_SKEW = timedelta(seconds=30)
MAX_CHARACTERS = 4096
# What scanners and hands add around a code: blanks, controls, and letters that nobody sees.
# No code of ours begins or ends with any of them.
AROUND = "".join(
    chr(number)
    for first, last in (
        (0x01, 0x20), (0x7F, 0x7F), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680),
        (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    )
    for number in range(first, last + 1)
)  # fmt: skip


class Colour(IntEnum):
    """The colour as it stands in a pass."""

    UNKNOWN = 0
    GREEN = 1
    YELLOW = 2
    RED = 3


class Kind(IntEnum):
    """What carries the pass. A specimen is made to be refused."""

    APP = 0
    PAPER = 1
    PROXY = 2
    SPECIMEN = 3


@dataclass(frozen=True, slots=True)
class Claims:
    """What a pass says. `birth` is MMDD or nothing; `device` the key it is bound to."""

    issuer: str
    issued_at: datetime
    expires_at: datetime
    cti: bytes
    colour: Colour
    name_hint: str
    rule_set: str
    region: str
    kind: Kind
    birth: str = ""
    device: ec.EllipticCurvePublicKey | None = None


@dataclass(frozen=True, slots=True)
class Presented:
    """A pass that holds, and when its device showed it (None: the bare pass)."""

    claims: Claims
    kid: bytes
    key: keys.Key
    shown_at: datetime | None

    def verified(self) -> Verified:
        """The same in the terms shared by all formats."""
        claims = self.claims
        payload: dict[str, Any] = {
            "iss": claims.issuer,
            "cti": claims.cti.hex(),
            "colour": claims.colour.name,
            "name": claims.name_hint,
            "birth": claims.birth,
            "rule_set": claims.rule_set,
            "region": claims.region,
            "kind": claims.kind.name,
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
            "shown_at": None if self.shown_at is None else int(self.shown_at.timestamp()),
        }
        return Verified(
            "SH1", payload, claims.issuer, self.key, claims.issued_at, claims.expires_at
        )


def issue(claims: Claims, *, kid: bytes, signer: cose.Signer) -> bytes:
    """Write and sign a pass; `text` makes the string of it."""
    body: dict[int, object] = {
        ISS: claims.issuer,
        EXP: int(claims.expires_at.timestamp()),
        IAT: int(claims.issued_at.timestamp()),
        CTI: claims.cti,
    }
    if claims.device is not None:
        body[CNF] = {1: keys.to_cose_key(claims.device)}
    health: dict[int, object] = {COLOUR: int(claims.colour), NAME: claims.name_hint}
    if claims.birth:
        health[BIRTH] = claims.birth
    health |= {RULE_SET: claims.rule_set, REGION: claims.region, KIND: int(claims.kind)}
    body[HEALTH] = health
    protected = {cose.ALG: cose.ES256, cose.KID: kid}
    return cose.sign1(cbor.encode_ordered(body), protected=protected, signer=signer)


def text(data: bytes) -> str:
    """The string of a pass or a presentation, for a QR code in alphanumeric mode."""
    return PREFIX + base45.encode(data)


def show_bytes(pass_bytes: bytes, seconds: int, nonce: bytes = b"") -> bytes:
    """What a device signs to present its pass at one second (Unix time)."""
    return pass_bytes + struct.pack(">Q", seconds) + nonce


def show(
    pass_bytes: bytes, *, signer: cose.Signer, shown_at: datetime, nonce: bytes = b""
) -> bytes:
    """Write a presentation, signed by the device."""
    seconds = int(shown_at.timestamp())
    signature = signer(show_bytes(pass_bytes, seconds, nonce))
    return cbor.encode_ordered([pass_bytes, seconds, signature])


def verify(
    code: str, issuer_keys: Sequence[keys.Key], *, at: datetime, nonce: bytes = b""
) -> Presented:
    """Check a pass or a presentation of it at one moment.

    Signature and times only: whether a bare pass, a specimen or the colour will do is
    for the verifier's policy.

    `issuer_keys` are those of the trust list, `nonce` is what the venue asked the device to
    sign along.

    Raises:
        CertificateRefused: with the stage that refused.
    """
    pass_bytes, seconds, device_signature = _split(_read(code))
    message = cose.parse_sign1(pass_bytes)
    kid = message.kid or b""
    candidates = keys.named(issuer_keys, kid)
    if not candidates:
        raise CertificateRefused(Stage.SIGNATURE, "key_unknown", kid=kid.hex())
    key = cose.verify_sign1(message, candidates)
    claims = _claims(message.payload)
    shown_at = None
    if seconds is not None:
        shown_at = moment(float(seconds))
        _check_device(claims, show_bytes(pass_bytes, seconds, nonce), device_signature)
    check_times(valid_from=claims.issued_at - CLOCK_SKEW, expires_at=claims.expires_at, at=at)
    if shown_at is not None:
        _check_shown(shown_at, at)
    return Presented(claims, kid, key, shown_at)


def _check_shown(shown_at: datetime, at: datetime) -> None:
    if shown_at - at > CLOCK_SKEW:
        raise CertificateRefused(
            Stage.VALIDITY, "presentation_ahead", shown_at=shown_at.isoformat()
        )
    if at - shown_at > SHOW_SKEW:
        raise CertificateRefused(
            Stage.VALIDITY, "presentation_stale", shown_at=shown_at.isoformat()
        )


def peek(code: str) -> Claims:
    """What a bare pass says, unchecked: for whoever has just made it.

    Raises:
        CertificateRefused: it is no pass.
    """
    return _claims(cose.parse_sign1(_read(code)).payload)


def _read(code: str) -> bytes:
    code = code.strip(AROUND)
    if not code.startswith(PREFIX):
        raise CertificateRefused(Stage.PREFIX, "prefix_unknown")
    if len(code) > MAX_CHARACTERS:
        raise CertificateRefused(Stage.ENCODING, "too_long", limit=MAX_CHARACTERS)
    return base45.decode(code[len(PREFIX) :])


def _split(data: bytes) -> tuple[bytes, int | None, bytes]:
    match cbor.decode(data):
        case [bytes() as pass_bytes, int() as seconds, bytes() as signature] if (
            0 <= seconds < 1 << 63
        ):
            return pass_bytes, seconds, signature
    return data, None, b""


def _check_device(claims: Claims, signed: bytes, signature: bytes) -> None:
    if claims.device is None:
        raise CertificateRefused(Stage.SIGNATURE, "pass_has_no_device")
    if not cose.is_signature(cose.ES256, claims.device, signature, signed):
        raise CertificateRefused(Stage.SIGNATURE, "device_signature_invalid")


def _claims(payload: bytes) -> Claims:
    body = cbor.decode(payload)
    health = body.get(HEALTH) if isinstance(body, Mapping) else None
    if not isinstance(health, Mapping):
        raise CertificateRefused(Stage.CBOR, "health_claim_missing")
    issued_at, expires_at = (moment(cbor.seconds(body.get(name))) for name in (IAT, EXP))
    cti = body.get(CTI)
    texts = [health.get(name, "") for name in (NAME, BIRTH, RULE_SET, REGION)]
    if not isinstance(cti, bytes) or len(cti) != CTI_BYTES or issued_at is None:
        raise CertificateRefused(Stage.CBOR, "claim_missing")
    if expires_at is None or not all(isinstance(value, str) for value in texts):
        raise CertificateRefused(Stage.CBOR, "claim_missing")
    try:
        colour, kind = Colour(_number(health, COLOUR)), Kind(_number(health, KIND))
    except ValueError as error:
        raise CertificateRefused(Stage.CBOR, "claim_unknown") from error
    name, birth, rule_set, region = texts
    issuer = body.get(ISS)
    return Claims(
        issuer=issuer if isinstance(issuer, str) else "",
        issued_at=issued_at,
        expires_at=expires_at,
        cti=cti,
        colour=colour,
        name_hint=name,
        birth=birth,
        rule_set=rule_set,
        region=region,
        kind=kind,
        device=_device(body.get(CNF)),
    )


def _number(health: Mapping[Any, Any], name: int) -> int:
    """A claim that counts; what an enumeration cannot even look for is no number.

    Raises:
        ValueError: it is of another type.
    """
    value = health.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(name)
    return value


def _device(cnf: object) -> ec.EllipticCurvePublicKey | None:
    if cnf is None:
        return None
    members = cnf.get(1) if isinstance(cnf, Mapping) else None
    try:
        return keys.from_cose_key(members)
    except keys.UnusableKey as error:
        raise CertificateRefused(Stage.CBOR, "device_key") from error
