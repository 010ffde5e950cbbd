"""Mint a code: a signed pass of how a subject stands now."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.errors import Refused
from healthcode.codec import cose, sh1
from healthcode.codec.keys import compressed
from healthcode.decisions.models import Decision
from healthcode.decisions.rules import earliest
from healthcode.decisions.usecases.claim_keys import claim_keys, phone_of
from healthcode.decisions.usecases.read_standing import standing_decision
from healthcode.passes import queries, rules
from healthcode.passes.models import Pass
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key
from healthcode.passes.values import PassKind
from healthcode.rules.values import Colour
from healthcode.subjects import queries as subjects
from healthcode.subjects.models import Guardianship, Subject
from healthcode.subjects.rules import birth_hint, name_hint
from healthcode.subjects.usecases.register_device import register_device


class ColourUnknown(Refused):
    """A pass states a colour, and there is none yet."""

    code: ClassVar[str] = "colour_unknown"
    message: ClassVar[str] = "There is no colour yet: see the reasons, and what to do."


@dataclass(frozen=True, slots=True)
class Minted:
    """A pass as issued, its record, and the decision it states."""

    text: str
    record: Pass
    decision: Decision


_STATES_A_COLOUR = frozenset({PassKind.APP, PassKind.PROXY})


@transactions.atomic_retry
def mint_code(
    *,
    subject: Subject,
    device_key: ec.EllipticCurvePublicKey | None = None,
    label: str = "",
    device_id: uuid.UUID | None = None,
    grant_id: uuid.UUID | None = None,
    kind: PassKind = PassKind.APP,
    guardianship: Guardianship | None = None,
    ends_at: datetime | None = None,
) -> Minted:
    """Issue a pass for a subject; decided anew first if the last decision has ended.

    A pass on paper states no colour: it says whom to look up, so it may be old without
    saying anything old.

    Args:
        subject: whose colour it states.
        device_key: the phone's key; without one the code lives a minute.
        label: what the person calls the phone.
        device_id: the phone's record, where it comes with a new key for this pass.
        grant_id: the grant under which an app asks.
        kind: what carries it. A specimen is made to be refused by every verifier.
        guardianship: on whose strength somebody else carries it, and no longer.
        ends_at: when what it rests on ends, where that is known.

    Raises:
        queries.GrantUnknown: the grant is none, or has ended.
        TooManyDevices, DeviceRevoked, DeviceUnknown: from registering the device.
        KeyOfSomebodyElse: another person's phone, a gate or a body has the key.
        ColourUnknown: nothing, or not enough, is known; nobody carries that about as a pass.
    """
    now = clock.now()
    grant = queries.grant_of(subject.id, grant_id, at=now) if grant_id else None
    device = None
    if device_key is not None:
        device = register_device(
            subject=subject,
            public_key=compressed(device_key),
            label=label,
            device_id=device_id,
            held_by=guardianship.guardian if guardianship else None,
        )
    decision = standing_decision(subject_id=subject.id)
    if decision.colour == Colour.UNKNOWN and kind in _STATES_A_COLOUR:
        raise ColourUnknown()
    paper = kind is PassKind.PAPER
    ends = earliest(
        ends_at,
        None if paper else decision.valid_until,
        guardianship.valid_until if guardianship else None,
    )
    key = ensure_signing_key()
    cti = secrets.token_bytes(sh1.CTI_BYTES)
    record = Pass(
        cti_hash=queries.cti_hash(cti),
        subject=subject,
        decision=None if paper else decision,
        device=device,
        grant=grant,
        kind=kind,
        colour=Colour.UNKNOWN if paper else decision.colour,
        kid=key.kid,
        issued_at=now,
        expires_at=rules.expires_at(
            kind=kind,
            bound=device is not None,
            now=now,
            valid_until=ends,
            spread=secrets.randbelow(1000) / 1000,
        ),
    )
    if device_key is not None:
        _claim(device_key, guardianship.guardian if guardianship else subject, record)
    record.save(force_insert=True)
    claims = _claims(subject, record, cti, device_key)
    signer = cose.es256_signer(queries.private_key(key))
    text = sh1.text(sh1.issue(claims, kid=bytes.fromhex(key.kid), signer=signer))
    return Minted(text, record, decision)


def _claim(device_key: ec.EllipticCurvePublicKey, owner: Subject, record: Pass) -> None:
    """Let a key be of its owner's phones alone, until the pass that names it ends."""
    until = record.expires_at
    party = phone_of(owner.alias)
    claim_keys([device_key], party=party, field="device_public_key", until=until)


def _claims(
    subject: Subject, record: Pass, cti: bytes, device_key: ec.EllipticCurvePublicKey | None
) -> sh1.Claims:
    identity = subjects.identity_of(subject)
    return sh1.Claims(
        issuer=settings.SAOMA_HEALTH_ISSUER,
        issued_at=record.issued_at,
        expires_at=record.expires_at,
        cti=cti,
        colour=sh1.Colour[Colour(record.colour).name],
        name_hint=name_hint(identity.name) if identity else "",
        birth=birth_hint(identity.birth_date) if identity else "",
        rule_set=record.decision.rule_set if record.decision else "",
        region=subject.region,
        kind=sh1.Kind[PassKind(record.kind).name],
        device=device_key,
    )
