"""Rides without network: what gates saw counts once, and nothing false is believed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.kernel import clock
from merchants.transit.models import Ride, TransitCertificate, TransitOperator
from merchants.transit.rules import ArrearsFirst, GateSerialInvalid
from merchants.transit.usecases.charge_rides import run_due
from merchants.transit.usecases.equip import register_gate
from merchants.transit.values import Direction, RideState, TapState
from tests.factories.accounts import available_minor, client_of, post
from tests.factories.clock import advance
from tests.factories.settlement import make_payer
from tests.factories.transit import EAST, WEST, Metro, Rider
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
IN, OUT = Direction.ENTRY, Direction.EXIT


def test_two_halves_in_any_order_are_one_fare_posted_once() -> None:
    metro, rider = Metro(), Rider(make_payer(20_00))
    at = clock.now()
    leaving = rider.tap(EAST, OUT, at + timedelta(seconds=90))
    [first] = metro.upload(EAST, leaving)
    [second] = metro.upload(WEST, rider.tap(WEST, IN, at))
    assert (first.state, second.state) == (TapState.OPEN, TapState.PAIRED)
    metro.upload(EAST, leaving)
    run_due(now=clock.now())
    run_due(now=clock.now())
    assert [(ride.state, ride.fare_minor) for ride in Ride.objects.all()] == [
        (RideState.CHARGED, 4_00)
    ]
    assert available_minor(rider.user) == 16_00


def test_half_a_ride_costs_the_most_after_four_hours() -> None:
    metro, rider = Metro(), Rider(make_payer(20_00))
    metro.upload(WEST, rider.tap(WEST, IN, clock.now()))
    advance(hours=4)
    assert Ride.objects.get().fare_minor == 9_00
    assert available_minor(rider.user) == 11_00


def test_a_ride_without_money_is_owed_and_ends_the_next_certificate_until_repaid() -> None:
    metro, rider = Metro(), Rider(make_payer(1_00))
    at = clock.now()
    metro.upload(WEST, rider.tap(WEST, IN, at))
    metro.upload(EAST, rider.tap(EAST, OUT, at + timedelta(seconds=90)))
    run_due(now=clock.now())
    assert Ride.objects.get().state == RideState.ARREARS
    assert available_minor(rider.user) == 0
    with pytest.raises(ArrearsFirst):
        rider.renew()


def test_a_forged_late_early_or_expired_tap_is_kept_and_not_believed() -> None:
    metro, rider, other = Metro(), Rider(make_payer()), Rider(make_payer())
    now = clock.now()
    true, other_hand = rider.tap(WEST, IN, now), other.tap(WEST, IN, now)
    taps = (
        replace(true, signature=other_hand.signature),
        rider.tap(WEST, IN, now + timedelta(minutes=3), sequence=2),
        rider.tap(WEST, IN, now - timedelta(hours=1), sequence=3),
        rider.tap(WEST, IN, now, sequence=4),
        replace(true, sequence=4),
    )
    assert [tap.fault for tap in metro.upload(WEST, *taps)] == [
        "signature_invalid",
        "clock_skew",
        "certificate_expired",
        "",
        "sequence_reused",
    ]


def test_a_certificate_at_two_gates_at_once_is_revoked_and_later_taps_are_refused() -> None:
    metro, rider = Metro(), Rider(make_payer())
    now = clock.now()
    metro.upload(WEST, rider.tap(WEST, IN, now))
    [second] = metro.upload(EAST, rider.tap(EAST, IN, now))
    assert second.state == TapState.CLONED
    assert TransitCertificate.objects.get().state == "REVOKED"
    advance(seconds=70)
    [later] = metro.upload(EAST, rider.tap(EAST, OUT, clock.now(), sequence=2))
    assert later.fault == "certificate_revoked"


def test_no_gate_is_named_by_a_part_of_what_was_sent() -> None:
    operator = TransitOperator.objects.get(merchant=Metro().merchant)
    for serial in ("g" * 65, "", "g 1", "g\u202e"):
        with pytest.raises(GateSerialInvalid):
            register_gate(operator=operator, serial=serial, station="x", stop=1)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_tap_at_the_calendars_end_is_refused(at: str) -> None:
    metro = Metro()
    owner = WalletUser.objects.get(id=metro.merchant.owner_id)
    tap = {
        "sequence": 1, "certificate": "x", "direction": "ENTRY", "at": at, "count": 1,
        "signature": "x",
    }  # fmt: skip
    answer = post(client_of(owner), f"transit/gates/{WEST}/taps", {"taps": [tap]})
    assert (answer.status_code, answer.json()["code"]) == (400, "tap_time_invalid")
    many = post(client_of(owner), f"transit/gates/{WEST}/taps", {"taps": [tap] * 21})
    assert (many.status_code, many.json()["field"]) == (400, "taps")
