"""Send money to another person by phone number."""

import uuid

from django.db import IntegrityError, transaction

from config.kernel import clock, ids, transactions
from config.kernel.limits.counting import check, count
from config.kernel.names import mask_name
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.accounts.phones import LOOK_UPS
from wallet.accounts.rules import normalise_phone
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.count_outgoing import count_outgoing
from wallet.accounts.values import UserState
from wallet.ledger.rules import AccountClosed, AccountFrozen
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit
from wallet.payments import queries, rules
from wallet.payments.models import Transfer
from wallet.payments.values import CURRENCY, TransferOutcome
from wallet.risk.usecases.refuse_movement import screen_movement
from wallet.risk.values import Movement, Subject

KEY_MAXIMUM = 255
NOTE_MAXIMUM = 128


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

    Locks: both ledger accounts in id order, then the person's limit usage.
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
        known={"pin_given": True},
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
    transfer = _new(key, payer, payee, amount_minor, note)
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
            _move(transfer, payer, payee)
    except IntegrityError:
        # The same key arrived twice in this moment; the other one has moved the money.
        earlier = Transfer.objects.get(payer_id=payer_id, key=key)
        return _again(earlier, payee.phone, amount_minor, note)
    return TransferOutcome(queries.transfer_view(transfer), changed=True)


def _new(key: str, payer: WalletUser, payee: WalletUser, amount_minor: int, note: str) -> Transfer:
    """A transfer not posted yet: its row goes first, because it holds the key."""
    now, transfer_id, unit = clock.now(), ids.uuid7(), ids.unit_of(payer.id)
    on = clock.house_day(now)
    return Transfer(
        id=transfer_id,
        number=rules.payment_number(transfer_id, on=on, unit=unit),
        key=key,
        payer_id=payer.id,
        payee_id=payee.id,
        payee_name=_name_shown(payee, to=payer),
        amount_minor=amount_minor,
        note=note,
        created_at=now,
        unit=unit,
    )


def _move(transfer: Transfer, payer: WalletUser, payee: WalletUser) -> None:
    """Post the journal, count it and tell of it."""
    transfer.journal_id = post_journal(
        Draft(
            key=f"transfer:{transfer.id}",
            kind="transfer",
            lines=(
                debit(payer.available_account_id, transfer.amount_minor, transfer.currency),
                credit(payee.available_account_id, transfer.amount_minor, transfer.currency),
            ),
            posted_at=transfer.created_at,
            business_date=clock.house_day(transfer.created_at),
            reference=transfer.number,
            narrative=transfer.note,
        )
    )
    transfer.save(update_fields=["journal_id"])
    count_outgoing(user_id=payer.id, amount_minor=transfer.amount_minor)
    outbox.add(
        topic="transfer.succeeded",
        aggregate_id=transfer.id,
        payload={
            "transfer_id": str(transfer.id),
            "payer_id": str(payer.id),
            "payee_id": str(payee.id),
            "amount_minor": transfer.amount_minor,
            "currency": transfer.currency,
            "moved_at": transfer.created_at.isoformat(),
        },
    )


def _payee(phone: str, *, asked_by: uuid.UUID) -> WalletUser:
    """Whose phone it is. Numbers that lead to nobody are counted: a wallet is no directory."""
    check(LOOK_UPS, subject=str(asked_by))
    try:
        return accounts.user_by_phone(phone)
    except accounts.UserUnknown as error:
        count(LOOK_UPS, subject=str(asked_by))
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
