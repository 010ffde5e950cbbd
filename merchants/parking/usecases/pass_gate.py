"""A gate tells of a plate: it enters, and it leaves for a price."""

import uuid

from config.kernel import clock, transactions
from config.kernel.errors import SaomaError
from config.kernel.rows import first_or
from merchants.acceptance.rules import check_amount
from merchants.acceptance.usecases.debit_payer import debit_payer, sale_under
from merchants.onboarding.queries import merchant_by_number
from merchants.parking import queries, rules
from merchants.parking.models import Stay
from merchants.parking.values import StayState
from wallet import public as wallet


@transactions.atomic_retry
def enter(*, merchant_number: str, owner_id: uuid.UUID, plate: str) -> Stay:
    """Begin a stay.

    Raises:
        MerchantNotFound: the merchant is not the owner's.
        rules.VehicleUnknown: no agreement of the merchant's is for this plate.
        rules.AlreadyInside: it has entered and not left.
        rules.OwnerOwes: its owner owes us for an earlier use.

    Locks: the vehicle.
    """
    merchant = merchant_by_number(merchant_number, owner_id=owner_id)
    vehicle = queries.locked_vehicle(merchant, plate)
    if queries.stay_inside(vehicle) is not None:
        raise rules.AlreadyInside(field="plate")
    if wallet.owes_arrears(vehicle.user_id):
        raise rules.OwnerOwes(field="plate")
    return Stay.objects.create(vehicle=vehicle)


def leave(*, merchant_number: str, owner_id: uuid.UUID, plate: str, amount_minor: int) -> Stay:
    """End a stay: its agreement pays, and where only money is missing, we do.

    A wallet that falls short within the agreement's caps owes us the rest (arrears) and the
    merchant has its money; it counts towards the agreement's totals all the same. What the
    agreement does not allow is an unpaid exit that is the merchant's to claim: `refusal` says
    why. The same price again gives the same stay.

    Call it outside a transaction: the debit's verdict must survive a refusal.

    Raises:
        MerchantNotFound: the merchant is not the owner's.
        rules.VehicleUnknown, rules.NotInside: the plate is none, or has not entered.
        rules.StayPriced: it has left, or been priced, for another amount.
        AmountOutOfRange: the amount is none.

    Locks: the vehicle; then as `debit_payer`.
    """
    stay = _price(merchant_number, owner_id, plate, amount_minor)
    if stay.state != StayState.PRICED:
        return stay
    agreement = wallet.agreement(stay.vehicle.agreement_id)
    sale = sale_under(
        agreement,
        reference=f"STAY{stay.id.hex}",
        subject=stay.vehicle.merchant.name,
        amount_minor=amount_minor,
    )
    payment_id, refusal = None, ""
    try:
        try:
            outcome = debit_payer(sale=sale, agreement_number=agreement.number)
        except wallet.InsufficientFunds as short:
            refusal = short.code
            outcome = debit_payer(sale=sale, agreement_number=agreement.number, guaranteed=True)
        payment_id = outcome.payment.id
    except SaomaError as error:
        refusal = error.code
    return _end(stay.id, payment_id, refusal)


@transactions.atomic_retry
def _price(merchant_number: str, owner_id: uuid.UUID, plate: str, amount_minor: int) -> Stay:
    merchant = merchant_by_number(merchant_number, owner_id=owner_id)
    check_amount(amount_minor)
    vehicle = queries.locked_vehicle(merchant, plate)
    stay = queries.stay_inside(vehicle) or first_or(
        vehicle.stays.all(), rules.NotInside(field="plate")
    )
    if stay.amount_minor not in (None, amount_minor):
        raise rules.StayPriced(field="amount", amount_minor=stay.amount_minor)
    if stay.state == StayState.ENTERED:
        stay.state, stay.amount_minor = StayState.PRICED, amount_minor
        stay.save(update_fields=["state", "amount_minor"])
    return stay


@transactions.atomic_retry
def _end(stay_id: uuid.UUID, payment_id: uuid.UUID | None, refusal: str) -> Stay:
    stay = Stay.objects.select_for_update(of=("self",)).select_related("vehicle").get(id=stay_id)
    if stay.state == StayState.PRICED:
        stay.state = StayState.UNPAID_EXIT if refusal else StayState.PAID
        stay.payment_id, stay.refusal, stay.exited_at = payment_id, refusal, clock.now()
        stay.save(update_fields=["state", "payment_id", "refusal", "exited_at"])
    return stay
