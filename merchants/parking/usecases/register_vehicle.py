"""Put a plate under an agreement, or take it away."""

import uuid

from config.kernel import clock, transactions
from config.kernel.rows import first_or
from merchants.onboarding import queries as onboarding
from merchants.parking import queries, rules
from merchants.parking.models import Vehicle
from wallet import public as wallet


@transactions.atomic_retry
def register_vehicle(*, user_id: uuid.UUID, plate: str, agreement_id: uuid.UUID) -> Vehicle:
    """Let a merchant's gates debit an agreement for a plate; again gives the same vehicle.

    Raises:
        wallet.AgreementUnknown: there is no such agreement of theirs in force.
        rules.PlateTaken: the plate is another owner's, or under another agreement here.

    Locks: the plate's turn.
    """
    agreement = wallet.agreement(agreement_id)
    in_force = agreement.status is wallet.AgreementStatus.NORMAL
    if agreement.payer_id != user_id or not in_force:
        raise wallet.AgreementUnknown()
    transactions.take_turns("parking.plate", plate)
    rows = Vehicle.objects.filter(plate=plate, removed_at__isnull=True)
    if rows.exclude(user_id=user_id).exists():
        raise rules.PlateTaken(field="plate")
    earlier = rows.filter(merchant_id=agreement.payee_id).first()
    if earlier is not None:
        if earlier.agreement_id != agreement_id:
            raise rules.PlateTaken(field="plate")
        return earlier
    return Vehicle.objects.create(
        user_id=user_id,
        merchant=onboarding.merchant(agreement.payee_id),
        plate=plate,
        agreement_id=agreement_id,
    )


@transactions.atomic_retry
def remove_vehicle(*, user_id: uuid.UUID, vehicle_id: uuid.UUID) -> None:
    """Take a plate away from its agreement; a stay that has begun ends as it would have.

    Raises:
        rules.VehicleUnknown: it is none of theirs.
        rules.AlreadyInside: it has not left yet.

    Locks: the vehicle.
    """
    rows = Vehicle.objects.select_for_update().filter(id=vehicle_id, user_id=user_id)
    row = first_or(rows, rules.VehicleUnknown())
    if queries.stay_inside(row) is not None:
        raise rules.AlreadyInside()
    if row.removed_at is None:
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
