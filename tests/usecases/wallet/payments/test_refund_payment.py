"""refund_payment: back to where it came from, never more than came.

A payment of 12.00 by a customer who held 100.00.
"""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.kernel.errors import SaomaError
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import available_minor, make_user
from tests.factories.payments import Phone, Shop, make_order, make_paid, make_phone, stored
from wallet.accounts import queries as accounts
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.ledger.queries import balance
from wallet.ledger.usecases.open_account import open_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import AccountKind, Draft, Side, credit, debit
from wallet.payments import queries, rules
from wallet.payments.models import Payment, Refund
from wallet.payments.queries.paid import paid_into
from wallet.payments.usecases.close_payment import close_payment
from wallet.payments.usecases.finish_payments import finish_payments
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import PaymentStatus, PaymentView

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def phone() -> Phone:
    return make_phone()


@pytest.fixture
def paid(shop: Shop, phone: Phone) -> PaymentView:
    return make_paid(shop, phone)


def test_gives_part_of_the_money_back(shop: Shop, phone: Phone, paid: PaymentView) -> None:
    outcome = refund_payment(payment_id=paid.id, request_no="R1", amount_minor=5_00)
    assert outcome.changed
    assert (outcome.payment.status, outcome.payment.refunded_minor) == (PaymentStatus.PAID, 5_00)
    assert (available_minor(phone.user), shop.balance_minor()) == (93_00, 7_00)


def test_closes_the_payment_when_all_is_back(shop: Shop, phone: Phone, paid: PaymentView) -> None:
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=5_00)
    outcome = refund_payment(payment_id=paid.id, request_no="R2", amount_minor=7_00)
    assert outcome.payment.status is PaymentStatus.CLOSED
    assert outcome.payment.close_reason == "REFUNDED"
    assert (available_minor(phone.user), shop.balance_minor()) == (100_00, 0)
    topics = OutboxEvent.objects.order_by("id").values_list("topic", flat=True)
    assert [t for t in topics if t.startswith(("refund", "payment"))] == [
        "payment.paid",
        "refund.succeeded",
        "payment.closed",
        "refund.succeeded",
    ]


def test_moves_the_money_once_for_one_request(shop: Shop, paid: PaymentView) -> None:
    first = refund_payment(payment_id=paid.id, request_no="R1", amount_minor=12_00)
    again = refund_payment(payment_id=paid.id, request_no="R1", amount_minor=12_00)
    assert (again.changed, again.refund) == (False, first.refund)
    assert shop.balance_minor() == 0


def test_refuses_one_request_with_two_amounts(paid: PaymentView) -> None:
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=5_00)
    with pytest.raises(rules.RefundConflict):
        refund_payment(payment_id=paid.id, request_no="R1", amount_minor=6_00)


def test_refuses_more_than_is_left(shop: Shop, paid: PaymentView) -> None:
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=5_00)
    with pytest.raises(rules.RefundExceedsPaid) as refusal:
        refund_payment(payment_id=paid.id, request_no="R2", amount_minor=7_01)
    assert refusal.value.fields["remaining_minor"] == 7_00
    assert shop.balance_minor() == 7_00


@pytest.mark.parametrize("amount_minor", [0, -1])
def test_refuses_an_amount_that_is_none(paid: PaymentView, amount_minor: int) -> None:
    with pytest.raises(rules.AmountOutOfRange):
        refund_payment(payment_id=paid.id, request_no="R1", amount_minor=amount_minor)


def test_refuses_an_unpaid_payment(shop: Shop) -> None:
    waiting = make_order(shop)
    with pytest.raises(rules.PaymentNotPaid):
        refund_payment(payment_id=waiting.id, request_no="R1", amount_minor=1)
    close_payment(payment_id=waiting.id)
    with pytest.raises(rules.PaymentClosed):
        refund_payment(payment_id=waiting.id, request_no="R1", amount_minor=1)


def test_refuses_a_finished_payment_but_answers_an_old_request(paid: PaymentView) -> None:
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=5_00)
    finish_at = stored(paid).finish_at
    assert finish_at is not None
    finish_payments(at=finish_at)
    assert not refund_payment(payment_id=paid.id, request_no="R1", amount_minor=5_00).changed
    with pytest.raises(rules.PaymentFinished):
        refund_payment(payment_id=paid.id, request_no="R2", amount_minor=5_00)


