"""Let a merchant carry people: its fares, its gates, and certificates for its riders."""

import base64
import uuid

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from merchants.onboarding import queries as onboarding
from merchants.transit import queries, rules
from merchants.transit.models import TransitCertificate, TransitGate, TransitOperator
from merchants.transit.values import Fares, TransitCertificateState
from wallet import public as wallet


@transactions.atomic_retry
def set_operator(*, app_number: str, owner_id: uuid.UUID, fares: Fares) -> TransitOperator:
    """Set an operator's fares, for the app it is paid to; again replaces.

    Raises:
        AppNotFound: it is not the owner's.
        FaresInvalid: the fares make no sense.
    """
    rules.check_fares(fares)
    app = onboarding.app(app_number, owner_id=owner_id)
    row, _ = TransitOperator.objects.update_or_create(
        merchant=app.merchant,
        defaults={
            "app_number": app.app_number,
            "base_minor": fares.base_minor,
            "stop_minor": fares.stop_minor,
            "maximum_minor": fares.maximum_minor,
        },
    )
    return row


@transactions.atomic_retry
def register_gate(
    *, operator: TransitOperator, serial: str, station: str, stop: int
) -> TransitGate:
    """Register a gate at a station; the same again is the same.

    Raises:
        GateSerialInvalid: it is no serial number.
        GateTaken: it is another operator's, or at another station.
    """
    rules.check_serial(serial)
    facts = {"operator_id": operator.id, "station": station, "stop": stop}
    try:
        with transaction.atomic():
            row, _ = TransitGate.objects.get_or_create(serial=serial, defaults=facts)
    except IntegrityError as error:
        raise rules.GateTaken(field="serial") from error
    if any(getattr(row, name) != value for name, value in facts.items()):
        raise rules.GateTaken(field="serial")
    return row


@transactions.atomic_retry
def issue_certificate(*, user_id: uuid.UUID, public_key: str) -> TransitCertificate:
    """Give a phone our word for a day; the same key gives the same while it is good.

    A rider has one at a time: another key ends the one before, whose taps so far still count.

    Raises:
        TransitKeyUnfit: the key is none.
        ArrearsFirst: the rider owes us.
        WalletNotInUse: the wallet is frozen or closed.

    Locks: the rider's ledger account is not waited for; their certificates are.
    """
    raw, now = rules.public_key(public_key), clock.now()
    if wallet.user(user_id).state != "ACTIVE":
        raise rules.WalletNotInUse()
    if wallet.owes_arrears(user_id):
        raise rules.ArrearsFirst()
    rows = TransitCertificate.objects.select_for_update().filter(
        user_id=user_id, state=TransitCertificateState.ACTIVE, not_after__gt=now
    )
    for row in rows:
        if bytes(row.public_key) == raw:
            return row
        row.state, row.revoked_at = TransitCertificateState.REVOKED, now
        row.save(update_fields=["state", "revoked_at"])
    return TransitCertificate.objects.create(
        user_id=user_id,
        public_key=raw,
        cap_minor=rules.CAP_MINOR,
        not_before=now,
        not_after=now + rules.LIFE,
    )


def signed_facts(certificate: TransitCertificate) -> dict[str, object]:
    """A certificate as a phone carries it, signed by the issuer."""
    facts: dict[str, object] = {
        "id": str(certificate.id),
        "public_key": base64.b64encode(bytes(certificate.public_key)).decode(),
        "cap_minor": certificate.cap_minor,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
    }
    signature = queries.issuer().sign(rules.certificate_text(facts))
    return {**facts, "signature": base64.b64encode(signature).decode()}
