"""Revoke a device's right to make payment codes."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit import chain as audit
from config.kernel.outbox import writes as outbox
from wallet.accounts.models import Device
from wallet.accounts.queries import own


@transactions.atomic_retry
def revoke_device(
    *, user_id: uuid.UUID, device_id: uuid.UUID, operator: str = "", reason: str = ""
) -> Device:
    """Revoke a device: its key version rises, so every code of the old key is refused.

    Revoking again changes nothing. `device.revoked` in the outbox lets the payments slice
    drop the codes it has issued. An operator's deed is in the audit log, too.

    Args:
        operator: who does it for the customer, as `operator:name`; empty for themselves.

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
    if operator:
        audit.record(
            action="accounts.revoke_device",
            actor=operator,
            target=f"device:{device.id}",
            purpose=reason,
            after={"revoked": True},
        )
    return device
