"""Freezing: by code, on the phone, twice, too late, by the wrong one."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.errors import SaomaError
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.authorisations import (
    agreed,
    asking,
    freeze,
    held_minor,
    make_trusted,
    stored,
)
from tests.factories.clock import later
from tests.factories.payments import Shop, fresh_code
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.authorisations import rules
from wallet.authorisations.models import Authorisation
from wallet.authorisations.tasks import close_waiting, expire
from wallet.authorisations.usecases.confirm_hold import confirm_hold, refuse_hold
from wallet.authorisations.usecases.hold_by_code import hold_by_code
from wallet.authorisations.usecases.request_hold import claim_hold, request_hold
from wallet.ledger.rules import AccountFrozen, InsufficientFunds
from wallet.payments import rules as payments
from wallet.payments.models import PaymentCode

pytestmark = pytest.mark.django_db
TOKEN = "ABCDEFGHJKMNPQRSTVWXYZ2345"


@pytest.fixture
def guest() -> WalletUser:
    return make_user(balance_minor=2_000_00)


def test_same_request_with_another_code_freezes_once_and_spends_none(guest: WalletUser) -> None:
    request, spare = asking(Shop()), fresh_code(guest)
    first = hold_by_code(request=request, code=fresh_code(guest))
    again = hold_by_code(request=request, code=spare)
    assert (first.outcome, again.outcome) == ("FROZEN", "REPLAYED")
    assert again.operation == first.operation
    assert held_minor(guest) == 800_00
    assert PaymentCode.objects.filter(state="ISSUED").count() == 1


@pytest.mark.parametrize("change", [{"amount_minor": 900_00}, {"title": "two nights"}])
def test_same_request_with_other_content_is_a_conflict(guest: WalletUser, change: Any) -> None:
    shop = Shop()
    first = asking(shop)
    hold_by_code(request=first, code=fresh_code(guest))
    other = asking(shop, reference=first.reference, request_no=first.request_no, **change)
    with pytest.raises(rules.AuthorisationConflict):
        hold_by_code(request=other, code=fresh_code(guest))


def test_new_request_number_adds_to_the_authorisation(guest: WalletUser) -> None:
    shop = Shop()
    first = freeze(shop, guest, 500_00).authorisation
    more = freeze(shop, guest, 300_00, reference=first.reference).authorisation
    assert (more.id, more.held_minor, more.frozen_minor) == (first.id, 800_00, 800_00)
    assert held_minor(guest) == 800_00


def test_nobody_else_can_add_to_an_authorisation(guest: WalletUser) -> None:
    shop, other = Shop(), make_user(balance_minor=500_00)
    first = freeze(shop, guest, 500_00).authorisation
    with pytest.raises(rules.PayerDiffers):
        freeze(shop, other, 300_00, reference=first.reference)
    assert held_minor(other) == 0


def test_too_little_money_freezes_nothing_and_the_code_stays_spent() -> None:
    guest, shop = make_user(balance_minor=100_00), Shop()
    request, code = asking(shop), fresh_code(guest)
    for _ in range(2):
        with pytest.raises(InsufficientFunds):
            hold_by_code(request=request, code=code)
    assert not Authorisation.objects.exists()
    assert PaymentCode.objects.get().refusal == "insufficient_funds"


def test_above_the_limit_the_guest_is_asked_for_the_pin(guest: WalletUser) -> None:
    asked = freeze(Shop(), guest, 1_500_00)
    assert (asked.outcome, asked.authorisation.status) == ("AWAITING_PAYER", "INIT")
    assert held_minor(guest) == 0
    given = confirm_hold(authorisation_id=asked.authorisation.id, payer_id=guest.id, pin=PIN)
    assert (given.authorisation.status, held_minor(guest)) == ("AUTHORISED", 1_500_00)


def test_agreeing_twice_freezes_once(guest: WalletUser) -> None:
    given = agreed(Shop(), guest)
    again = confirm_hold(authorisation_id=given.id, payer_id=guest.id, pin=PIN)
    assert (again.outcome, held_minor(guest)) == ("REPLAYED", 800_00)


def test_first_to_scan_a_code_has_it(guest: WalletUser) -> None:
    request_hold(request=asking(Shop()), token=TOKEN)
    claimed = claim_hold(token=TOKEN, payer_id=guest.id)
    assert claim_hold(token=TOKEN, payer_id=guest.id).operation == claimed.operation
    with pytest.raises(rules.PayerDiffers):
        claim_hold(token=TOKEN, payer_id=make_user().id)


def test_payer_can_say_no(guest: WalletUser) -> None:
    asked = request_hold(request=asking(Shop()), payer_id=guest.id)
    for outcome in ("AWAITING_PAYER", "REPLAYED"):
        done = refuse_hold(authorisation_id=asked.authorisation.id, payer_id=guest.id)
        assert (done.outcome, done.authorisation.status) == (outcome, "CLOSED")
    with pytest.raises(rules.AuthorisationClosed):
        confirm_hold(authorisation_id=asked.authorisation.id, payer_id=guest.id, pin=PIN)


def test_time_to_agree_ends_to_the_second(guest: WalletUser) -> None:
    asked = request_hold(request=asking(Shop()), payer_id=guest.id)
    later(minutes=14, seconds=50)
    assert close_waiting(clock.now()) == 0
    later(seconds=20)
    with pytest.raises(rules.AuthorisationExpired):
        confirm_hold(authorisation_id=asked.authorisation.id, payer_id=guest.id, pin=PIN)
    assert close_waiting(clock.now()) == 1
    assert stored(asked.authorisation).close_reason == "EXPIRED"


def test_unanswered_addition_leaves_the_authorisation_alone(guest: WalletUser) -> None:
    shop = Shop()
    first = agreed(shop, guest)
    request_hold(request=asking(shop, 100_00, reference=first.reference), payer_id=guest.id)
    later(minutes=16)
    close_waiting(clock.now())
    row = stored(first)
    assert (row.status, row.held_minor) == ("AUTHORISED", 800_00)


def test_life_ends_and_all_goes_back(guest: WalletUser) -> None:
    given = agreed(Shop(), guest)
    later(days=29, hours=23)
    assert expire(clock.now()) == 0
    later(hours=2)
    assert expire(clock.now()) == 1
    row = stored(given)
    assert (row.status, row.close_reason, row.released_minor) == ("CLOSED", "EXPIRED", 800_00)
    assert (available_minor(guest), held_minor(guest)) == (2_000_00, 0)


@pytest.mark.parametrize("span", [timedelta(seconds=59), timedelta(days=15, seconds=1)])
def test_time_to_agree_has_its_bounds(span: timedelta) -> None:
    with pytest.raises(rules.PayTimeInvalid):
        request_hold(request=asking(Shop(), pay_expires_at=clock.now() + span))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount_minor": 0}, payments.AmountOutOfRange),
        ({"currency": "EUR"}, payments.CurrencyUnsupported),
        ({"reference": ""}, payments.ReferenceInvalid),
        ({"request_no": ""}, payments.ReferenceInvalid),
        ({"request_no": "x" * 65}, payments.TextInvalid),
        ({"title": "\0"}, payments.TextInvalid),
    ],
)
def test_bad_input_is_named_and_writes_nothing(change: Any, error: type[SaomaError]) -> None:
    with pytest.raises(error):
        request_hold(request=asking(Shop(), **change))
    assert not Authorisation.objects.exists()


def test_payee_cannot_freeze_the_own_wallet(guest: WalletUser) -> None:
    with pytest.raises(payments.PayeeIsPayer):
        freeze(Shop(), guest, payee_owner_id=guest.id)


def test_frozen_wallet_agrees_to_nothing_even_where_it_is_trusted() -> None:
    guest = make_trusted()
    freeze_user(user_id=guest.id, actor="operator:mia", reason="test")
    with pytest.raises(AccountFrozen):
        agreed(Shop(), guest)


def test_other_peoples_authorisations_are_not_found(guest: WalletUser) -> None:
    given = agreed(Shop(), guest)
    for stranger in (make_user().id, uuid.uuid4()):
        with pytest.raises(rules.AuthorisationUnknown):
            confirm_hold(authorisation_id=given.id, payer_id=stranger, pin=PIN)
