"""Questions about sharing."""

import uuid
from datetime import datetime

from wallet.sharing import rules
from wallet.sharing.models import PacketClaim, RedPacket, SplitBill, SplitShare


def share_of(split_id: uuid.UUID, *, user_id: uuid.UUID) -> SplitShare:
    """Somebody's share of a split bill.

    Raises:
        SharingUnknown: they have none.
    """
    rows = SplitShare.objects.select_related("split")
    row = rows.filter(split_id=split_id, user_id=user_id).first()
    if row is None:
        raise rules.SharingUnknown()
    return row


def split_of(split_id: uuid.UUID, *, user_id: uuid.UUID) -> SplitBill:
    """A split bill in which somebody has a share.

    Raises:
        SharingUnknown: they have none.
    """
    return share_of(split_id, user_id=user_id).split


def locked_packet(packet_id: uuid.UUID) -> RedPacket:
    """A red packet, locked.

    Raises:
        SharingUnknown: there is none.
    """
    row = RedPacket.objects.select_for_update().filter(id=packet_id).first()
    if row is None:
        raise rules.SharingUnknown()
    return row


def claim_of(packet_id: uuid.UUID, *, user_id: uuid.UUID) -> PacketClaim | None:
    """What somebody has got out of a packet."""
    return PacketClaim.objects.filter(packet_id=packet_id, user_id=user_id).first()


def next_due() -> datetime | None:
    """When the next packet ends."""
    rows = RedPacket.objects.filter(due_at__isnull=False).order_by("due_at")
    return rows.values_list("due_at", flat=True).first()
