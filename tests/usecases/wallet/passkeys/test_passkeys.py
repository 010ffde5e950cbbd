"""A passkey counts like the PIN, for exactly what it signed, once."""

import pytest

from config.kernel.audit.models import AuditEvent
from lab.services.passkey.authenticator import Authenticator
from tests.factories.accounts import PIN, available_minor, fund
from tests.factories.authorisations import asking, held_minor
from tests.factories.clock import later
from tests.factories.passkeys import (
    challenge_for,
    make_authenticator,
    make_passkey,
    waiting_payment,
)
from tests.factories.payments import Shop, stored
from tests.factories.settlement import make_payer
from wallet.accounts.usecases.check_pin import PinWrong
from wallet.authorisations.usecases.request_hold import request_hold
from wallet.ledger.rules import InsufficientFunds
from wallet.passkeys import rules
from wallet.passkeys.models import PasskeyChallenge
from wallet.passkeys.rules import relying_party
from wallet.passkeys.usecases.assert_challenge import assert_challenge
from wallet.passkeys.usecases.end_passkey import revoke_passkey
from wallet.passkeys.usecases.offer_challenge import offer_challenge
from wallet.passkeys.usecases.offer_passkey import offer_passkey
from wallet.passkeys.usecases.register_passkey import register_passkey
from wallet.passkeys.values import PasskeyState
from wallet.payments.models import Payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.values import ConfirmationKind, PaymentStatus

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def signed(challenge: PasskeyChallenge, device: Authenticator) -> PasskeyChallenge:
    return assert_challenge(
        user_id=challenge.user_id,
        challenge_id=challenge.id,
        response=device.sign(challenge.transaction),
    )


def test_a_passkey_is_registered_with_the_pin_and_pays_what_needs_the_pin() -> None:
    li = make_payer(5_000_00)
    device, passkey = make_passkey(li)
    assert passkey.state == PasskeyState.ACTIVE
    payment = waiting_payment(li)
    used = signed(challenge_for(li, payment), device)
    assert (used.passkey_id, stored(payment).status) == (passkey.id, PaymentStatus.PAID)
    assert available_minor(li) == 3_800_00


def test_a_wrong_pin_registers_nothing_and_a_repeat_gives_the_passkey_again() -> None:
    li, device = make_payer(1_00), make_authenticator()
    options = offer_passkey(user_id=li.id)[1]
    assert offer_passkey(user_id=li.id)[1] == options
    response = device.make(options)
    with pytest.raises(PinWrong):
        register_passkey(user_id=li.id, pin="000000", response=response)
    first, _ = register_passkey(user_id=li.id, pin=PIN, response=response)
    assert register_passkey(user_id=li.id, pin="000000", response=response) == (first, True)
    with pytest.raises(rules.PasskeyNotOffered):
        register_passkey(user_id=li.id, pin=PIN, response=make_authenticator().make(options))


@pytest.mark.parametrize("wrong", ["origin", "host", "verifies", "challenge", "late"])
def test_a_passkey_made_for_something_else_is_not_registered(wrong: str) -> None:
    li, device = make_payer(1_00), make_authenticator()
    options = offer_passkey(user_id=li.id)[1]
    if wrong == "late":
        later(minutes=5)
    elif wrong == "challenge":
        options = {**options, "challenge": "AAAA"}
    else:
        setattr(device, wrong, False if wrong == "verifies" else "https://evil.example")
    expected = rules.PasskeyNotOffered if wrong == "late" else rules.PasskeyInvalid
    with pytest.raises(expected):
        register_passkey(user_id=li.id, pin=PIN, response=device.make(options))


def test_one_digit_of_the_amount_flipped_is_refused_on_either_side() -> None:
    li = make_payer(5_000_00)
    device, _ = make_passkey(li)
    payment = waiting_payment(li)
    challenge = challenge_for(li, payment)
    flipped = challenge.transaction.replace("1200.00", "1300.00")
    assert flipped != challenge.transaction
    with pytest.raises(rules.TransactionChanged):
        assert_challenge(user_id=li.id, challenge_id=challenge.id, response=device.sign(flipped))
    Payment.objects.filter(id=payment.id).update(amount_minor=1300_00)
    with pytest.raises(rules.TransactionChanged):
        signed(challenge, device)
    assert stored(payment).status == PaymentStatus.PENDING
    Payment.objects.filter(id=payment.id).update(amount_minor=1200_00)
    signed(challenge, device)


