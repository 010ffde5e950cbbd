"""Gates that upload in the same moment: one certificate, one fare, one clone."""

from datetime import timedelta
from functools import partial

import pytest

from config.kernel import clock
from merchants.transit.models import Ride, Tap, TransitCertificate
from merchants.transit.usecases.charge_rides import run_due
from merchants.transit.values import Direction, TapState
from tests.factories.accounts import available_minor
from tests.factories.settlement import make_payer
from tests.factories.threads import at_once
from tests.factories.transit import EAST, WEST, Metro, Rider

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
IN, OUT = Direction.ENTRY, Direction.EXIT


def test_of_two_gates_with_one_certificate_at_once_one_is_flagged() -> None:
    metro, rider = Metro(), Rider(make_payer())
    at = clock.now()
    acts = [partial(metro.upload, gate, rider.tap(gate, IN, at)) for gate in (WEST, EAST)] * 3
    at_once(acts, threads=6)
    assert sorted(Tap.objects.values_list("state", flat=True)) == [TapState.CLONED, TapState.OPEN]
    assert TransitCertificate.objects.get().state == "REVOKED"


def test_a_ride_uploaded_and_charged_by_many_at_once_is_paid_once() -> None:
    metro, rider = Metro(), Rider(make_payer(20_00))
    at = clock.now()
    taps = (
        (WEST, rider.tap(WEST, IN, at)),
        (EAST, rider.tap(EAST, OUT, at + timedelta(seconds=90))),
    )
    at_once([partial(metro.upload, gate, tap) for gate, tap in taps] * 3, threads=6)
    at_once([partial(run_due, now=clock.now())] * 4, threads=4)
    assert Ride.objects.count() == 1
    assert available_minor(rider.user) == 16_00
