"""Register a phone that can make payment codes offline."""

import uuid

from config.kernel import clock, texts, transactions
from config.kernel.errors import InvalidRequest, Refused
from config.kernel.idempotency.run_idempotent import IdempotencyConflict
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries
from wallet.accounts.models import Device
from wallet.accounts.values import DEVICES_MAXIMUM


class TooManyDevices(Refused):
    """The user has as many devices as allowed."""

    code = "too_many_devices"
    message = "Revoke a device first."


class LabelInvalid(InvalidRequest):
    """The device's label is empty, too long, or cannot be shown as it is."""

    code = "label_invalid"
    message = "Give a label of 1 to 64 characters."


@transactions.atomic_retry
def register_device(
    *, user_id: uuid.UUID, label: str, public_key: str = "", key: str | None = None
) -> tuple[Device, bytes, bool]:
    """Make a device and give its secret K, once.

    Returns the device, K, and whether the key had registered it before.

    The secret is derived, never stored. The same `key` again gives the same device and
    secret, so that a lost answer can be fetched; another registration gives another.

    Args:
        user_id: whose device.
        label: what the user calls it, 1 to 64 characters.
        public_key: PEM of a key the device holds, empty where it has none.
        key: the client's idempotency key.

    Raises:
        LabelInvalid: the label is empty or too long.
        IdempotencyConflict: the key was used for another label, or its device is revoked.
        TooManyDevices: ten devices are live already.
        UserUnknown: there is no such user.

    Locks: the user, so that the count holds under parallel registrations.
    """
    name = label.strip()
    if not 1 <= len(name) <= 64 or texts.fault(name) is not None:
        raise LabelInvalid(field="label")
    queries.locked_user(user_id)
    if key is not None and (earlier := _known(user_id, key)) is not None:
        if earlier.label != name or earlier.public_key != public_key or earlier.revoked_at:
            raise IdempotencyConflict(key=key, field="Idempotency-Key")
        return earlier, queries.device_key(earlier.id, earlier.key_version), True
    if queries.live_devices(user_id).count() >= DEVICES_MAXIMUM:
        raise TooManyDevices(maximum=DEVICES_MAXIMUM)
    now = clock.now()
    device = Device.objects.create(
        user_id=user_id,
        label=name,
        public_key=public_key,
        request_key=key,
        created_at=now,
        last_seen_at=now,
    )
    outbox.add(
        topic="device.registered", aggregate_id=device.id, payload={"device_id": str(device.id)}
    )
    return device, queries.device_key(device.id, device.key_version), False


def _known(user_id: uuid.UUID, key: str) -> Device | None:
    return Device.objects.filter(user_id=user_id, request_key=key).first()
