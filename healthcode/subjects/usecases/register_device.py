"""Bind a phone's key to a subject."""

import uuid
from typing import ClassVar

from config.kernel import clock, transactions
from config.kernel.audit import chain
from config.kernel.errors import Conflict, Refused
from config.kernel.outbox import writes as outbox
from healthcode.subjects import queries
from healthcode.subjects.models import Device, Subject

MAX_DEVICES = 5
DEVICE_REVOKED = "health.device_revoked"


class TooManyDevices(Refused):
    """The subject has as many live devices as anyone may."""

    code: ClassVar[str] = "too_many_devices"
    message: ClassVar[str] = "Too many devices; revoke one first."


class DeviceRevoked(Conflict):
    """The phone's key was taken out of force and never comes back."""

    code: ClassVar[str] = "device_revoked"
    message: ClassVar[str] = "This phone was revoked; make a new key on it."


@transactions.atomic_retry
def register_device(
    *,
    subject: Subject,
    public_key: bytes,
    label: str = "",
    held_by: Subject | None = None,
    device_id: uuid.UUID | None = None,
) -> Device:
    """Register a device's compressed P-256 key; the same key again is the same device.

    A phone makes a new key for each pass, or two venues would know it again by its key: then
    it says which device it is, and its record takes the new key.

    Args:
        subject: whom codes on it are about.
        public_key: 33 bytes.
        label: what its owner calls it.
        held_by: the guardian whose phone it is, for a dependent's codes.
        device_id: the phone's record, where it has one.

    Raises:
        queries.DeviceUnknown: `device_id` is no phone of theirs.
        TooManyDevices: MAX_DEVICES are live already.
        DeviceRevoked: a lost phone's key does not come back.

    Locks: the subject.
    """
    Subject.objects.select_for_update().get(id=subject.id)
    device = Device.objects.filter(subject=subject, public_key=public_key).first()
    if device is not None and device.revoked_at is not None:
        raise DeviceRevoked(field="device_public_key")
    if device is not None:
        return device
    if device_id is not None:
        return _take_key(subject, device_id, public_key, held_by)
    if Device.objects.filter(subject=subject, revoked_at__isnull=True).count() >= MAX_DEVICES:
        raise TooManyDevices(limit=MAX_DEVICES)
    return Device.objects.create(
        subject=subject, public_key=public_key, label=label, held_by=held_by
    )


def _take_key(
    subject: Subject, device_id: uuid.UUID, public_key: bytes, held_by: Subject | None
) -> Device:
    device = Device.objects.filter(id=device_id, subject=subject, held_by=held_by).first()
    if device is None:
        raise queries.DeviceUnknown(field="device_id")
    if device.revoked_at is not None:
        raise DeviceRevoked(field="device_id")
    device.public_key = public_key
    device.save(update_fields=["public_key"])
    return device


@transactions.atomic_retry
def revoke_device(*, subject_id: uuid.UUID, device_id: uuid.UUID, actor: str) -> Device:
    """Take a lost phone out of force; its passes follow. Again changes nothing.

    Raises:
        queries.DeviceUnknown: the subject has no such device.

    Locks: the device.
    """
    device = Device.objects.select_for_update().filter(id=device_id, subject_id=subject_id).first()
    if device is None:
        raise queries.DeviceUnknown(field="device_id")
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        device.save(update_fields=["revoked_at"])
        chain.record(
            action="health.revoke_device", actor=actor, target=f"subject:{device.subject.alias}",
            after={"device": str(device.id)},
        )  # fmt: skip
        outbox.add(
            topic=DEVICE_REVOKED, aggregate_id=device.id, payload={"device_id": str(device.id)}
        )
    return device
