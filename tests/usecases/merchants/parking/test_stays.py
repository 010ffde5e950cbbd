"""Parking by plate: the agreement pays, what is short is owed to us, the rest is not taken."""

import pytest

from merchants.parking import rules
from merchants.parking.usecases.register_vehicle import remove_vehicle
from tests.factories.accounts import available_minor, client_of, post
from tests.factories.clock import advance
from tests.factories.parking import PLATE, CarPark
from tests.factories.settlement import held, noon
from wallet import public as wallet
from wallet.accounts.usecases.request_topup import request_topup
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import Party
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.public import AgreementUnknown, owes_arrears

pytestmark = pytest.mark.django_db


@pytest.fixture
def park() -> CarPark:
    noon()
    park = CarPark()
    park.register()
    return park


def test_two_hours_cost_six_with_no_phone_and_once(park: CarPark) -> None:
    park.enter()
    advance(hours=2)
    first, again = park.leave(), park.leave()
    assert (first.state, again.payment_id) == ("PAID", first.payment_id)
    assert available_minor(park.driver) == 94_00
    with pytest.raises(rules.StayPriced):
        park.leave(7_00)
    assert park.enter().state == "ENTERED"


def test_above_the_cap_and_after_unsigning_the_exit_is_unpaid(park: CarPark) -> None:
    park.enter()
    stay = park.leave(25_00)
    assert (stay.state, stay.refusal) == ("UNPAID_EXIT", "single_limit_exceeded")
    park.enter()
    unsign_agreement(agreement_id=park.agreement.id, by=Party.PAYER, actor="user:li")
    stay = park.leave()
    assert (stay.state, stay.payment_id) == ("UNPAID_EXIT", None)
    assert (available_minor(park.driver), owes_arrears(park.driver.id)) == (100_00, False)


def test_what_the_wallet_lacks_is_owed_to_us_and_the_next_money_repays_it() -> None:
    noon()
    park = CarPark(balance_minor=2_00)
    park.register()
    park.enter()
    stay = park.leave()
    assert (stay.state, stay.refusal) == ("UNPAID_EXIT", "insufficient_funds")
    assert held(park.shop.merchant.pending_account_id) == 6_00
    assert (available_minor(park.driver), owes_arrears(park.driver.id)) == (0, True)
    assert park.leave().payment_id == stay.payment_id
    with pytest.raises(rules.OwnerOwes):
        park.enter()
    request_topup(user_id=park.driver.id, key="k", amount_minor=10_00)
    advance(minutes=10)
    assert (available_minor(park.driver), owes_arrears(park.driver.id)) == (6_00, False)
    assert park.enter().state == "ENTERED"
    assert verify_ledger().passed


def test_what_is_guaranteed_counts_towards_the_agreements_totals() -> None:
    noon()
    park = CarPark(balance_minor=2_00, caps={"single_amount": "20.00", "total_amount": "10.00"})
    park.register()
    park.enter()
    for _ in range(2):
        assert park.leave().refusal == "insufficient_funds"
    park.agreement.refresh_from_db()
    assert (park.agreement.debits, park.agreement.debited_minor) == (1, 6_00)
    request_topup(user_id=park.driver.id, key="k", amount_minor=10_00)
    advance(minutes=10)
    park.enter()
    stay = park.leave(4_01)
    assert (stay.state, stay.refusal, stay.payment_id) == (
        "UNPAID_EXIT",
        "total_limit_exceeded",
        None,
    )
    park.enter()
    assert park.leave(4_00).state == "PAID"
    park.agreement.refresh_from_db()
    assert (park.agreement.debits, park.agreement.debited_minor) == (2, 10_00)
    assert available_minor(park.driver) == 2_00
    assert verify_ledger().passed


def test_a_plate_is_inside_once_and_has_one_owner(park: CarPark) -> None:
    park.enter()
    with pytest.raises(rules.AlreadyInside):
        park.enter()
    with pytest.raises(rules.AlreadyInside):
        remove_vehicle(user_id=park.driver.id, vehicle_id=park.register().id)
    other = CarPark(shop=park.shop)
    with pytest.raises(rules.PlateTaken):
        other.register()
    with pytest.raises(rules.VehicleUnknown):
        other.enter("ZH-B00000")
    with pytest.raises(rules.VehicleUnknown):
        remove_vehicle(user_id=other.driver.id, vehicle_id=park.register().id)
    park.leave()
    remove_vehicle(user_id=park.driver.id, vehicle_id=park.register().id)
    assert other.register().plate == PLATE


def test_a_plate_needs_an_agreement_of_its_owners_in_force(park: CarPark) -> None:
    other = CarPark(shop=park.shop)
    other.agreement = park.agreement
    with pytest.raises(AgreementUnknown):
        other.register("ZH-B00000")
    unsign_agreement(agreement_id=park.agreement.id, by=Party.PAYER, actor="user:li")
    with pytest.raises(AgreementUnknown):
        park.register("ZH-B00000")


def test_who_has_not_entered_does_not_leave(park: CarPark) -> None:
    with pytest.raises(rules.NotInside):
        park.leave()


def test_the_gates_and_the_owner_speak_over_http(park: CarPark) -> None:
    owner = client_of(wallet.user(park.shop.merchant.owner_id))
    driver = client_of(park.driver)
    path = f"merchants/{park.shop.merchant.merchant_number}/parking"
    (vehicle,) = driver.get("/api/v1/vehicles").json()
    assert vehicle["plate"] == PLATE
    entered = post(owner, f"{path}/entries", {"plate": PLATE})
    assert (entered.status_code, entered.json()["state"]) == (201, "ENTERED")
    twice = post(owner, f"{path}/entries", {"plate": PLATE})
    assert (twice.status_code, twice.json()["code"]) == (409, "vehicle_inside")
    left = post(owner, f"{path}/exits", {"plate": PLATE, "amount": "6.00"})
    assert (left.status_code, left.json()["state"], left.json()["amount"]) == (200, "PAID", "6.00")
    for body in (
        {"plate": "x"},
        {"plate": PLATE, "amount": "6.001"},
        {"plate": PLATE, "amount": "0"},
    ):
        assert post(owner, f"{path}/exits", body).status_code == 400
    foreign = post(driver, f"{path}/entries", {"plate": PLATE})
    assert foreign.status_code == 404
    assert driver.delete(f"/api/v1/vehicles/{vehicle['id']}").status_code == 204
