"""Process the taps that a gate stored while it was offline."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from merchants.transit import queries, rules
from merchants.transit.models import Ride, Tap, TransitCertificate, TransitGate
from merchants.transit.values import (
    Direction,
    RideState,
    TapReport,
    TapState,
    TransitCertificateState,
)


def take_upload(*, serial: str, owner_id: uuid.UUID, taps: Sequence[TapReport]) -> list[Tap]:
    """Store a gate's taps, each once by its sequence number; a repeat gives the first answer.

    A tap that cannot be believed is kept as REFUSED with its fault, never dropped in silence;
    another content under a number that was used is a fault, too.

    Raises:
        GateUnknown: the gate is not the owner's.

    Locks: for each tap, its certificate.
    """
    gate = queries.gate_of(serial, owner_id=owner_id)
    return [_take(gate, report) for report in taps]


@transactions.atomic_retry
def _take(gate: TransitGate, report: TapReport) -> Tap:
    rows = TransitCertificate.objects.select_for_update()
    certificate_id = _as_id(report.certificate)
    certificate = rows.filter(id=certificate_id).first() if certificate_id else None
    earlier = Tap.objects.filter(gate=gate, sequence=report.sequence).first()
    if earlier is not None:
        return _again(earlier, report)
    now = clock.now()
    fault = _fault(gate, certificate, report, now)
    tap = Tap(
        gate=gate,
        sequence=report.sequence,
        certificate=certificate,
        digest=_digest(report),
        direction=report.direction,
        state=TapState.REFUSED if fault else TapState.OPEN,
        fault=fault,
        tapped_at=report.at,
        uploaded_at=now,
        due_at=None if fault else max(now, report.at + rules.LONGEST_RIDE),
    )
    if certificate is not None and not fault and _is_clone(tap, certificate):
        tap.state, tap.fault, tap.due_at = TapState.CLONED, "cloned", None
        if certificate.state == TransitCertificateState.ACTIVE:
            certificate.state, certificate.revoked_at = TransitCertificateState.REVOKED, now
            certificate.save(update_fields=["state", "revoked_at"])
    try:
        with transaction.atomic():
            tap.save(force_insert=True)
    except IntegrityError:
        return _again(Tap.objects.get(gate=gate, sequence=report.sequence), report)
    if certificate is not None and tap.state == TapState.OPEN:
        _pair(certificate, now)
        tap.refresh_from_db()
    return tap


def _again(earlier: Tap, report: TapReport) -> Tap:
    if earlier.digest != _digest(report):
        earlier.state, earlier.fault = TapState.REFUSED, "sequence_reused"
    return earlier


def _fault(
    gate: TransitGate, certificate: TransitCertificate | None, report: TapReport, now: datetime
) -> str:
    if certificate is None:
        return "certificate_unknown"
    text = rules.tap_text(
        certificate=report.certificate,
        gate=gate.serial,
        direction=report.direction,
        at=report.at,
        count=report.count,
    )
    if not rules.is_signed(bytes(certificate.public_key), text, report.signature):
        return "signature_invalid"
    if certificate.revoked_at is not None and report.at > certificate.revoked_at:
        return "certificate_revoked"
    return rules.fault_of_time(
        report.at,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        now=now,
    )


def _is_clone(tap: Tap, certificate: TransitCertificate) -> bool:
    """Whether the certificate was at another gate at about the same time."""
    near = Tap.objects.filter(
        certificate=certificate,
        tapped_at__gte=tap.tapped_at - rules.CLONE_WINDOW,
        tapped_at__lte=tap.tapped_at + rules.CLONE_WINDOW,
    )
    return near.exclude(gate_id=tap.gate_id).exclude(state=TapState.REFUSED).exists()


def _pair(certificate: TransitCertificate, now: datetime) -> None:
    """Put entries and exits together as far as they are there; the certificate is locked."""
    entry: Tap | None = None
    for tap in queries.waiting_taps(certificate):
        if tap.direction == Direction.ENTRY:
            entry = tap
        elif entry is not None and _is_one_ride(entry, tap):
            _complete(certificate, entry, tap, now)
            entry = None


def _is_one_ride(entry: Tap, leaving: Tap) -> bool:
    same = entry.gate.operator_id == leaving.gate.operator_id
    return same and leaving.tapped_at - entry.tapped_at <= rules.LONGEST_RIDE


def _complete(certificate: TransitCertificate, entry: Tap, leaving: Tap, now: datetime) -> None:
    operator = entry.gate.operator
    Ride.objects.create(
        certificate=certificate,
        operator=operator,
        entry=entry,
        exit=leaving,
        state=RideState.COMPLETED,
        fare_minor=rules.fare(
            queries.fares_of(operator), entry_stop=entry.gate.stop, exit_stop=leaving.gate.stop
        ),
        due_at=now,
    )
    for tap in (entry, leaving):
        tap.state, tap.due_at = TapState.PAIRED, None
        tap.save(update_fields=["state", "due_at"])


def _digest(report: TapReport) -> str:
    parts = (
        report.certificate,
        report.direction,
        report.at.isoformat(),
        report.count,
        report.signature,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
