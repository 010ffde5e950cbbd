"""A carrier speaks of a parcel in the moment in which it is shipped: nothing it says is lost."""

from collections.abc import Callable
from functools import partial

import pytest

from config.kernel import clock
from merchants.deals.models import Parcel, ParcelEvent
from merchants.deals.usecases.track_parcel import ParcelWord, receive_event, ship
from merchants.deals.values import ParcelState
from tests.factories.deals import offer, take
from tests.factories.settlement import make_merchant, make_payer, noon
from tests.factories.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ROUNDS = 6


def test_a_word_beside_its_shipment_reaches_the_parcel() -> None:
    noon()
    shop, carrier, buyer = make_merchant(), make_merchant(), make_payer(10_000_00)
    row = offer(shop)
    for number in (f"P{turn}" for turn in range(ROUNDS)):
        deal = take(row, buyer, reference=number)
        word = ParcelWord(
            event_no=number, number=number, state=ParcelState.DELIVERED, occurred_at=clock.now()
        )
        acts: list[Callable[[], object]] = [
            partial(ship, deal_id=deal.id, carrier_id=carrier.merchant_number, number=number),
            partial(receive_event, carrier_id=carrier.id, word=word),
        ]
        at_once(acts)
    assert not ParcelEvent.objects.filter(parcel=None).exists()
    assert set(Parcel.objects.values_list("state", flat=True)) == {ParcelState.DELIVERED}
