"""Money and health are walled off: whoever is red can still pay, be refunded, withdraw."""

import uuid

import pytest

from config.kernel.outbox import relay
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.public import Colour, colour_of
from healthcode.subjects.queries import subject_of
from tests.factories.accounts import PIN, available_minor, client_of, make_user
from tests.factories.health import Person, Phone, new_identity
from tests.factories.payments import Shop, fresh_code, pay
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.risk import values as risk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def red() -> WalletUser:
    """A customer with 100 yuan whose code is red."""
    user = make_user(balance_minor=100_00)
    Phone(client_of(user)).post("declarations", {"identity": new_identity(), "symptoms": []})
    person = Person(user.id)
    person._subject_id = subject_of(user.id).id
    person.evidence(EvidenceKind.NAAT, Source.LABORATORY, result="positive")
    relay.drain()
    assert colour_of(user.id) is Colour.RED
    return user


def test_red_pays_and_is_refunded(red: WalletUser) -> None:
    shop = Shop()
    outcome = pay(shop, fresh_code(red), amount_minor=30_00)
    assert available_minor(red) == 70_00
    refund_payment(
        payment_id=outcome.payment.id,
        request_no="r1",
        amount_minor=10_00,
        reason="one bun too many",
        refund_accounts=[shop.account_id],
    )
    assert available_minor(red) == 80_00


def test_red_sends_money_and_withdraws(red: WalletUser) -> None:
    friend = make_user()
    transfer_money(key="t1", payer_id=red.id, payee_phone=friend.phone, amount_minor=20_00, pin=PIN)
    request_withdrawal(user_id=red.id, key=str(uuid.uuid4()), amount_minor=30_00, pin=PIN)
    assert (available_minor(red), available_minor(friend)) == (50_00, 20_00)


def test_the_words_of_risk_know_nothing_of_health() -> None:
    words = str(vars(risk)).lower()
    assert not [word for word in ("health", "colour", "symptom", "naat") if word in words]
