"""Take an offer: hold a seat, make the deal, and ask its buyer for the first stage."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from config.kernel import clock, ids, transactions
from config.kernel.rows import first_or
from merchants.acceptance import rules as acceptance
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.values import Sale
from merchants.deals import queries, rules
from merchants.deals.models import Deal, DealPayment, Entitlement, Offer, Prescription
from merchants.deals.policies import PAY
from merchants.deals.usecases.move_deal import enter, make_move
from merchants.deals.values import DealParty, DealState, LotState, PolicyName
from merchants.onboarding import queries as onboarding
from merchants.splits import rules as splits
from merchants.splits.usecases.plan_split import plan_by_percent
from wallet import public as wallet

# The deal's timers decide when the money moves; the escrow's own never does.
_ESCROW_DAYS = 365


@transactions.atomic_retry
def take_offer(
    *,
    offer_id: uuid.UUID,
    buyer_id: uuid.UUID,
    reference: str,
    prescription_id: uuid.UUID | None = None,
    replaces_id: uuid.UUID | None = None,
    agreement_number: str = "",
) -> Deal:
    """Make a buyer's deal of an offer, once for the buyer's reference.

    A price above zero gives a payment that waits for the buyer; at price zero the deal goes
    on at once, by the same states and with no entry in the books. A bundle in force goes on
    until the one that replaces it is paid. A bundle with an agreement goes on after its term:
    each further one is debited under the agreement.

    Raises:
        OfferUnknown, OfferClosed: there is no such offer, or its time is over.
        OfferTaken: the reference stands for another change of plan, or another agreement.
        SoldOut: no seat is left.
        PrescriptionInvalid: a valid prescription of the buyer's is needed.
        OfferInvalid, DealUnknown, DealStateForbids, PlanChangeOpen: what is replaced is not
        the buyer's bundle of another plan of this seller's, in force, and changed once.
        wallet.AgreementUnknown: it is none of the buyer's with this seller in force.
        PayeeIsPayer: the buyer owns the shop.
        MerchantNotActive and the other refusals of a sale.

    Locks: the offer, then the prescription and the deal that is replaced.
    """
    offer = first_or(Offer.objects.select_for_update().filter(id=offer_id), rules.OfferUnknown())
    earlier = Deal.objects.filter(offer=offer, buyer_id=buyer_id, reference=reference).first()
    if earlier is not None:
        if (earlier.replaces_id, earlier.agreement_number) != (replaces_id, agreement_number):
            raise rules.OfferTaken(field="reference")
        return earlier
    _check_open(offer, buyer_id)
    if agreement_number:
        _check_agreement(offer, buyer_id, agreement_number)
    prescription = _prescription(offer, buyer_id, prescription_id)
    replaced = None if replaces_id is None else _plan_in_force(offer, buyer_id, replaces_id)
    offer.taken += 1
    offer.save(update_fields=["taken"])
    deal = _new(offer, buyer_id, reference, replaced, agreement_number)
    if prescription is not None:
        prescription.used_by = deal
        prescription.save(update_fields=["used_by"])
    policy = rules.policy_of(offer.policy)
    # A refusal leaves nothing behind, also where the caller goes on in its transaction.
    with transaction.atomic():
        if offer.price_minor:
            start_stage(deal, policy.stages[0])
        else:
            make_move(deal, rules.find_move(policy, policy.start, PAY), DealParty.SYSTEM)
    return deal


@transactions.atomic_retry
def pay_balance(*, deal_id: uuid.UUID) -> Deal:
    """Ask a buyer for the balance of a staged deal, in its window; again changes nothing.

    Raises:
        DealUnknown: there is no such deal.
        TooLate: the window is over.
        DealStateForbids: it has not opened, or the deal has no balance.

    Locks: the deal.
    """
    deal = queries.locked_deal(deal_id)
    if deal.payments.filter(stage="balance").exists():
        return deal
    closes = deal.offer.dates.get(DealState.BALANCE_DUE)
    if closes and clock.now() >= datetime.fromisoformat(closes):
        raise rules.TooLate(until=closes)
    if deal.state != DealState.BALANCE_DUE:
        raise rules.DealStateForbids(state=deal.state)
    start_stage(deal, "balance")
    return deal


def start_stage(deal: Deal, stage: str) -> DealPayment:
    """Make the payment of a stage; it waits for the buyer until the state ends."""
    offer, now = deal.offer, clock.now()
    amount_minor = {
        "price": offer.price_minor,
        "deposit": offer.deposit_minor,
        "balance": offer.price_minor - offer.deposit_minor,
    }[stage]
    closes = offer.dates.get(deal.state)
    until = deal.due_at or (datetime.fromisoformat(closes) if closes else None)
    latest = now + acceptance.LONGEST_LIFE
    expires_at = latest if until is None else min(until, latest)
    sale = sale_of(deal, stage, amount_minor, expires_at)
    payment = create_order(sale=sale, payer_id=deal.buyer_id).payment
    return DealPayment.objects.create(
        deal=deal, stage=stage, payment_id=payment.id, amount_minor=amount_minor
    )


def sale_of(deal: Deal, stage: str, amount_minor: int, expires_at: datetime | None = None) -> Sale:
    """A stage as its seller sells it: the money waits in an account of the stage's own."""
    offer, seller = deal.offer, queries.seller_of(deal.offer)
    extras: dict[str, object] = {"deal": deal.id.hex}
    if offer.splits:
        payees = {row["payee"]: Decimal(row["percent"]) for row in offer.splits}
        extras[splits.PLAN] = plan_by_percent(
            seller=seller, percents=payees, amount_minor=amount_minor
        )
    return Sale(
        seller=seller,
        reference=f"{deal.id.hex}-{stage}",
        subject=offer.subject,
        amount_minor=amount_minor,
        currency=offer.currency,
        expires_at=expires_at,
        extras=extras,
        escrow_days=_ESCROW_DAYS,
    )


