"""Questions about vehicles and stays."""

import uuid

from django.db.models import QuerySet

from config.kernel.rows import first_or
from merchants.onboarding.models import Merchant
from merchants.parking import rules
from merchants.parking.models import Stay, Vehicle
from merchants.parking.values import StayState

INSIDE = (StayState.ENTERED, StayState.PRICED)


def vehicles_of(user_id: uuid.UUID) -> QuerySet[Vehicle]:
    """A person's vehicles, newest first."""
    return Vehicle.objects.select_related("merchant").filter(
        user_id=user_id, removed_at__isnull=True
    )


def locked_vehicle(merchant: Merchant, plate: str) -> Vehicle:
    """A plate under one of the merchant's agreements, locked.

    Raises:
        rules.VehicleUnknown: there is none.
    """
    rows = Vehicle.objects.select_for_update(of=("self",)).select_related("merchant")
    return first_or(
        rows.filter(merchant=merchant, plate=plate, removed_at__isnull=True),
        rules.VehicleUnknown(field="plate"),
    )


def stay_inside(vehicle: Vehicle) -> Stay | None:
    """The stay that a vehicle has not ended."""
    return vehicle.stays.filter(state__in=INSIDE).first()
