"""Drop payment codes that can no longer be used."""

import uuid
from datetime import datetime

from wallet.payments.models import PaymentCode
from wallet.payments.values import CODE_RETENTION, CODES_TOGETHER, CodeState


def drop_codes_of_device(*, device_id: uuid.UUID) -> int:
    """Delete the unused aliases of a revoked device; returns how many."""
    dropped, _ = PaymentCode.objects.filter(device_id=device_id, state=CodeState.ISSUED).delete()
    return dropped


def drop_old_codes(*, at: datetime) -> int:
    """Delete codes that ran out two days before `at`, and those of the hour after them.

    None is kept longer than two days, and none is dropped more than an hour before.
    Returns how many.
    """
    until = at - CODE_RETENTION + CODES_TOGETHER
    dropped, _ = PaymentCode.objects.filter(expires_at__lte=until).delete()
    return dropped