def _check_open(offer: Offer, buyer_id: uuid.UUID) -> None:
    now = clock.now()
    closes = offer.dates.get(DealState.DEPOSIT_PAID) or offer.dates.get(DealState.ISSUED)
    if offer.lot_state != LotState.OPEN or (closes and now >= datetime.fromisoformat(closes)):
        raise rules.OfferClosed()
    if offer.capacity is not None and offer.taken >= offer.capacity:
        raise rules.SoldOut(capacity=offer.capacity)
    if buyer_id == offer.merchant.owner_id:
        raise wallet.PayeeIsPayer()


def _check_agreement(offer: Offer, buyer_id: uuid.UUID, number: str) -> None:
    if offer.policy != PolicyName.BUNDLE:
        raise rules.OfferInvalid(field="agreement_number", expected="a bundle")
    agreement = wallet.agreement_by_number(payee_id=offer.merchant_id, number=number)
    in_force = agreement is not None and agreement.status is wallet.AgreementStatus.NORMAL
    if agreement is None or not in_force or agreement.payer_id != buyer_id:
        raise wallet.AgreementUnknown(field="agreement_number")


def _prescription(
    offer: Offer, buyer_id: uuid.UUID, prescription_id: uuid.UUID | None
) -> Prescription | None:
    if not offer.needs_prescription:
        return None
    rows = Prescription.objects.select_for_update()
    row = rows.filter(id=prescription_id).first() if prescription_id else None
    if row is None or row.buyer_id != buyer_id:
        raise rules.PrescriptionInvalid(field="prescription_id", reason="none of the buyer's")
    if row.used_by_id is not None:
        raise rules.PrescriptionInvalid(field="prescription_id", reason="used")
    if row.valid_until <= clock.now():
        raise rules.PrescriptionInvalid(field="prescription_id", reason="out of date")
    return row


def _plan_in_force(offer: Offer, buyer_id: uuid.UUID, deal_id: uuid.UUID) -> Deal:
    if offer.policy != PolicyName.BUNDLE:
        raise rules.OfferInvalid(field="replaces_id", expected="a bundle for a bundle")
    deal = queries.locked_deal(deal_id)
    if deal.buyer_id != buyer_id or deal.offer.merchant_id != offer.merchant_id:
        raise rules.DealUnknown(field="replaces_id")
    if deal.offer_id == offer.id:
        raise rules.OfferInvalid(field="replaces_id", expected="another plan")
    if deal.state != DealState.ACTIVE:
        raise rules.DealStateForbids(field="replaces_id", state=deal.state)
    if deal.replaced_by.filter(ended_at__isnull=True).exists():
        raise rules.PlanChangeOpen(field="replaces_id")
    return deal


def _new(
    offer: Offer, buyer_id: uuid.UUID, reference: str, replaced: Deal | None, agreement_number: str
) -> Deal:
    start = rules.policy_of(offer.policy).start
    deal = Deal.objects.create(
        offer=offer,
        buyer_id=buyer_id,
        reference=reference,
        amount_minor=offer.price_minor,
        currency=offer.currency,
        state=start,
        replaces=replaced,
        agreement_number=agreement_number,
        code=ids.random_digits(rules.CODE_DIGITS)
        if offer.pickup or offer.policy == PolicyName.TICKET
        else "",
    )
    enter(deal, start, "take", DealParty.BUYER)
    for share in offer.shares:
        Entitlement.objects.create(
            deal=deal,
            name=share["name"],
            partner=onboarding.merchant_by_number(share["partner"]),
            uses=share["uses"],
            amount_minor=share["amount_minor"],
        )
    return deal
