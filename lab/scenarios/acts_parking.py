"""Acts of a car park: a plate under an agreement, and gates that tell of it."""

from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.acts_money import agreement_of
from lab.scenarios.phone import phone
from lab.scenarios.stage import Stage


def register_plate(stage: Stage, *, person: str, shop: str, plate: str, agreement: str) -> Facts:
    """Put somebody's plate under an agreement with a shop, on the phone."""
    signed = agreement_of(stage, shop, agreement)
    return phone(
        stage, person, "POST", "/api/v1/vehicles", plate=plate, agreement_id=str(signed.id)
    )


def drive_in(stage: Stage, *, shop: str, plate: str) -> Facts:
    """A shop's gate sees a plate come in."""
    return _gate(stage, shop, "entries", plate=plate)


def drive_out(stage: Stage, *, shop: str, plate: str, amount: str) -> Facts:
    """A shop's gate sees it leave, and says what the stay costs; nobody takes out a phone."""
    return _gate(stage, shop, "exits", plate=plate, amount=amount)


def _gate(stage: Stage, shop: str, way: str, **body: str) -> Facts:
    path = f"/api/v1/merchants/{stage.merchant(shop).merchant_number}/parking/{way}"
    return phone(stage, stage.owner(shop), "POST", path, **body)


ACTS = acts_of(register_plate, drive_in, drive_out)
