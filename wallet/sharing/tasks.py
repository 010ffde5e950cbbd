"""Jobs of sharing, and what of it keeps a wallet from being closed."""

import uuid
from datetime import datetime

from config.kernel import timetable
from wallet.accounts.usecases.close_user import keeps_wallet_open
from wallet.accounts.usecases.remind import Finding, reminds_of
from wallet.sharing import queries
from wallet.sharing.models import RedPacket
from wallet.sharing.usecases.red_packet import end_packets
from wallet.sharing.usecases.split_bill import KIND, look_at_split


@keeps_wallet_open("red_packet")
def has_packet(user_id: uuid.UUID) -> bool:
    """Whether a packet of theirs may still come back."""
    return RedPacket.objects.filter(sender_id=user_id, due_at__isnull=False).exists()


@reminds_of(KIND)
def owed(split_id: uuid.UUID, at: datetime) -> Finding:
    """What those are told who have not paid their share."""
    return look_at_split(split_id, at)


@timetable.job("sharing.end_packets", tells="a customer's own matter", next_due=queries.next_due)
def end(now: datetime) -> int:
    """Packets whose day is over."""
    return end_packets(now=now)
