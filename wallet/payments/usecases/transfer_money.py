"""Send money to another person by phone number; a first large sum waits a day."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from config.kernel import clock, ids, transactions
from config.kernel.errors import required
from config.kernel.names import mask_name
from config.kernel.transactions import KeyTaken
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.accounts.rules import normalise_phone
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.consume_limit import consume_limit
from wallet.accounts.usecases.look_up_phone import look_up_phone
from wallet.accounts.values import UserState
from wallet.ledger.rules import AccountClosed, AccountFrozen
from wallet.ledger.usecases.place_hold import place_hold
from wallet.payments import queries, rules
from wallet.payments.models import Transfer
from wallet.payments.usecases.move_transfer import move, tell
from wallet.payments.values import CURRENCY, TransferOutcome, TransferState
from wallet.risk.usecases.refuse_movement import screen_movement
from wallet.risk.values import Movement, Subject

KEY_MAXIMUM = 255
NOTE_MAXIMUM = 128
# A hold outlives the moment at which its transfer falls due: a late job still finds the money.
NET = timedelta(days=30)


def transfer_money(
    *,
    key: str,
    payer_id: uuid.UUID,
    payee_phone: str,
    amount_minor: int,
    pin: str,
    note: str = "",
) -> TransferOutcome:
    """Move money from one wallet to another, at once and for good.

    A large sum for somebody whom the payer has not paid before is held on the payer's account
    first, for `SAOMA_TRANSFER_PAUSE_HOURS`: the payer may call it back until it arrives.

    The key is looked up before anything is judged: the same key with the same content
    gives the first transfer again, whatever has become of the payee, the PIN or the
    balance since. Call it outside a transaction: PIN strikes must survive a refusal.
    To a payer whom the payee has never sent anything, the payee's name is masked.

    Args:
        key: the payer's own id for this transfer, made before asking; 1 to 255 characters.
        payer_id: who sends.
        payee_phone: who receives, in any spelling of their number.
        amount_minor: in fen, at least 1.
        pin: the payer's payment PIN; always needed.
        note: shown to both.

    Raises:
        AmountOutOfRange, TextInvalid: an input is wrong.
        PinWrong, PinLocked: the PIN is not the payer's.
        PhoneInvalid, PayeeUnknown: nobody can be paid by that number.
        TooManyLookUps: twenty numbers that led to nobody within an hour; `retry_after_s`.
        TransferConflict: the key was used for other content.
        PaymentDeclined, PaymentDelayed: the risk rules refuse it, for now or for good.
        PayeeIsPayer, AccountFrozen, KycRequired, KycLimit, InsufficientFunds: refused.

    Locks: the pair of people, both ledger accounts in id order, then the person's limit usage.
    """
    rules.check_order(reference=key[:64], amount_minor=amount_minor, currency=CURRENCY)
    rules.check_text(key, field="key", longest=KEY_MAXIMUM)
    rules.check_text(note, field="note", longest=NOTE_MAXIMUM, lines=False)
    transfer = Transfer.objects.filter(payer_id=payer_id, key=key).first()
    if transfer is not None:
        return _again(transfer, payee_phone, amount_minor, note)
    check_pin(user_id=payer_id, pin=pin)
    payee = _payee(payee_phone, asked_by=payer_id)
    if payee.id != payer_id:
        _screen(payer_id, payee, amount_minor)
    return _transfer(key, payer_id, payee, amount_minor, note)


def _screen(payer_id: uuid.UUID, payee: WalletUser, amount_minor: int) -> None:
    """Ask the risk rules before the money moves; the transfer's own id is not made yet."""
    screen_movement(
        subject=Subject(
            payment_id=ids.uuid7(),
            payer_id=payer_id,
            payee_id=payee.id,
            device_id=None,
            amount_minor=amount_minor,
            currency=CURRENCY,
            movement=Movement.TRANSFER,
        ),
        context={"pin_given": True},
        at=clock.now(),
    )


