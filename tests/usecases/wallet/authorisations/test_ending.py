"""Capturing, giving back and cancelling: amounts, order, repeats and ends."""

import pytest

from tests.factories.accounts import available_minor, make_user
from tests.factories.authorisations import (
    agreed,
    arrears_minor,
    asking,
    capture,
    exposure_minor,
    freeze,
    held_minor,
    make_trusted,
    stored,
    unfreeze,
)
from tests.factories.clock import later
from tests.factories.payments import Shop
from wallet.accounts.models import WalletUser
from wallet.authorisations import rules
from wallet.authorisations.usecases.cancel_hold import cancel_hold
from wallet.authorisations.usecases.request_hold import request_hold
from wallet.authorisations.values import OperationKind
from wallet.payments import rules as payments
from wallet.payments.usecases.refund_payment import refund_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest() -> WalletUser:
    return make_user(balance_minor=1_000_00)


def test_captures_of_parts_add_up_and_the_last_one_finishes(guest: WalletUser) -> None:
    hotel = Shop()
    stay = agreed(hotel, guest)
    capture(hotel, stay, 500_00)
    assert (stored(stay).status, held_minor(guest)) == ("AUTHORISED", 300_00)
    capture(hotel, stay, 300_00)
    assert (stored(stay).status, held_minor(guest)) == ("FINISHED", 0)
    assert (available_minor(guest), hotel.balance_minor()) == (200_00, 800_00)


def test_more_than_is_left_is_refused_and_changes_nothing(guest: WalletUser) -> None:
    hotel = Shop()
    stay = agreed(hotel, guest)
    capture(hotel, stay, 500_00)
    with pytest.raises(rules.AuthorisationExceeded) as refusal:
        capture(hotel, stay, 300_01)
    assert refusal.value.fields == {"remaining_minor": 300_00}
    assert held_minor(guest) == 300_00


def test_same_order_number_captures_once(guest: WalletUser) -> None:
    hotel = Shop()
    stay = agreed(hotel, guest)
    first = capture(hotel, stay, 100_00, reference="BILL")
    again = capture(hotel, stay, 100_00, reference="BILL")
    assert (first.outcome, again.outcome) == ("PAID", "REPLAYED")
    assert (first.payment, hotel.balance_minor()) == (again.payment, 100_00)
    with pytest.raises(payments.PaymentConflict):
        capture(hotel, stay, 200_00, reference="BILL")


def test_waived_part_is_captured_after_the_held_one() -> None:
    guest, hotel = make_trusted(balance_minor=600_00), Shop()
    agreed(hotel, guest, 1_500_00)
    stay = agreed(hotel, guest, 800_00)
    assert (stay.held_minor, stay.waived_minor) == (300_00, 500_00)
    capture(hotel, stay, 400_00)
    row = stored(stay)
    assert (row.held_minor, row.waived_minor, row.captured_funds_minor) == (0, 400_00, 300_00)
    assert (exposure_minor(guest), arrears_minor(guest)) == (1_900_00, 0)


def test_nothing_is_captured_before_the_payer_agrees_or_after_the_end(guest: WalletUser) -> None:
    hotel = Shop()
    asked = request_hold(request=asking(hotel), payer_id=guest.id).authorisation
    with pytest.raises(rules.AuthorisationNotGiven):
        capture(hotel, asked, 1_00)
    closed = agreed(hotel, guest)
    unfreeze(closed, 800_00)
    with pytest.raises(rules.AuthorisationClosed):
        capture(hotel, closed, 1_00)
    late = agreed(hotel, guest)
    later(days=30, seconds=1)
    with pytest.raises(rules.AuthorisationClosed):
        capture(hotel, late, 1_00)


def test_finished_gives_nothing_more(guest: WalletUser) -> None:
    hotel = Shop()
    stay = agreed(hotel, guest)
    capture(hotel, stay, 100_00, complete=True)
    with pytest.raises(rules.AuthorisationFinished):
        capture(hotel, stay, 1_00)
    with pytest.raises(rules.AuthorisationFinished):
        unfreeze(stay, 1_00)


def test_giving_back_twice_gives_back_once(guest: WalletUser) -> None:
    stay = agreed(Shop(), guest)
    first = unfreeze(stay, 300_00, request_no="BACK")
    again = unfreeze(stay, 300_00, request_no="BACK")
    assert (first.changed, again.changed, first.operation) == (True, False, again.operation)
    assert held_minor(guest) == 500_00
    with pytest.raises(rules.AuthorisationConflict):
        unfreeze(stay, 200_00, request_no="BACK")
    with pytest.raises(rules.AuthorisationExceeded):
        unfreeze(stay, 500_01)


def test_all_given_back_without_a_capture_closes(guest: WalletUser) -> None:
    stay = agreed(Shop(), guest)
    unfreeze(stay, 800_00)
    row = stored(stay)
    assert (row.status, row.close_reason, held_minor(guest)) == ("CLOSED", "RELEASED", 0)


def test_cancelling_a_waiting_freeze_closes_it(guest: WalletUser) -> None:
    asked = request_hold(request=asking(Shop()), payer_id=guest.id)
    for changed in (True, False):
        done = cancel_hold(
            authorisation_id=asked.authorisation.id, request_no=asked.operation.request_no
        )
        assert (done.action, done.changed) == ("CLOSE", changed)
        assert done.authorisation.status == "CLOSED"


def test_cancelling_gives_back_that_freeze_alone(guest: WalletUser) -> None:
    hotel = Shop()
    first = freeze(hotel, guest, 500_00)
    more = freeze(hotel, guest, 300_00, reference=first.authorisation.reference)
    for changed in (True, False):
        done = cancel_hold(authorisation_id=more.authorisation.id, number=more.operation.number)
        assert (done.action, done.changed) == ("UNFREEZE", changed)
    assert held_minor(guest) == 500_00
    cancel_hold(authorisation_id=more.authorisation.id, number=first.operation.number)
    assert (held_minor(guest), stored(first.authorisation).status) == (0, "CLOSED")


def test_captured_freeze_cannot_be_cancelled(guest: WalletUser) -> None:
    hotel = Shop()
    frozen = freeze(hotel, guest)
    capture(hotel, frozen.authorisation, 1_00)
    with pytest.raises(rules.HoldSpent):
        cancel_hold(authorisation_id=frozen.authorisation.id, number=frozen.operation.number)


def test_only_freezes_are_cancelled(guest: WalletUser) -> None:
    stay = agreed(Shop(), guest)
    back = unfreeze(stay, 1_00).operation
    assert back.kind is OperationKind.UNFREEZE
    with pytest.raises(rules.OperationUnknown):
        cancel_hold(authorisation_id=stay.id, number=back.number)


def test_refund_of_a_capture_comes_back_to_the_wallet(guest: WalletUser) -> None:
    hotel = Shop()
    paid = capture(hotel, agreed(hotel, guest), 420_00, complete=True).payment
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=20_00)
    assert (available_minor(guest), hotel.balance_minor()) == (600_00, 400_00)


def test_release_under_a_number_of_our_own_is_refused(guest: WalletUser) -> None:
    stay = agreed(Shop(), guest)
    with pytest.raises(payments.ReferenceInvalid):
        unfreeze(stay, 1_00, request_no="expiry:")
