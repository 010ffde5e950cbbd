"""create_payment: an order for money, the same for the same order number."""

import pytest

from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import make_user
from tests.factories.payments import Shop, make_order, make_phone, order, pay
from wallet.accounts.queries import UserUnknown
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.ledger.rules import AccountFrozen
from wallet.payments import queries, rules
from wallet.payments.models import Payment
from wallet.payments.usecases.close_payment import close_payment
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.values import Method, PaymentStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_waits_for_whoever_comes_first(shop: Shop) -> None:
    outcome = create_payment(request=order(shop))
    assert outcome.created
    payment = outcome.payment
    assert (payment.status, payment.method) == (PaymentStatus.PENDING, Method.ORDER)
    assert (payment.payer_id, payment.payer_number) == (None, "")
    assert OutboxEvent.objects.get(topic="payment.created").aggregate_id == str(payment.id)


def test_gives_the_same_payment_for_the_same_order(shop: Shop) -> None:
    first = create_payment(request=order(shop, reference="A1"))
    again = create_payment(request=order(shop, reference="A1"))
    assert (again.created, again.payment) == (False, first.payment)
    assert Payment.objects.count() == 1


def test_binds_an_order_to_the_first_payer_named(shop: Shop) -> None:
    make_order(shop, reference="A1")
    payer = make_user()
    bound = create_payment(request=order(shop, reference="A1"), payer_id=payer.id).payment
    assert bound.payer_number == payer.user_number
    with pytest.raises(rules.PayerMismatch):
        create_payment(request=order(shop, reference="A1"), payer_id=make_user().id)


@pytest.mark.parametrize("change", [{"amount_minor": 1}, {"description": "other"}])
def test_refuses_other_content_under_the_same_number(shop: Shop, change: dict[str, object]) -> None:
    make_order(shop, reference="A1")
    with pytest.raises(rules.PaymentConflict) as refusal:
        create_payment(request=order(shop, reference="A1", **change))
    assert refusal.value.fields["status"] == "PENDING"


def test_refuses_an_order_that_is_paid(shop: Shop) -> None:
    pay(shop, make_phone().code(), reference="A1")
    with pytest.raises(rules.PaymentAlreadyPaid):
        create_payment(request=order(shop, reference="A1"))


def test_refuses_an_order_that_is_closed(shop: Shop) -> None:
    close_payment(payment_id=make_order(shop, reference="A1").id)
    with pytest.raises(rules.PaymentClosed):
        create_payment(request=order(shop, reference="A1"))


def test_lets_two_shops_use_one_number(shop: Shop) -> None:
    make_order(shop, reference="A1")
    assert create_payment(request=order(Shop(), reference="A1")).created


def test_says_from_the_start_that_a_large_order_needs_the_pin(shop: Shop) -> None:
    assert make_order(shop, amount_minor=1_000_01).needs_pin
    assert not make_order(shop, amount_minor=1_000_00).needs_pin


def test_refuses_the_shops_own_owner(shop: Shop) -> None:
    owner = make_user()
    with pytest.raises(rules.PayeeIsPayer):
        create_payment(request=order(shop, payee_owner_id=owner.id), payer_id=owner.id)


def test_refuses_a_frozen_payer(shop: Shop) -> None:
    payer = make_user()
    freeze_user(user_id=payer.id, actor="operator:ops", reason="stolen phone")
    with pytest.raises(AccountFrozen):
        create_payment(request=order(shop), payer_id=payer.id)


def test_refuses_an_unknown_payer(shop: Shop) -> None:
    with pytest.raises(UserUnknown):
        create_payment(request=order(shop), payer_id=shop.id)


def test_is_found_by_number_and_by_reference_of_its_payee_only(shop: Shop) -> None:
    made = make_order(shop, reference="A1")
    assert queries.payment_by_number(payee_id=shop.id, number=made.number) == made
    assert queries.payment_by_reference(payee_id=shop.id, reference="A1") == made
    assert queries.payment_by_number(payee_id=Shop().id, number=made.number) is None
    assert queries.payment(made.id) == made
