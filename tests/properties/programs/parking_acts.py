"""Parking by plate: within its caps an agreement pays, and for what a wallet lacks we do."""

from dataclasses import dataclass

from merchants.onboarding.models import Merchant
from merchants.parking.rules import OwnerOwes
from merchants.parking.usecases.pass_gate import enter, leave
from merchants.parking.usecases.register_vehicle import register_vehicle
from tests.factories.agreements import make_agreement
from tests.factories.splits import seller_of
from tests.properties.programs import model as names
from tests.properties.programs.books import Violation
from tests.properties.programs.model import Trade
from tests.properties.programs.program import SHORT, Program
from wallet.agreements.values import Terms
from wallet.public import payment

PLATES = 3
SINGLE_MINOR, TOTAL_MINOR = 20_00, 100_00
# What the caps refuse, and what the model says of it.
CAPS = frozenset({"single_limit_exceeded", "total_limit_exceeded"})


@dataclass
class Car:
    """What the model knows of one plate; `used_minor` of its agreement's total."""

    plate: str
    person: int
    shop: Merchant
    inside: bool = False
    used_minor: int = 0


def park(program: Program) -> None:
    """A plate is put under an agreement, enters, or leaves for a price."""
    car = program.cars.get(program.chance.randrange(PLATES))
    if car is None:
        _register(program)
    elif car.inside:
        _leave(program, car)
    else:
        _enter(program, car)


def _register(program: Program) -> None:
    world, person = program.world, program.person()
    shop = program.chance.choice(world.shops)
    terms = Terms(single_minor=SINGLE_MINOR, total_minor=TOTAL_MINOR)
    details = {"app_id": seller_of(shop).app_number}
    view = make_agreement(world.till(shop), world.people[person], terms, details=details)  # type: ignore[arg-type]
    number = next(number for number in range(PLATES) if number not in program.cars)
    car = Car(f"ZH-{next(world.numbers):06}", person, shop)
    register_vehicle(user_id=world.people[person].id, plate=car.plate, agreement_id=view.id)
    program.cars[number] = car


def _enter(program: Program, car: Car) -> None:
    owes = program.world.owes(car.person)
    try:
        enter(merchant_number=car.shop.merchant_number, owner_id=car.shop.owner_id, plate=car.plate)
    except OwnerOwes:
        if not owes:
            raise Violation(f"{car.plate}: kept out, and nothing is owed") from None
        raise
    if owes:
        raise Violation(f"{car.plate}: let in, and something is owed")
    car.inside = True


def _leave(program: Program, car: Car) -> None:
    amount_minor, person = program.amount(25_00), car.person
    in_caps = amount_minor <= SINGLE_MINOR and car.used_minor + amount_minor <= TOTAL_MINOR
    fits = program.fits(person, amount_minor)
    stay = leave(
        merchant_number=car.shop.merchant_number,
        owner_id=car.shop.owner_id,
        plate=car.plate,
        amount_minor=amount_minor,
    )
    car.inside = False
    if (stay.refusal in CAPS) is in_caps:
        raise Violation(f"{car.plate}: {stay.refusal or 'paid'}, used {car.used_minor}")
    if fits is not None and stay.refusal == SHORT and fits:
        raise Violation(f"{car.plate}: guaranteed, and the money is there")
    if stay.payment_id is None:
        return
    car.used_minor += amount_minor
    program.model.move(names.wallet(person), names.SHOPS, amount_minor)
    trade = Trade(names.wallet(person), amount_minor, paid=True)
    program.trades.append((trade, payment(stay.payment_id), car.shop))
    if car.used_minor > TOTAL_MINOR - 1_00:
        program.cars = {number: one for number, one in program.cars.items() if one is not car}
