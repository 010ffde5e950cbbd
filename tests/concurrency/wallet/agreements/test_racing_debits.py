"""Caps hold under races: debits, the worker and the payer's unsigning at one time."""

from functools import partial
from typing import Any

import pytest

from config.kernel import clock
from tests.factories.accounts import available_minor, make_user
from tests.factories.agreements import debit, make_agreement, make_offer, monthly, stored
from tests.factories.payments import Shop
from tests.factories.races import race
from wallet.agreements.models import Agreement, Deduction
from wallet.agreements.usecases.run_deductions import run_deductions
from wallet.agreements.usecases.sign_agreement import _sign
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import AgreementOutcome, Party, Terms
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import Payment
from wallet.payments.values import PaymentStatus

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_forty_debits_at_once_stay_within_the_total() -> None:
    payer = make_user(balance_minor=1_000_00)
    agreement = make_agreement(Shop(), payer, Terms(total_minor=50_00))
    results = race([partial(debit, agreement, 6_00) for _ in range(40)])
    assert results == {"PAID": 8, "total_limit_exceeded": 32}
    row = stored(agreement)
    assert (row.debits, row.debited_minor, available_minor(payer)) == (8, 48_00, 952_00)
    assert verify_ledger().passed


def test_forty_debits_at_once_stay_within_their_number() -> None:
    agreement = make_agreement(Shop(), terms=Terms(total_payments=3))
    results = race([partial(debit, agreement, 1_00) for _ in range(40)])
    assert results == {"PAID": 3, "payments_limit_exceeded": 37}


def test_a_period_is_debited_once_however_many_ask() -> None:
    agreement = make_agreement(Shop(), terms=monthly())
    results = race([partial(debit, agreement, 1_00) for _ in range(16)])
    assert results["PAID"] == 1
    assert results["debit_not_due"] == 15


def test_one_order_is_debited_once_however_often_it_is_sent() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = make_agreement(Shop(), payer)
    results = race([partial(debit, agreement, reference="EXIT1") for _ in range(16)])
    assert results == {"PAID": 1, "REPLAYED": 15}
    assert available_minor(payer) == 94_00


def test_two_agreements_with_one_order_number_debit_one() -> None:
    shop = Shop()
    agreements = [make_agreement(shop) for _ in range(2)]
    jobs = [partial(debit, agreement, reference="EXIT1") for agreement in agreements * 6]
    results = race(jobs)
    assert results["PAID"] == 1
    assert set(results) <= {"PAID", "REPLAYED", "payer_mismatch"}


def test_nothing_is_debited_after_unsigning_whoever_is_first() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = make_agreement(Shop(), payer)
    unsign = partial(
        unsign_agreement, agreement_id=agreement.id, by=Party.PAYER, actor="t", payer_id=payer.id
    )
    jobs: list[Any] = [partial(debit, agreement, 1_00) for _ in range(12)]
    results = race([*jobs, unsign])
    paid = Payment.objects.filter(status=PaymentStatus.PAID)
    row = stored(agreement)
    assert paid.count() == row.debits == results["PAID"]
    assert set(results) <= {"PAID", "agreement_ended", "changed=True"}


def test_two_workers_make_each_deferred_debit_once() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = make_agreement(Shop(), payer)
    for _ in range(6):
        debit(agreement, 1_00, deferred=True)

    def work() -> AgreementOutcome:
        run_deductions(at=clock.now())
        return AgreementOutcome(make_view(agreement.id), changed=True)

    race([work] * 4)
    assert available_minor(payer) == 94_00
    assert set(Deduction.objects.values_list("attempts", "status")) == {(1, "SUCCEEDED")}


def make_view(agreement_id: Any) -> Any:
    """The agreement, as the race counts outcomes."""
    return Agreement.objects.get(id=agreement_id)


def test_one_offer_is_signed_by_one_payer() -> None:
    offer = make_offer(Shop())
    payers = [make_user() for _ in range(6)]
    results = race([partial(_sign, offer.id, payer.id, offer.challenge) for payer in payers])
    assert results == {"changed=True": 1, "agreement_taken": 5}


def test_one_payer_signs_one_of_a_kind() -> None:
    shop, payer = Shop(), make_user()
    offers = [make_offer(shop) for _ in range(6)]
    results = race([partial(_sign, offer.id, payer.id, offer.challenge) for offer in offers])
    assert results == {"changed=True": 1, "agreement_signed": 5}
    assert Agreement.objects.filter(status="NORMAL").count() == 1
