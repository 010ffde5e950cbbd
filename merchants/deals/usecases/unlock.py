"""Prescriptions that unlock an order, and uses of a bundle that release a partner's share."""

import uuid
from datetime import timedelta

from config.kernel import clock, transactions
from merchants.deals import queries, rules
from merchants.deals.models import Entitlement, Prescription, Redemption
from merchants.deals.usecases.move_money import give_share
from merchants.deals.values import DealState, PolicyName

_AFTER_SEEING = frozenset({DealState.ACCEPTED, DealState.COMPLETED})


@transactions.atomic_retry
def issue_prescription(*, deal_id: uuid.UUID, number: str, valid_days: int) -> Prescription:
    """Say that a consultation ended with a prescription, once; what it says is kept nowhere.

    Raises:
        DealUnknown: there is no such deal.
        DealStateForbids: it is no consultation, or nobody has accepted it.
        OfferTaken: the consultation has another prescription.

    Locks: the deal.
    """
    deal = queries.locked_deal(deal_id)
    if deal.offer.policy != PolicyName.SERVICE or deal.state not in _AFTER_SEEING:
        raise rules.DealStateForbids(state=deal.state)
    earlier = Prescription.objects.filter(consultation=deal).first()
    if earlier is not None and earlier.number != number:
        raise rules.OfferTaken(field="number")
    return earlier or Prescription.objects.create(
        consultation=deal,
        buyer_id=deal.buyer_id,
        number=number,
        valid_until=clock.now() + timedelta(days=valid_days),
    )


@transactions.atomic_retry
def redeem_entitlement(
    *, entitlement_id: uuid.UUID, owner_id: uuid.UUID, request_no: str
) -> Entitlement:
    """Use a bundle once at a partner: its share leaves escrow; once for the partner's number.

    Raises:
        EntitlementUnknown: there is none of this partner's.
        DealStateForbids: the bundle is not in force.
        EntitlementUsedUp: all uses are made.

    Locks: the deal, the payment, then the ledger accounts.
    """
    row = queries.entitlement_of_partner(entitlement_id, owner_id=owner_id)
    deal = queries.locked_deal(row.deal_id)
    row.refresh_from_db()
    if row.redemptions.filter(request_no=request_no).exists():
        return row
    if deal.state != DealState.ACTIVE:
        raise rules.DealStateForbids(state=deal.state)
    if row.uses_made >= row.uses:
        raise rules.EntitlementUsedUp(uses=row.uses)
    row.uses_made += 1
    row.save(update_fields=["uses_made"])
    use = Redemption(entitlement=row, request_no=request_no, amount_minor=row.amount_minor)
    key = f"redemption:{use.id}"
    use.journal_id = give_share(deal, row.partner, row.amount_minor, key=key)
    use.save(force_insert=True)
    return row
