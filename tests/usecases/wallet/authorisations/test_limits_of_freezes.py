"""A freeze counts against the limits of the payer's person until it is over."""

import pytest
from pytest_django.fixtures import Settings

from tests.factories.accounts import make_user
from tests.factories.authorisations import agreed, capture, freeze, unfreeze
from tests.factories.payments import Shop
from wallet.accounts import queries
from wallet.accounts.rules import KycLimit
from wallet.authorisations.values import HoldResult
from wallet.payments.rules import LimitExceeded

pytestmark = pytest.mark.django_db


def test_freezes_together_stay_within_the_tier() -> None:
    guest = make_user(kyc_tier=1, balance_minor=2_000_00)
    agreed(Shop(), guest, 800_00, waiver=False)
    with pytest.raises(KycLimit) as refusal:
        agreed(Shop(), guest, 800_00, waiver=False)
    assert refusal.value.fields["remaining_minor"] == 200_00


def test_what_is_captured_counts_once_and_what_is_released_not_at_all() -> None:
    guest, hotel = make_user(kyc_tier=1, balance_minor=1_000_00), Shop()
    stay = agreed(hotel, guest, 800_00, waiver=False)
    capture(hotel, stay, 300_00)
    assert queries.limits(guest.id).remaining_minor == 200_00
    unfreeze(stay, 500_00)
    limits = queries.limits(guest.id)
    assert (limits.remaining_minor, limits.reserved_minor) == (700_00, 0)


def test_freezes_count_against_the_day_of_their_way_of_agreeing(settings: Settings) -> None:
    settings.SAOMA_DAILY_PIN_MINOR, settings.SAOMA_DAILY_NO_PIN_MINOR = 1_000_00, 500_00
    guest, hotel = make_user(balance_minor=5_000_00), Shop()
    assert freeze(hotel, guest, 400_00, waiver=False).outcome is HoldResult.FROZEN
    assert freeze(hotel, guest, 400_00, waiver=False).outcome is HoldResult.AWAITING_PAYER
    stay = agreed(hotel, guest, 800_00, waiver=False)
    with pytest.raises(LimitExceeded):
        agreed(hotel, guest, 300_00, waiver=False)
    # What was agreed to is captured, whatever has become of the day's limit.
    capture(hotel, stay, 800_00)
