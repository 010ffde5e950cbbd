"""Send, claim and end a red packet."""

import uuid
from datetime import datetime

from config.kernel import clock, ids, transactions
from config.kernel.claims import claim, in_batches
from wallet.accounts import queries as accounts
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.consume_limit import consume_limit
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.usecases.open_account import open_account
from wallet.ledger.usecases.post_journals import move_money
from wallet.ledger.values import AccountKind, Side
from wallet.risk.usecases.refuse_movement import screen_movement
from wallet.risk.values import Movement, Subject
from wallet.sharing import queries, rules
from wallet.sharing.models import PacketClaim, RedPacket
from wallet.sharing.values import PacketState

CURRENCY = "CNY"
BATCH = 50


def send_packet(
    *, sender_id: uuid.UUID, key: str, total_minor: int, shares: int, pin: str
) -> tuple[RedPacket, bool]:
    """Put money into a packet for whoever comes first; the same key sends once.

    Returns the packet, and whether the key had sent it before.

    Call it outside a transaction: PIN strikes must survive a refusal.

    Raises:
        SharesInvalid, PacketTooLarge: too many shares, or too little or much for each.
        SharingConflict: the key was used for another packet.
        PinWrong, PinLocked: the PIN is not the sender's.
        PaymentDeclined, PaymentDelayed: the risk rules refuse it.
        InsufficientFunds, AccountFrozen, KycRequired, KycLimit: refused.

    Locks: the sender's ledger account, then their limit usage.
    """
    earlier = RedPacket.objects.filter(sender_id=sender_id, key=key).first()
    if earlier is not None:
        return _again(earlier, total_minor, shares)
    rules.check_packet(total_minor, shares)
    check_pin(user_id=sender_id, pin=pin)
    packet_id = ids.uuid7()
    screen_movement(
        subject=Subject(
            payment_id=packet_id,
            payer_id=sender_id,
            payee_id=packet_id,
            device_id=None,
            amount_minor=total_minor,
            currency=CURRENCY,
            movement=Movement.TRANSFER,
        ),
        context={"pin_given": True},
        at=clock.now(),
    )
    return _fund(packet_id, sender_id, key, total_minor, shares)


def _again(packet: RedPacket, total_minor: int, shares: int) -> tuple[RedPacket, bool]:
    if (packet.total_minor, packet.shares) != (total_minor, shares):
        raise rules.SharingConflict(field="key")
    return packet, True


@transactions.atomic_retry
def _fund(
    packet_id: uuid.UUID, sender_id: uuid.UUID, key: str, total_minor: int, shares: int
) -> tuple[RedPacket, bool]:
    sender, now = accounts.user(sender_id), clock.now()
    locked_account(sender.available_account_id)
    earlier = RedPacket.objects.filter(sender_id=sender_id, key=key).first()
    if earlier is not None:
        return _again(earlier, total_minor, shares)
    account_id = open_account(
        code=f"packet:{packet_id}",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=CURRENCY,
        owner_id=sender_id,
        normal_side=Side.CREDIT,
        unit=sender.unit,
    )
    packet = RedPacket.objects.create(
        id=packet_id,
        sender_id=sender_id,
        key=key,
        account_id=account_id,
        total_minor=total_minor,
        shares=shares,
        created_at=now,
        due_at=now + rules.PACKET_LIFE,
    )
    _move(
        packet, "fund", total_minor, now, debited=sender.available_account_id, credited=account_id
    )
    consume_limit(user_id=sender_id, amount_minor=total_minor)
    return packet, False


@transactions.atomic_retry
def claim_share(*, packet_id: uuid.UUID, user_id: uuid.UUID) -> PacketClaim:
    """Take a share, one a person; again gives the same. First come, first served.

    Raises:
        SharingUnknown: there is no such packet.
        PacketOver: nothing is left, or its day is over.
        AccountClosed: the caller's wallet takes nothing.

    Locks: the packet, then the ledger accounts.
    """
    packet = queries.locked_packet(packet_id)
    earlier = queries.claim_of(packet_id, user_id=user_id)
    if earlier is not None:
        return earlier
    now = clock.now()
    if packet.state != PacketState.CLAIMING or packet.due_at is None or now >= packet.due_at:
        raise rules.PacketOver()
    part_minor = rules.equal_shares(packet.total_minor, packet.shares)[packet.claimed]
    packet.claimed += 1
    if packet.claimed == packet.shares:
        packet.state, packet.due_at = PacketState.EMPTY, None
    packet.save(update_fields=["claimed", "state", "due_at"])
    account_id = accounts.user(user_id).available_account_id
    act = f"claim:{user_id}"
    _move(packet, act, part_minor, now, debited=packet.account_id, credited=account_id)
    return PacketClaim.objects.create(
        packet=packet, user_id=user_id, amount_minor=part_minor, claimed_at=now
    )


def end_packets(*, now: datetime) -> int:
    """Give what nobody claimed back to its sender; gives how many packets ended."""
    return in_batches(_end_batch, now)


@transactions.atomic_retry
def _end_batch(now: datetime) -> int:
    batch = claim(RedPacket.objects.filter(due_at__lte=now).order_by("due_at", "id"), BATCH)
    for packet in batch:
        left_minor = ledger.balance(packet.account_id).posted_minor
        if left_minor:
            account_id = accounts.user(packet.sender_id).available_account_id
            _move(
                packet, "expired", left_minor, now, debited=packet.account_id, credited=account_id
            )
        packet.state, packet.due_at = PacketState.EXPIRED, None
        packet.save(update_fields=["state", "due_at"])
    return len(batch)


def _move(
    packet: RedPacket,
    act: str,
    amount_minor: int,
    now: datetime,
    *,
    debited: uuid.UUID,
    credited: uuid.UUID,
) -> None:
    move_money(
        key=f"packet:{packet.id}:{act}",
        kind="packet",
        debited=debited,
        credited=credited,
        amount_minor=amount_minor,
        currency=CURRENCY,
        at=now,
        reference=f"packet:{packet.id}"[:64],
        narrative="red packet",
    )
