"""Rules of sharing: who has a share, and how large it is. Pure."""

from datetime import timedelta
from typing import Final

from config.kernel.errors import Conflict, InvalidRequest, NotFound
from wallet.money import share

SHARES_MAXIMUM: Final = 100
# A present is small: what is large goes by transfer, which waits for second thoughts.
PACKET_SHARE_MAXIMUM_MINOR: Final = 200_00
PACKET_LIFE: Final = timedelta(hours=24)
REMIND_AFTER: Final = timedelta(days=1)


class SharesInvalid(InvalidRequest):
    """There are 1 to 100 shares, each of at least 0.01, and nobody has two."""

    code = "shares_invalid"
    message = "Share among 1 to 100, at least 0.01 each, nobody twice."


class PacketTooLarge(InvalidRequest):
    """A red packet gives at most 200.00 to each; `maximum_minor` says so for this many."""

    code = "packet_too_large"
    message = "A red packet gives at most 200.00 to each; send more by transfer."


class SharingUnknown(NotFound):
    """There is no such split or packet, or the caller has no share in it."""

    code = "sharing_unknown"
    message = "There is no such thing to share in."


class SharingConflict(Conflict):
    """The idempotency key was used for other content."""

    code = "sharing_conflict"
    message = "This key was used for another split or packet."


class SplitClosed(Conflict):
    """The requester has closed the split, or asks to close one that all have paid."""

    code = "split_closed"
    message = "Nobody is asked for a share of this bill any more."


class PacketOver(Conflict):
    """The packet is empty, or its day is over."""

    code = "packet_over"
    message = "Nothing is left in this packet."


def equal_shares(total_minor: int, count: int) -> list[int]:
    """Share an amount equally; what does not divide goes to the first, who asked.

    Raises:
        SharesInvalid: there are too few or too many shares, or less than a fen for each.
    """
    if not 1 <= count <= SHARES_MAXIMUM or total_minor < count:
        raise SharesInvalid(field="shares", maximum=SHARES_MAXIMUM)
    part_minor = total_minor // count
    first_minor = total_minor - part_minor * (count - 1)
    parts = share(total_minor - first_minor, [1] * (count - 1)) if count > 1 else []
    return [first_minor, *parts]


def check_packet(total_minor: int, count: int) -> None:
    """Refuse a packet that is no present.

    Raises:
        SharesInvalid: too many shares, or less than a fen for each.
        PacketTooLarge: more than a present for each.
    """
    equal_shares(total_minor, count)
    maximum_minor = PACKET_SHARE_MAXIMUM_MINOR * count
    if total_minor > maximum_minor:
        raise PacketTooLarge(field="amount", maximum_minor=maximum_minor)
