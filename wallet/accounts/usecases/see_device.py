"""Note that a device is online."""

import uuid

from config.kernel import clock
from wallet.accounts.models import Device
from wallet.accounts.queries import ObjectUnknown


def see_device(*, user_id: uuid.UUID, device_id: uuid.UUID) -> None:
    """Set a live device's `last_seen_at` to now; offline codes have lower limits.

    Raises:
        ObjectUnknown: the user has no such live device.
    """
    live = Device.objects.filter(id=device_id, user_id=user_id, revoked_at__isnull=True)
    if not live.update(last_seen_at=clock.now()):
        raise ObjectUnknown()
