"""P1-2 as it was asked for: two guests, one hotel, and an empty wallet."""

import pytest

from config.kernel import clock
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import available_minor, fund, make_user
from tests.factories.authorisations import (
    agreed,
    arrears_minor,
    capture,
    exposure_minor,
    freeze,
    held_minor,
    make_trusted,
    stored,
)
from tests.factories.clock import later
from tests.factories.payments import Shop
from wallet.authorisations import queries
from wallet.authorisations.models import Arrears
from wallet.authorisations.tasks import collect_from_topup
from wallet.authorisations.usecases.collect_arrears import collect_arrears, remind_debtors
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db


def test_trusted_guest_has_nothing_frozen_and_pays_from_the_wallet() -> None:
    guest, hotel = make_trusted(balance_minor=500_00), Shop()
    before = available_minor(guest)
    assert queries.trust_of(guest.id).points == 680
    stay = freeze(hotel, guest, 800_00).authorisation
    assert (stay.held_minor, stay.waived_minor) == (0, 800_00)
    assert (available_minor(guest), exposure_minor(guest)) == (before, 800_00)
    capture(hotel, stay, 420_00, complete=True)
    assert (available_minor(guest), hotel.balance_minor()) == (before - 420_00, 420_00)
    assert (exposure_minor(guest), arrears_minor(guest)) == (0, 0)
    assert stored(stay).status == "FINISHED"


def test_unknown_guest_has_all_frozen_and_gets_the_rest_back() -> None:
    guest, hotel = make_user(balance_minor=1_000_00), Shop()
    assert queries.trust_of(guest.id).points == 540
    stay = freeze(hotel, guest, 800_00).authorisation
    assert (stay.held_minor, stay.waived_minor) == (800_00, 0)
    assert (available_minor(guest), held_minor(guest)) == (200_00, 800_00)
    capture(hotel, stay, 420_00, complete=True)
    assert (available_minor(guest), held_minor(guest)) == (580_00, 0)
    assert hotel.balance_minor() == 420_00


def test_empty_wallet_goes_to_arrears_and_the_top_up_pays_them() -> None:
    guest, hotel = make_trusted(), Shop()
    stay = freeze(hotel, guest, 800_00).authorisation
    capture(hotel, stay, 420_00, complete=True)
    assert (hotel.balance_minor(), arrears_minor(guest)) == (420_00, 420_00)
    assert verify_ledger().passed
    fund(guest, 500_00)
    collect_from_topup(OutboxEvent.objects.filter(topic="topup.succeeded").latest("id"))
    assert (available_minor(guest), arrears_minor(guest)) == (80_00, 0)
    assert Arrears.objects.get().state == "CLEARED"
    assert verify_ledger().passed


def test_some_money_is_taken_and_the_rest_is_owed() -> None:
    guest, hotel = make_trusted(balance_minor=100_00), Shop()
    capture(hotel, freeze(hotel, guest, 800_00).authorisation, 420_00)
    assert (available_minor(guest), arrears_minor(guest)) == (0, 320_00)
    fund(guest, 120_00)
    assert collect_arrears(payer_id=guest.id) == 120_00
    assert collect_arrears(payer_id=guest.id) == 0
    assert (available_minor(guest), arrears_minor(guest)) == (0, 200_00)


def test_grace_lasts_three_days_and_then_trust_falls() -> None:
    guest, hotel = make_trusted(), Shop()
    capture(hotel, freeze(hotel, guest, 800_00).authorisation, 420_00, complete=True)
    later(days=3, seconds=-5)
    assert remind_debtors(at=clock.now()) == 0
    later(seconds=10)
    assert remind_debtors(at=clock.now()) == 1
    owed = Arrears.objects.get()
    assert (owed.state, owed.late, owed.reminders) == ("DUNNING", True, 1)
    assert queries.trust_of(guest.id).points == 680 - 60 - 100
    fund(guest, 420_00)
    collect_arrears(payer_id=guest.id)
    assert queries.trust_of(guest.id).points == 680 - 60


def test_open_arrears_mean_a_full_freeze_and_no_error() -> None:
    guest, hotel = make_trusted(), Shop()
    capture(hotel, freeze(hotel, guest, 100_00).authorisation, 100_00)
    fund(guest, 800_00)
    stay = freeze(hotel, guest, 800_00).authorisation
    assert (stay.held_minor, stay.waived_minor) == (800_00, 0)


def test_nobody_is_vouched_for_beyond_the_limit() -> None:
    guest, hotel = make_trusted(balance_minor=2_000_00), Shop()
    first = agreed(hotel, guest, 1_500_00)
    assert (first.held_minor, first.waived_minor) == (0, 1_500_00)
    second = agreed(hotel, guest, 800_00)
    assert (second.held_minor, second.waived_minor) == (300_00, 500_00)
    assert exposure_minor(guest) == 2_000_00


def test_without_a_wish_for_a_waiver_all_is_frozen() -> None:
    guest, hotel = make_trusted(balance_minor=900_00), Shop()
    stay = freeze(hotel, guest, 800_00, waiver=False).authorisation
    assert (stay.held_minor, stay.waived_minor) == (800_00, 0)
