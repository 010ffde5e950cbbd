"""Who the ids of cases and lists are, as operators read them."""

import uuid

from config.kernel.approvals.values import Link
from wallet.accounts.models import Device, WalletUser
from wallet.risk.values import ListedKind


def customer(user_id: uuid.UUID) -> Link | str:
    """A customer's name with a link to the page; the id of whoever is none, such as a shop."""
    user = WalletUser.objects.filter(id=user_id).first()
    return str(user_id) if user is None else Link(str(user), "accounts.WalletUser", str(user_id))


def listed(kind: str, subject_id: uuid.UUID) -> Link | str:
    """Who or what an entry of a list is about: a customer, or a device and whose it is."""
    if kind != ListedKind.DEVICE:
        return customer(subject_id)
    device = Device.objects.select_related("user").filter(id=subject_id).first()
    if device is None:
        return str(subject_id)
    return Link(f"{device.label}, {device.user}", "accounts.Device", str(subject_id))