def test_a_counter_that_goes_back_suspends_the_passkey() -> None:
    li = make_payer(5_000_00)
    device, passkey = make_passkey(li)
    signed(challenge_for(li, waiting_payment(li, 1_00)), device)
    device.counter = 0
    payment = waiting_payment(li)
    with pytest.raises(rules.PasskeySuspended):
        signed(challenge_for(li, payment), device)
    passkey.refresh_from_db()
    assert (passkey.state, stored(payment).status) == ("SUSPENDED", PaymentStatus.PENDING)
    device.counter = 9
    with pytest.raises(rules.NoPasskey):
        challenge_for(li, payment)
    events = AuditEvent.objects.filter(target=f"passkey:{passkey.id}")
    assert {event.action for event in events} == {"passkeys.register", "passkeys.suspend"}


def test_an_unsigned_counter_suspends_nothing() -> None:
    li = make_payer(5_000_00)
    device, passkey = make_passkey(li)
    challenge = challenge_for(li, waiting_payment(li))
    response = device.sign(challenge.transaction)
    response["response"]["signature"] = make_authenticator().sign("x")["response"]["signature"]
    with pytest.raises(rules.AssertionInvalid):
        assert_challenge(user_id=li.id, challenge_id=challenge.id, response=response)
    passkey.refresh_from_db()
    assert passkey.state == PasskeyState.ACTIVE


def test_a_signature_confirms_once_and_not_what_the_pin_confirmed() -> None:
    li = make_payer(5_000_00)
    device, _ = make_passkey(li)
    challenge = challenge_for(li, waiting_payment(li))
    response = device.sign(challenge.transaction)
    assert_challenge(user_id=li.id, challenge_id=challenge.id, response=response)
    with pytest.raises(rules.AssertionReplayed):
        assert_challenge(user_id=li.id, challenge_id=challenge.id, response=response)
    other = waiting_payment(li)
    second = challenge_for(li, other)
    with pytest.raises(rules.TransactionChanged):
        assert_challenge(user_id=li.id, challenge_id=second.id, response=response)
    confirm_payment(payment_id=other.id, payer_id=li.id, pin=PIN)
    with pytest.raises(rules.AlreadyConfirmed):
        signed(second, device)
    assert available_minor(li) == 2_600_00


def test_expired_revoked_and_other_peoples_signatures_fail() -> None:
    li, mei = make_payer(5_000_00), make_payer(5_000_00)
    (device, passkey), (hers, _) = make_passkey(li), make_passkey(mei)
    payment = waiting_payment(li)
    challenge = challenge_for(li, payment)
    with pytest.raises(rules.PasskeyNotYours):
        signed(challenge, hers)
    with pytest.raises(rules.ChallengeUnknown):
        assert_challenge(user_id=mei.id, challenge_id=challenge.id, response={})
    make_passkey(li)
    revoke_passkey(user_id=li.id, passkey_id=passkey.id)
    with pytest.raises(rules.PasskeyEnded):
        signed(challenge, device)
    with pytest.raises(rules.PasskeyUnknown):
        revoke_passkey(user_id=mei.id, passkey_id=passkey.id)
    later(minutes=5)
    with pytest.raises(rules.ChallengeExpired):
        signed(challenge, device)
    assert stored(payment).status == PaymentStatus.PENDING


@pytest.mark.django_db(transaction=True)
def test_money_is_judged_as_with_the_pin_and_a_refusal_uses_nothing_up() -> None:
    li = make_payer(1_00)
    device, _ = make_passkey(li)
    challenge = challenge_for(li, waiting_payment(li))
    response = device.sign(challenge.transaction)
    with pytest.raises(InsufficientFunds):
        assert_challenge(user_id=li.id, challenge_id=challenge.id, response=response)
    fund(li, 1_200_00)
    assert_challenge(user_id=li.id, challenge_id=challenge.id, response=response)
    assert available_minor(li) == 1_00


def test_a_hotels_freeze_is_agreed_to_by_passkey() -> None:
    li, shop = make_payer(5_000_00), Shop()
    device, _ = make_passkey(li)
    asked = request_hold(request=asking(shop, waiver=False), payer_id=li.id)
    challenge, _ = offer_challenge(
        user_id=li.id, key="k", kind=ConfirmationKind.HOLD, subject_id=asked.authorisation.id
    )
    assert '"amount":"800.00"' in challenge.transaction
    signed(challenge, device)
    assert held_minor(li) == 800_00


def test_passkeys_belong_to_the_public_address() -> None:
    party = relying_party("https://pay.example:8443/app")
    assert (party.host, party.origin) == ("pay.example", "https://pay.example:8443")
