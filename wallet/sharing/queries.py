"""Questions about sharing."""

import uuid

from django.db.models import QuerySet

from config.kernel.due_times import Earliest
from config.kernel.rows import first_or
from wallet.payments.models import Transfer
from wallet.payments.values import TransferState
from wallet.sharing import rules
from wallet.sharing.models import PacketClaim, RedPacket, SplitBill, SplitShare


def share_of(split_id: uuid.UUID, *, user_id: uuid.UUID) -> SplitShare:
    """Somebody's share of a split bill.

    Raises:
        SharingUnknown: they have none.
    """
    rows = SplitShare.objects.select_related("split")
    return first_or(rows.filter(split_id=split_id, user_id=user_id), rules.SharingUnknown())


def split_of(split_id: uuid.UUID, *, user_id: uuid.UUID) -> SplitBill:
    """A split bill in which somebody has a share.

    Raises:
        SharingUnknown: they have none.
    """
    return share_of(split_id, user_id=user_id).split


def transfer_key(split_id: uuid.UUID, *, user_id: uuid.UUID) -> str:
    """Under which key a share is sent: another one after a transfer that came to nothing."""
    ended = _sent(split_id).filter(
        payer_id=user_id, state__in=(TransferState.CANCELLED, TransferState.RETURNED)
    )
    count = ended.count()
    return f"split:{split_id}:{count}" if count else f"split:{split_id}"


def arrived(split: SplitBill) -> list[uuid.UUID]:
    """Whose shares of a split are unpaid by its book and have arrived at its requester."""
    unpaid = dict(split.shares.filter(paid_at__isnull=True).values_list("user_id", "amount_minor"))
    rows = _sent(split.id).filter(
        payer_id__in=unpaid, payee_id=split.requester_id, state=TransferState.SUCCEEDED
    )
    return [
        payer_id
        for payer_id, amount_minor in rows.values_list("payer_id", "amount_minor")
        if amount_minor == unpaid[payer_id]
    ]


def owing(split: SplitBill) -> dict[uuid.UUID, int]:
    """Who has neither paid nor sent a share, and how much it is in fen."""
    on_its_way = _sent(split.id).exclude(
        state__in=(TransferState.CANCELLED, TransferState.RETURNED)
    )
    rows = split.shares.filter(paid_at__isnull=True)
    unsent = rows.exclude(user_id__in=on_its_way.values("payer_id"))
    return dict(unsent.values_list("user_id", "amount_minor"))


def _sent(split_id: uuid.UUID) -> QuerySet[Transfer]:
    return Transfer.objects.filter(key__startswith=f"split:{split_id}")


def locked_packet(packet_id: uuid.UUID) -> RedPacket:
    """A red packet, locked.

    Raises:
        SharingUnknown: there is none.
    """
    return first_or(
        RedPacket.objects.select_for_update().filter(id=packet_id), rules.SharingUnknown()
    )


def claim_of(packet_id: uuid.UUID, *, user_id: uuid.UUID) -> PacketClaim | None:
    """What somebody has got out of a packet."""
    return PacketClaim.objects.filter(packet_id=packet_id, user_id=user_id).first()


# When the next packet ends.
next_due = Earliest(lambda: RedPacket.objects.filter(due_at__isnull=False), "due_at")
