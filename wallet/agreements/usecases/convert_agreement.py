"""Turn an agreement of one product into one of another, at its payee's wish."""

import uuid

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from wallet.agreements import queries, rules
from wallet.agreements.models import Agreement
from wallet.agreements.usecases.end_deductions import cancel_deductions
from wallet.agreements.usecases.plan_debits import note_next
from wallet.agreements.values import AgreementOutcome, AgreementStatus, DeductionOrigin, Terms


@transactions.atomic_retry
def convert_agreement(
    *, agreement_id: uuid.UUID, product: str, terms: Terms, details: dict[str, object], actor: str
) -> AgreementOutcome:
    """Give a signed agreement another product and narrower terms.

    The payer does not sign again, so nothing may be taken that was not agreed to: a cap that
    stands stays or falls, and what has been taken counts on. Converting it again to the same
    changes nothing.

    Args:
        agreement_id: the agreement, in force.
        product: what it is from now on.
        terms: its rhythm and caps; the end stays the one that was signed.
        details: what of the payee's own words changes with it.
        actor: who converts it, for the audit trail.

    Raises:
        rules.AgreementUnknown: there is no such agreement.
        rules.AgreementNotInForce, rules.AgreementEnded: it is not in force.
        rules.TermsInvalid: the terms are none, or wider than what the payer agreed to.
        rules.AgreementConflict: it has been converted to other terms.
        rules.AgreementSigned: one of that kind is in force between the two.

    Locks: the agreement, then its open deductions.
    """
    agreement = queries.locked_agreement(agreement_id)
    rules.check_status(AgreementStatus(agreement.status))
    agreed_terms = queries.terms_of(agreement)
    if agreement.product == product:
        if rules.comparable(agreed_terms) != rules.comparable(terms):
            raise rules.AgreementConflict(field="terms")
        return AgreementOutcome(queries.view(agreement), changed=False)
    rules.check_terms(terms, at=clock.now())
    rules.check_narrower(agreed_terms, queries.usage_of(agreement), terms)
    before = {"product": agreement.product, **rules.terms_text(agreed_terms)}
    cancel_deductions(agreement, at=clock.now(), origin=DeductionOrigin.PLAN)
    _write(agreement, product, terms)
    agreement.details = {**agreement.details, **details}
    note_next(agreement)
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        raise rules.AgreementSigned() from error
    record(
        action="agreement.converted",
        actor=actor,
        target=f"agreement:{agreement.number}",
        purpose="by payee",
        before=before,
        after={"product": product, **rules.terms_text(queries.terms_of(agreement))},
    )
    return AgreementOutcome(queries.view(agreement), changed=True)


def _write(agreement: Agreement, product: str, terms: Terms) -> None:
    agreement.product = product
    agreement.period_type = terms.period_type or ""
    agreement.period, agreement.first_on = terms.period, terms.first_on
    agreement.single_minor = terms.single_minor
    agreement.total_minor = terms.total_minor
    agreement.total_payments = terms.total_payments
    agreement.next_on = terms.first_on
