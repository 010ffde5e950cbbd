"""End the whole programme: delete everything, check that it is gone, and sign for it."""

import json
from typing import Any

from django.conf import settings
from django.db.models import Model

from config.kernel import clock, transactions
from config.kernel.audit import chain
from config.kernel.errors import invariant
from config.kernel.idempotency.models import IdempotencyRecord
from config.kernel.outbox.models import OutboxEvent
from healthcode.appeals.models import Appeal
from healthcode.codec.cose import es256_signer
from healthcode.codec.jws import encoded
from healthcode.decisions.chain import SUNSET
from healthcode.decisions.models import (
    Alarm,
    ColourAct,
    Decision,
    ErasureStub,
    Head,
    Hold,
    LaboratoryReport,
    Notice,
    Override,
    PartyKey,
    PersonList,
    QuarantinedReport,
)
from healthcode.evidence.models import Evidence, Register, RiskArea
from healthcode.passes import queries as passes
from healthcode.passes.models import (
    CodeGrant,
    DeniedPass,
    Pass,
    RevokedCertificate,
    RootKey,
    SigningKey,
)
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key
from healthcode.passes.values import KeyState
from healthcode.subjects import programme
from healthcode.subjects.models import Device, Guardianship, Programme, Subject
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.verification.models import AccessLogEntry, CheckIn, Inside, Shown, Verification

# In an order in which nothing is deleted before what points at it.
PERSONAL: tuple[type[Model], ...] = (
    Appeal, TraceMatch, TraceCase, Verification, AccessLogEntry, CheckIn, Inside, Shown, Pass,
    DeniedPass, RevokedCertificate, CodeGrant, Notice,
    Alarm, Head, ColourAct, Decision,
    Override, PartyKey, PersonList, QuarantinedReport, LaboratoryReport, ErasureStub, Hold,
    Evidence,
    Register, RiskArea, Guardianship, Device,
    Subject,
)  # fmt: skip


@transactions.atomic_retry
def end_programme(*, actor: str, purpose: str) -> dict[str, Any]:
    """Delete all health data and destroy the keys, for good; returns the signed report.

    Again is the same report. From then on nothing is issued, recorded or decided.

    The last use of the signing key is to sign the report, which holds the public key so
    that anyone can check it. Venues, policies and laboratories stay: they name nobody.
    The audit log keeps that and by whom it was done.

    Raises:
        InvariantBroken: something is still there; nothing was deleted then.
    """
    programme.hold()
    final_report = programme.final_report()
    if final_report is not None:
        return final_report
    key = ensure_signing_key()
    private = passes.private_key(key)
    deleted = {model._meta.db_table: _delete(model) for model in PERSONAL}
    left = {model._meta.db_table: model._default_manager.count() for model in PERSONAL}
    invariant(not any(left.values()), "every table of people is empty")
    # Events that wait to be told name people who are gone; answers are theirs too.
    OutboxEvent.objects.filter(topic__startswith="health.").delete()
    IdempotencyRecord.objects.filter(endpoint__startswith="health.").delete()
    RootKey.objects.update(
        state=KeyState.DESTROYED, sealed_private_key=None, retired_at=clock.now()
    )
    SigningKey.objects.update(
        state=KeyState.DESTROYED, sealed_private_key=None, retired_at=clock.now()
    )
    report = {
        "issuer": settings.SAOMA_HEALTH_ISSUER,
        "ended_at": clock.now().isoformat(),
        "actor": actor,
        "purpose": purpose,
        "deleted": deleted,
        "left": left,
        "keys": "destroyed",
        "public_key": key.public_jwk,
    }
    chain.record(action=SUNSET, actor=actor, target="health", purpose=purpose, after=deleted)
    header = {"alg": "ES256", "kid": key.public_jwk["kid"]}
    parts = [encoded(json.dumps(part, sort_keys=True).encode()) for part in (header, report)]
    signature = es256_signer(private)(".".join(parts).encode())
    whole = {**report, "jws": ".".join([*parts, encoded(signature)])}
    Programme.objects.create(id=1, ended_at=clock.now(), report=whole)
    transactions.on_commit(programme.forget)
    return whole


def _delete(model: type[Model]) -> int:
    """Delete a table's rows; retractions before what they retract."""
    rows = model._default_manager.all()
    count = 0
    if model is Evidence:
        count += Evidence.objects.filter(retracts__isnull=False).delete()[0]
    return count + rows.delete()[0]
