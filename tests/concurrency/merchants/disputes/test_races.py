"""A bill that is paid and contested at one moment is either paid or contested."""

from collections.abc import Callable
from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.disputes.models import Dispute
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.disputes import dispute_payment, make_bill
from tests.factories.threads import outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.usecases.confirm_payment import confirm_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_pay_and_contest_at_once() -> None:
    payer = make_user(balance_minor=100_00)
    bill = make_bill(payer)
    pay = partial(confirm_payment, payment_id=bill.id, payer_id=payer.id, pin=PIN)
    acts: list[Callable[[], object]] = [pay, partial(dispute_payment, bill.id, payer.id), pay]
    outcomes = outcomes_at_once(acts)
    paid = available_minor(payer) == 10_00
    contested = Dispute.objects.filter(unpaid=True).exists()
    assert paid != contested
    codes = {one.code for one in outcomes if isinstance(one, SaomaError)}
    assert codes <= {"payment_contested"}
    assert verify_ledger().passed