def move(source: Shop, amount_minor: int) -> None:
    """Settle: from pending to payable."""
    post_journal(
        Draft(
            key=f"settle:{source.id}:{amount_minor}",
            kind="settlement",
            lines=(
                debit(source.account_id, amount_minor, "CNY"),
                credit(source.payable_id, amount_minor, "CNY"),
            ),
            posted_at=Payment.objects.latest("created_at").created_at,
            business_date=Payment.objects.latest("created_at").created_at.date(),
        )
    )


def test_takes_the_money_from_the_accounts_in_order(shop: Shop, paid: PaymentView) -> None:
    move(shop, 8_00)
    refund_payment(
        payment_id=paid.id,
        request_no="R1",
        amount_minor=10_00,
        refund_accounts=[shop.account_id, shop.payable_id],
    )
    assert (shop.balance_minor(), balance(shop.payable_id).available_minor) == (0, 2_00)


def test_lets_the_last_account_go_into_debt_where_it_may(shop: Shop, paid: PaymentView) -> None:
    receivable = open_account(
        code=f"asset:merchant_receivable:{shop.id}",
        kind=AccountKind.RECEIVABLE,
        currency="CNY",
        owner_id=shop.id,
        normal_side=Side.DEBIT,
        floor_minor=None,
    )
    move(shop, 12_00)
    refund_payment(
        payment_id=paid.id,
        request_no="R1",
        amount_minor=10_00,
        refund_accounts=[shop.account_id, receivable],
    )
    assert balance(receivable).posted_minor == 10_00


def test_refuses_where_the_payee_has_too_little(
    shop: Shop, phone: Phone, paid: PaymentView
) -> None:
    move(shop, 12_00)
    with pytest.raises(rules.PayeeFundsShort):
        refund_payment(payment_id=paid.id, request_no="R1", amount_minor=10_00)
    assert (available_minor(phone.user), Refund.objects.count()) == (88_00, 0)


def test_reaches_a_frozen_payer(shop: Shop, phone: Phone, paid: PaymentView) -> None:
    freeze_user(user_id=phone.user.id, actor="operator:ops", reason="stolen phone")
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=12_00)
    assert available_minor(phone.user) == 100_00


def test_gives_the_payers_allowance_back(phone: Phone, paid: PaymentView) -> None:
    assert accounts.limits(phone.user.id).yearly_used_minor == 12_00
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=5_00)
    assert accounts.limits(phone.user.id).yearly_used_minor == 7_00


def test_is_listed_for_its_payee(shop: Shop, paid: PaymentView) -> None:
    made = refund_payment(payment_id=paid.id, request_no="R1", amount_minor=5_00).refund
    span = {"after": paid.created_at, "until": made.created_at.replace(year=2100)}
    assert queries.refunds_between(payee_id=shop.id, **span) == [made]
    assert queries.refunds_of(paid.id) == [made]
    assert queries.refund(payment_id=paid.id, request_no="R1") == made
    assert queries.refund(payment_id=paid.id, request_no="R2") is None
    rows = paid_into(
        payee_id=shop.id, account_id=paid.payee_account_id, currency=paid.currency, **span
    )
    assert [p.id for p in rows] == [paid.id]


def test_cannot_exceed_what_was_paid_even_in_sql(paid: PaymentView) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(id=paid.id).update(refunded_minor=12_01)


def test_needs_a_payment_that_exists() -> None:
    with pytest.raises(rules.PaymentUnknown):
        refund_payment(payment_id=make_user().id, request_no="R1", amount_minor=1)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"request_no": ""}, rules.ReferenceInvalid),
        ({"request_no": "R" * 65}, rules.TextInvalid),
        ({"reason": "x" * 257}, rules.TextInvalid),
        ({"details": {"note": "\0"}}, rules.TextInvalid),
    ],
)
def test_refuses_texts_that_cannot_be_stored(
    paid: PaymentView, change: dict[str, Any], error: type[SaomaError]
) -> None:
    facts: dict[str, Any] = {"payment_id": paid.id, "request_no": "R1", "amount_minor": 1_00}
    with pytest.raises(error):
        refund_payment(**(facts | change))
    assert Refund.objects.count() == 0
