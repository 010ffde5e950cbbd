"""Bind a phone's key to a subject."""

from typing import ClassVar

from config.kernel import transactions
from config.kernel.errors import Refused
from healthcode.subjects.models import Device, Subject

MAX_DEVICES = 5


class TooManyDevices(Refused):
    """The subject has as many live devices as anyone may."""

    code: ClassVar[str] = "too_many_devices"
    message: ClassVar[str] = "Too many devices; revoke one first."


@transactions.atomic_retry
def register_device(*, subject: Subject, public_key: bytes, label: str = "") -> Device:
    """Register a device's compressed P-256 key; the same key again is the same device.

    Raises:
        TooManyDevices: MAX_DEVICES are live already.

    Locks: the subject.
    """
    Subject.objects.select_for_update().get(id=subject.id)
    known = Device.objects.filter(subject=subject, public_key=public_key).first()
    if known is not None and known.revoked_at is None:
        return known
    if Device.objects.filter(subject=subject, revoked_at__isnull=True).count() >= MAX_DEVICES:
        raise TooManyDevices(limit=MAX_DEVICES)
    if known is not None:
        known.revoked_at = None
        known.save(update_fields=["revoked_at"])
        return known
    return Device.objects.create(subject=subject, public_key=public_key, label=label)
