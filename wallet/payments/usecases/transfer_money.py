"""Send money to another person by phone number."""

import uuid

from django.db import IntegrityError, transaction

from config.kernel import clock, ids, transactions
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.count_outgoing import count_outgoing
from wallet.accounts.values import UserState
from wallet.ledger.rules import AccountFrozen
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit
from wallet.payments import queries, rules
from wallet.payments.models import Transfer
from wallet.payments.values import CURRENCY, TransferOutcome

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

    The same key with the same content gives the first transfer again. Call it outside a
    transaction: PIN strikes must survive a refusal.

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
        TransferConflict: the key was used for other content.
        PayeeIsPayer, AccountFrozen, KycRequired, KycLimit, InsufficientFunds: refused.

    Locks: both ledger accounts in id order, then the payer's outgoing total.
    """
    rules.check_order(reference=key[:64], amount_minor=amount_minor, currency=CURRENCY)
    rules.check_text(key, field="key", longest=KEY_MAXIMUM)
    rules.check_text(note, field="note", longest=NOTE_MAXIMUM)
    check_pin(user_id=payer_id, pin=pin)
    return _transfer(key, payer_id, payee_phone, amount_minor, note)


@transactions.atomic_retry
def _transfer(
    key: str, payer_id: uuid.UUID, payee_phone: str, amount_minor: int, note: str
) -> TransferOutcome:
    payer, payee = accounts.user(payer_id), _payee(payee_phone)
    known = Transfer.objects.filter(payer_id=payer_id, key=key).first()
    if known is not None:
        return _again(known, payee, amount_minor, note)
    if payer.id == payee.id:
        raise rules.PayeeIsPayer(field="payee_phone")
    if payer.state == UserState.FROZEN:
        raise AccountFrozen()
    transfer = _new(key, payer, payee, amount_minor, note)
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
            _move(transfer, payer, payee)
    except IntegrityError:
        # The same key arrived twice in this moment; the other one has moved the money.
        return _again(Transfer.objects.get(payer_id=payer_id, key=key), payee, amount_minor, note)
    return TransferOutcome(queries.transfer_view(transfer), changed=True)


def _new(key: str, payer: WalletUser, payee: WalletUser, amount_minor: int, note: str) -> Transfer:
    """A transfer not posted yet: its row goes first, because it holds the key."""
    now, transfer_id, unit = clock.now(), ids.uuid7(), ids.unit_of(payer.id)
    on = rules.business_date(now, payer.zone)
    return Transfer(
        id=transfer_id,
        number=rules.payment_number(transfer_id, on=on, unit=unit),
        key=key,
        payer_id=payer.id,
        payee_id=payee.id,
        payee_name=payee.name,
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
            business_date=rules.business_date(transfer.created_at, payer.zone),
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
        },
    )


def _payee(phone: str) -> WalletUser:
    try:
        return accounts.user_by_phone(phone)
    except accounts.UserUnknown as error:
        raise rules.PayeeUnknown(field="payee_phone") from error


def _again(known: Transfer, payee: WalletUser, amount_minor: int, note: str) -> TransferOutcome:
    """Answer a repeated key: the first transfer, if it is the same one."""
    if (known.payee_id, known.amount_minor, known.note) != (payee.id, amount_minor, note):
        raise rules.TransferConflict(field="key", transfer_id=str(known.id))
    return TransferOutcome(queries.transfer_view(known), changed=False)
