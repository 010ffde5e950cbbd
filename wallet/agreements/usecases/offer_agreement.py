"""Propose an agreement to a payer."""

from django.db import IntegrityError, transaction

from config.kernel import clock, ids, transactions
from wallet.agreements import queries, rules
from wallet.agreements.models import Agreement
from wallet.agreements.values import AgreementStatus, AgreementView, Offer
from wallet.payments.rules import business_date, check_text, details_text
from wallet.qr.merchant_code import new_token

NUMBER_MAXIMUM = 64


@transactions.atomic_retry
def offer_agreement(*, offer: Offer) -> AgreementView:
    """Keep an offer that one payer may sign within a day.

    The same offer under the payee's same number gives the same agreement with a new life,
    also where it ran out unsigned.

    Args:
        offer: payee, terms and the payee's own number.

    Raises:
        rules.TermsInvalid: the terms are not ones that may be agreed.
        TextInvalid: a text is too long or cannot be stored.
        rules.AgreementConflict: the number stands for another offer.
        rules.AgreementSigned, rules.AgreementEnded: it has been signed, or is over.

    Locks: the agreement, where there is one.
    """
    now = clock.now()
    for name in ("external_no", "product", "scene"):
        check_text(getattr(offer, name), field=name, longest=NUMBER_MAXIMUM)
    details_text(offer.details)
    agreement = _locked(offer)
    if agreement is None:
        rules.check_terms(offer.terms, at=now)
        try:
            with transaction.atomic():
                return queries.view(_new(offer))
        except IntegrityError:
            # Two offers at once with one number: the other one's is ours as well.
            agreement = _locked(offer)
            if agreement is None:
                raise
    return _again(agreement, offer)


def _locked(offer: Offer) -> Agreement | None:
    if not offer.external_no:
        return None
    rows = Agreement.objects.select_for_update()
    return rows.filter(payee_id=offer.payee_id, external_no=offer.external_no).first()


def _again(agreement: Agreement, offer: Offer) -> AgreementView:
    """Answer a repeated number: the same offer once more, or why not."""
    agreed = (agreement.product, agreement.scene, rules.comparable(queries.terms_of(agreement)))
    if agreed != (offer.product, offer.scene, rules.comparable(offer.terms)):
        raise rules.AgreementConflict(field="external_no")
    status = AgreementStatus(agreement.status)
    if status in rules.LIVE:
        raise rules.AgreementSigned(status=status.value)
    if agreement.signed_at is not None or status is AgreementStatus.UNSIGNED:
        raise rules.AgreementEnded(status=status.value)
    agreement.status = AgreementStatus.TEMP
    agreement.lapses_at = clock.now() + rules.OFFER_LIFE
    agreement.ended_at = None
    agreement.details = dict(offer.details)
    agreement.save(update_fields=["status", "lapses_at", "ended_at", "details"])
    return queries.view(agreement)


def _new(offer: Offer) -> Agreement:
    now, agreement_id = clock.now(), ids.uuid7()
    number = rules.agreement_number(agreement_id.int, on=business_date(now, offer.payee_zone))
    terms = offer.terms
    return Agreement.objects.create(
        id=agreement_id,
        number=number,
        token=new_token(),
        payee_id=offer.payee_id,
        payee_account_id=offer.payee_account_id,
        payee_owner_id=offer.payee_owner_id,
        payee_name=offer.payee_name,
        payee_zone=offer.payee_zone,
        payee_cutoff_hour=offer.payee_cutoff_hour,
        external_no=offer.external_no,
        product=offer.product,
        scene=offer.scene,
        currency=offer.currency,
        period_type=terms.period_type or "",
        period=terms.period,
        first_on=terms.first_on,
        single_minor=terms.single_minor,
        total_minor=terms.total_minor,
        total_payments=terms.total_payments,
        valid_until=terms.valid_until,
        challenge=rules.challenge(
            number=number,
            payee_name=offer.payee_name,
            external_no=offer.external_no,
            currency=offer.currency,
            terms=terms,
        ),
        created_at=now,
        lapses_at=now + rules.OFFER_LIFE,
        details=dict(offer.details),
        unit=ids.unit_of(offer.payee_id),
    )