@transactions.atomic_retry
def _transfer(
    key: str, payer_id: uuid.UUID, payee: WalletUser, amount_minor: int, note: str
) -> TransferOutcome:
    payer = accounts.user(payer_id)
    if payer.id == payee.id:
        raise rules.PayeeIsPayer(field="payee_phone")
    if payer.state == UserState.FROZEN:
        raise AccountFrozen()
    if payer.state == UserState.CLOSED:
        raise AccountClosed()
    transactions.take_turns("transfer", str(payer.id), str(payee.id))
    transfer = _new(key, payer, payee, amount_minor, note)
    try:
        with transaction.atomic():
            transactions.insert(transfer)
            if transfer.due_at is None:
                move(transfer, payer, payee)
            else:
                _hold(transfer, payer)
            consume_limit(user_id=payer.id, amount_minor=transfer.amount_minor)
    except KeyTaken:
        # The same key arrived twice in this moment; the other one has moved the money.
        earlier = Transfer.objects.get(payer_id=payer_id, key=key)
        return _again(earlier, payee.phone, amount_minor, note)
    return TransferOutcome(queries.transfer_view(transfer), changed=True)


def _new(key: str, payer: WalletUser, payee: WalletUser, amount_minor: int, note: str) -> Transfer:
    """A transfer not posted yet: its row goes first, because it holds the key."""
    now, transfer_id, unit = clock.now(), ids.uuid7(), ids.unit_of(payer.id)
    due_at = _due_at(payer, payee, amount_minor, now)
    return Transfer(
        id=transfer_id,
        number=rules.payment_number(transfer_id, on=clock.house_day(now), unit=unit),
        key=key,
        payer_id=payer.id,
        payee_id=payee.id,
        payee_name=_name_shown(payee, to=payer),
        amount_minor=amount_minor,
        note=note,
        state=TransferState.DELAYED if due_at else TransferState.SUCCEEDED,
        created_at=now,
        due_at=due_at,
        ended_at=None if due_at else now,
        unit=unit,
    )


def _due_at(
    payer: WalletUser, payee: WalletUser, amount_minor: int, now: datetime
) -> datetime | None:
    """When a transfer arrives that waits first; None for one that arrives at once.

    Somebody who has been talked into paying a stranger gets a pause to think. Small sums
    shortly before count with it, or a large one would be sent in slices; what is sent to
    this payee at the same moment takes turns.
    """
    pause = timedelta(hours=settings.SAOMA_TRANSFER_PAUSE_HOURS)
    from_minor = settings.SAOMA_TRANSFER_PAUSE_FROM_MINOR
    sent_minor, acquainted = queries.sent_to(
        payer_id=payer.id, payee_id=payee.id, after=now - pause
    )
    waits = from_minor > 0 and sent_minor + amount_minor >= from_minor and not acquainted
    return now + pause if waits else None


def _hold(transfer: Transfer, payer: WalletUser) -> None:
    """Keep the amount on the payer's account until it falls due."""
    transfer.hold_id = place_hold(
        key=f"transfer:{transfer.id}",
        account_id=payer.available_account_id,
        amount_minor=transfer.amount_minor,
        expires_at=required(transfer.due_at, "a delayed transfer falls due") + NET,
        reference=transfer.number,
    )
    transfer.save(update_fields=["hold_id"])
    tell("transfer.delayed", transfer)


def _payee(phone: str, *, asked_by: uuid.UUID) -> WalletUser:
    try:
        return look_up_phone(phone, asked_by=asked_by)
    except accounts.UserUnknown as error:
        raise rules.PayeeUnknown(field="payee_phone") from error


def _name_shown(payee: WalletUser, *, to: WalletUser) -> str:
    """The payee's name in full for whom they have sent money to, masked for strangers.

    Otherwise a phone number and a cent tell anybody who its owner is.
    """
    acquainted = Transfer.objects.filter(payer_id=payee.id, payee_id=to.id).exists()
    return payee.name if acquainted else mask_name(payee.name)


def _again(transfer: Transfer, payee_phone: str, amount_minor: int, note: str) -> TransferOutcome:
    """Answer a repeated key: the first transfer, if it is the same one.

    The payee is known by the number they had then; they may have left since.
    """
    phone = accounts.user(transfer.payee_id).phone
    same_payee = normalise_phone(payee_phone) == phone
    if not same_payee or (transfer.amount_minor, transfer.note) != (amount_minor, note):
        raise rules.TransferConflict(field="key", transfer_id=str(transfer.id))
    return TransferOutcome(queries.transfer_view(transfer), changed=False)
