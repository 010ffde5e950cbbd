"""Drop payment codes that can no longer be used."""

import uuid
from datetime import datetime, timedelta

from wallet.payments.models import PaymentCode
from wallet.payments.values import CodeState

# Used and expired codes are kept for a while: a repeated request finds its answer, and
# a number is not lent again while somebody may still remember it.
KEPT = timedelta(days=2)


def drop_codes_of_device(*, device_id: uuid.UUID) -> int:
    """Delete the unused aliases of a revoked device; returns how many."""
    dropped, _ = PaymentCode.objects.filter(device_id=device_id, state=CodeState.ISSUED).delete()
    return dropped


def drop_old_codes(*, at: datetime) -> int:
    """Delete codes that ran out more than two days before `at`; returns how many."""
    dropped, _ = PaymentCode.objects.filter(expires_at__lte=at - KEPT).delete()
    return dropped
