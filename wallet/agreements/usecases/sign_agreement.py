"""The payer consents to an agreement."""

import uuid

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.values import UserState
from wallet.agreements import queries, rules
from wallet.agreements.models import Agreement
from wallet.agreements.values import AgreementOutcome, AgreementStatus
from wallet.ledger.rules import AccountClosed, AccountFrozen
from wallet.payments.rules import PayeeIsPayer


def sign_agreement(
    *, agreement_id: uuid.UUID, payer_id: uuid.UUID, pin: str, challenge: str
) -> AgreementOutcome:
    """Sign an offered agreement as its payer.

    Signing what this payer has signed gives it again, whatever the PIN. Call it outside
    a transaction: PIN strikes must survive a refusal.

    Args:
        agreement_id: the offer.
        payer_id: who consents.
        pin: the payer's payment PIN.
        challenge: the digest that was shown with the terms; consent is to those terms
            and no others.

    Raises:
        PinWrong, PinLocked: the PIN is not the payer's.
        rules.AgreementUnknown: there is no such offer.
        rules.ChallengeMismatch: the terms are not the ones that were shown.
        rules.AgreementTaken, rules.AgreementEnded: somebody else has it, or it is over.
        rules.AgreementSigned: one of the same kind is in force between the two.
        PayeeIsPayer, AccountFrozen, AccountClosed: this payer cannot sign it.

    Locks: the agreement.
    """
    if not _is_signed_by(payer_id, agreement_id):
        check_pin(user_id=payer_id, pin=pin)
    return _sign(agreement_id, payer_id, challenge)


def _is_signed_by(payer_id: uuid.UUID, agreement_id: uuid.UUID) -> bool:
    rows = Agreement.objects.filter(id=agreement_id, payer_id=payer_id)
    return rows.filter(status__in=rules.LIVE).exists()


@transactions.atomic_retry
def _sign(agreement_id: uuid.UUID, payer_id: uuid.UUID, challenge: str) -> AgreementOutcome:
    agreement = queries.locked_agreement(agreement_id)
    status = AgreementStatus(agreement.status)
    if status in rules.LIVE:
        if agreement.payer_id != payer_id:
            raise rules.AgreementTaken()
        return AgreementOutcome(queries.view(agreement), changed=False)
    now = clock.now()
    rules.check_move(status, AgreementStatus.NORMAL)
    if agreement.lapses_at is not None and agreement.lapses_at <= now:
        raise rules.AgreementEnded(status=AgreementStatus.EXPIRED.value)
    if challenge != agreement.challenge:
        raise rules.ChallengeMismatch(field="challenge")
    payer = accounts.user(payer_id)
    _check_payer(agreement, payer)
    agreement.status = AgreementStatus.NORMAL
    agreement.payer_id = payer.id
    agreement.signed_at = now
    agreement.lapses_at = agreement.valid_until
    agreement.next_on = agreement.first_on
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        raise rules.AgreementSigned() from error
    _write_event(agreement, payer)
    return AgreementOutcome(queries.view(agreement), changed=True)


def _check_payer(agreement: Agreement, payer: WalletUser) -> None:
    if payer.id in {agreement.payee_id, agreement.payee_owner_id}:
        raise PayeeIsPayer()
    if payer.state == UserState.FROZEN:
        raise AccountFrozen()
    if payer.state == UserState.CLOSED:
        raise AccountClosed()


def _write_event(agreement: Agreement, payer: WalletUser) -> None:
    """Keep what was consented to where nobody can change it, and tell of it."""
    record(
        action="agreement.signed",
        actor=f"user:{payer.user_number}",
        target=f"agreement:{agreement.number}",
        purpose="consent with the payment PIN",
        after={
            "payee": agreement.payee_name,
            "external_no": agreement.external_no,
            "currency": agreement.currency,
            "challenge": agreement.challenge,
            **rules.terms_text(queries.terms_of(agreement)),
        },
    )
    outbox.add(
        topic="agreement.signed",
        aggregate_id=agreement.id,
        payload={
            "agreement_id": str(agreement.id),
            "payer_id": str(payer.id),
            "payee_id": str(agreement.payee_id),
        },
    )
