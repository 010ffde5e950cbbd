"""Questions about transit."""

import uuid
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import QuerySet

from config.kernel import keys
from config.kernel.due_times import Earliest, earliest_of
from config.kernel.errors import required
from config.kernel.rows import first_or
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials
from merchants.transit import rules
from merchants.transit.models import (
    Ride,
    Tap,
    TransitCertificate,
    TransitGate,
    TransitOperator,
)
from merchants.transit.values import Fares, TapState, TransitCertificateState


def issuer() -> Ed25519PrivateKey:
    """The key that signs certificates; gates hold its public half."""
    return Ed25519PrivateKey.from_private_bytes(keys.derive("transit-issuer", rules.KEY_BYTES))


def gate_of(serial: str, *, owner_id: uuid.UUID) -> TransitGate:
    """A gate of an owner's.

    Raises:
        GateUnknown: there is none of theirs.
    """
    rows = TransitGate.objects.select_related("operator__merchant")
    return first_or(
        rows.filter(serial=serial, operator__merchant__owner_id=owner_id), rules.GateUnknown()
    )


def fares_of(operator: TransitOperator) -> Fares:
    """An operator's fares."""
    return Fares(operator.base_minor, operator.stop_minor, operator.maximum_minor)


def seller(operator: TransitOperator) -> AppCredentials:
    """For whom an operator's rides are paid."""
    return required(app_credentials(operator.app_number), "an operator's app was checked when set")


def revoked(now: datetime) -> list[uuid.UUID]:
    """Certificates that gates must not believe though they have not ended."""
    rows = TransitCertificate.objects.filter(
        state=TransitCertificateState.REVOKED, not_after__gt=now
    )
    return list(rows.values_list("id", flat=True))


def rides_of(user_id: uuid.UUID) -> QuerySet[Ride]:
    """A rider's rides, newest first."""
    rows = Ride.objects.filter(certificate__user_id=user_id)
    return rows.select_related("entry__gate", "exit__gate")


def waiting_taps(certificate: TransitCertificate) -> list[Tap]:
    """A certificate's taps that have no other half yet, in the order in which they were made."""
    rows = Tap.objects.filter(certificate=certificate, state=TapState.OPEN)
    return list(rows.select_related("gate__operator"))


# When the next tap is single-sided or the next ride is charged.
next_due = earliest_of(
    Earliest(lambda: Tap.objects.filter(due_at__isnull=False), "due_at"),
    Earliest(lambda: Ride.objects.filter(due_at__isnull=False), "due_at"),
)
