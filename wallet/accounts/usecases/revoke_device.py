"""Take a device's right to make payment codes away."""

import uuid

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from wallet.accounts.models import Device
from wallet.accounts.queries import own


@transactions.atomic_retry
def revoke_device(*, user_id: uuid.UUID, device_id: uuid.UUID) -> Device:
    """Revoke a device: its key version rises, so every code of the old key is refused.

    Revoking again changes nothing. `device.revoked` in the outbox lets the payments slice
    drop the codes it has issued.

    Raises:
        ObjectUnknown: the user has no such device.

    Locks: the device.
    """
    device = own(Device.objects.select_for_update().filter(id=device_id, user_id=user_id))
    if device.revoked_at is not None:
        return device
    device.revoked_at = clock.now()
    device.key_version += 1
    device.save(update_fields=["revoked_at", "key_version"])
    outbox.add(
        topic="device.revoked", aggregate_id=device.id, payload={"device_id": str(device.id)}
    )
    return device
