"""A settled batch is paid out once, and comes back in order when the bank refuses.

The merchant sells 100.00 and is owed 99.40; the last two digits of its bank account
choose how the simulated bank behaves.
"""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from config.kernel import clock, timetable
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Status
from config.kernel.ids import uuid7
from config.kernel.outbox.models import OutboxEvent
from merchants.onboarding.models import Merchant
from merchants.payouts import bank, queries, rules
from merchants.payouts.models import BankAnswer, Payout
from merchants.payouts.usecases.close_case import CLOSE_CASE
from merchants.payouts.usecases.create_payout import create_payout
from merchants.payouts.usecases.pay_due import create_due
from merchants.payouts.usecases.receive_answer import receive_answer
from merchants.payouts.usecases.retry_payout import RETRY, retry_payout
from merchants.payouts.usecases.settle_payout import settle_payout
from merchants.payouts.usecases.submit_payout import submit_payout
from merchants.payouts.values import BankResult, CaseKind, Disposition, PayoutState
from merchants.settlement.models import SettlementBatch
from merchants.settlement.rules import BatchStateForbids
from merchants.settlement.usecases.release_batch import RELEASE, release_batch
from merchants.settlement.values import BatchState
from tests.factories.clock import advance
from tests.factories.operators import make_checker, make_maker
from tests.factories.settlement import (
    books,
    give_back,
    held,
    make_merchant,
    make_payer,
    noon,
    sell,
    settled_batch,
)
from wallet.ledger import queries as ledger
from wallet.ledger.rules import UnknownAccount
from wallet.ledger.usecases.freeze_account import freeze_account
from wallet.payments.queries import payment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NORMAL = "6222020200012300"
REASON = "checked with the merchant by phone"


def suspense() -> int:
    """What stands in suspense; nothing before it was opened."""
    try:
        return held(ledger.account_id("suspense:unmatched"))
    except UnknownAccount:
        return 0


def open_cases(payout: Payout) -> list[tuple[str, bool]]:
    """The open cases of a payout, and whether its money is in suspense."""
    rows = payout.cases.filter(closed_at__isnull=True)
    return list(rows.values_list("kind", "in_suspense"))


def in_transit() -> int:
    return held(ledger.account_id("bank:payout_in_transit"))


def custodian() -> int:
    return held(ledger.account_id("asset:custodian_bank"))


def settled(payout_account: str = NORMAL) -> tuple[Merchant, SettlementBatch]:
    """A merchant whose sale of 100.00 is settled and not paid out yet."""
    batch = settled_batch(payout_account)
    return batch.merchant, batch


def submitted(payout_account: str = NORMAL) -> tuple[Merchant, Payout]:
    """The same with its payout at the bank."""
    merchant, batch = settled(payout_account)
    payout = create_payout(batch_id=batch.id)
    assert payout is not None
    return merchant, submit_payout(payout_id=payout.id)


def returned() -> tuple[Merchant, Payout]:
    """The same, sent back by the bank."""
    merchant, payout = submitted(NORMAL[:-2] + "91")
    advance(minutes=1)
    payout.refresh_from_db()
    return merchant, payout


def state_of(batch_id: UUID) -> str:
    return SettlementBatch.objects.get(id=batch_id).state


def test_sets_the_money_aside_when_it_is_made() -> None:
    merchant, batch = settled()
    payout = create_payout(batch_id=batch.id)
    assert payout is not None
    assert (payout.amount_minor, payout.state, payout.attempt) == (99_40, PayoutState.CREATED, 1)
    assert (payout.bank, payout.bank_account) == ("ICBC", NORMAL)
    assert (books(merchant), in_transit()) == ((0, 0, 0), 99_40)
    assert state_of(batch.id) == BatchState.PAYING


def test_a_batch_has_one_payout_however_often_it_is_asked_for() -> None:
    _, batch = settled()
    first, second = create_payout(batch_id=batch.id), create_payout(batch_id=batch.id)
    assert first == second
    assert (Payout.objects.count(), in_transit()) == (1, 99_40)


def test_the_database_refuses_a_second_live_payout() -> None:
    _, payout = submitted()
    payout.id, payout.attempt = uuid7(), 2
    with pytest.raises(IntegrityError), transaction.atomic():
        payout.save(force_insert=True)


def test_is_paid_when_the_bank_says_so() -> None:
    before = custodian()
    _, payout = submitted()
    advance(minutes=1)
    payout.refresh_from_db()
    assert (payout.state, state_of(payout.batch_id)) == (PayoutState.PAID, BatchState.PAID)
    assert in_transit() == 0
    assert custodian() - before == 50_000_00 - 99_40
    assert ledger.trial_balance() == {"CNY": 0}


def test_submitting_again_gives_the_bank_one_instruction() -> None:
    _, payout = submitted()
    again = submit_payout(payout_id=payout.id)
    assert again.submitted_at == payout.submitted_at
    assert BankAnswer.objects.filter(payout=payout).count() == 1


def test_the_bank_may_say_it_three_times() -> None:
    _, payout = submitted(NORMAL[:-2] + "93")
    advance(minutes=1)
    said = BankAnswer.objects.filter(payout=payout).values_list("disposition", flat=True)
    assert sorted(said) == ["APPLIED", "REPEATED", "REPEATED"]
    assert in_transit() == 0


def test_an_answer_is_taken_in_once() -> None:
    _, payout = submitted()
    answer = BankAnswer.objects.get(payout=payout)
    assert receive_answer(answer_id=answer.id)
    assert not receive_answer(answer_id=answer.id)


def test_money_recalled_for_an_unknown_reason_stands_in_suspense() -> None:
    merchant, payout = submitted(NORMAL[:-2] + "96")
    advance(minutes=1)
    payout.refresh_from_db()
    said = BankAnswer.objects.filter(payout=payout).values_list("disposition", flat=True)
    assert (payout.state, list(said)) == (PayoutState.RECALLED, ["APPLIED", "RECALLED"])
    assert (in_transit(), suspense(), books(merchant)) == (0, 99_40, (0, 0, 0))
    assert open_cases(payout) == [(CaseKind.RECALLED, True)]


def test_two_operators_give_recalled_money_to_the_merchant_and_try_again() -> None:
    merchant, payout = submitted(NORMAL[:-2] + "96")
    advance(minutes=1)
    request = request_approval(
        action=CLOSE_CASE,
        parameters={"case_id": str(payout.cases.get().id), "template": "TO_MERCHANT"},
        reason=REASON,
        maker=make_maker("mia", CLOSE_CASE),
    )
    request = approve_request(request_id=request.id, checker=make_checker("carl", CLOSE_CASE))
    assert request.status == Status.EXECUTED
    assert (suspense(), books(merchant), open_cases(payout)) == (0, (0, 99_40, 0), [])
    assert state_of(payout.batch_id) == BatchState.PART_FAILED
    again = retry_payout(payout_id=payout.id)
    assert again is not None
    assert (again.attempt, again.amount_minor) == (2, 99_40)


def test_recalled_money_is_the_merchants_where_the_bank_says_why() -> None:
    merchant, payout = submitted()
    advance(minutes=1)
    for disposition in (Disposition.RECALLED, Disposition.REPEATED):
        assert (
            settle_payout(payout_id=payout.id, result=BankResult.RETURNED, reason="AC04")
            is disposition
        )
    assert (suspense(), books(merchant)) == (0, (0, 99_40, 0))
    assert state_of(payout.batch_id) == BatchState.PART_FAILED
    assert open_cases(payout) == [(CaseKind.RECALLED, False)]


@pytest.mark.parametrize("digits", ["97"])
def test_a_bank_that_speaks_of_another_amount_moves_nothing(digits: str) -> None:
    _, payout = submitted(NORMAL[:-2] + digits)
    advance(minutes=1)
    payout.refresh_from_db()
    assert (payout.state, in_transit()) == (PayoutState.SUBMITTED, 99_40)
    assert open_cases(payout) == [(CaseKind.MISMATCHED, False)]


def test_a_slow_bank_is_waited_for() -> None:
    _, payout = submitted(NORMAL[:-2] + "92")
    advance(minutes=4)
    assert Payout.objects.get(id=payout.id).state == PayoutState.SUBMITTED
    advance(minutes=2)
    assert Payout.objects.get(id=payout.id).state == PayoutState.PAID


@pytest.mark.parametrize("result", list(BankResult))
def test_what_a_silent_bank_has_stands_in_suspense_until_it_speaks(result: BankResult) -> None:
    merchant, payout = submitted(NORMAL[:-2] + "95")
    advance(days=1)
    assert (queries.next_answer(), in_transit(), suspense()) == (None, 99_40, 0)
    advance(days=2)
    assert Payout.objects.get(id=payout.id).state == PayoutState.OVERDUE
    assert (in_transit(), suspense()) == (0, 99_40)
    assert open_cases(payout) == [(CaseKind.OVERDUE, True)]
    settle_payout(payout_id=payout.id, result=result, reason="AC01")
    owed_minor = 99_40 if result is BankResult.RETURNED else 0
    assert (suspense(), books(merchant)) == (0, (0, owed_minor, 0))
    assert CaseKind.OVERDUE not in dict(open_cases(payout))


def test_a_setting_decides_for_all_payouts(settings: Settings) -> None:
    settings.SAOMA_BANK_BEHAVIOUR = "FAIL"
    _, payout = submitted()
    assert BankAnswer.objects.get(payout=payout).result == BankResult.RETURNED


def test_returned_money_goes_back_to_payable() -> None:
    merchant, payout = returned()
    assert (payout.state, payout.reason) == (PayoutState.RETURNED, "account_closed")
    assert (books(merchant), in_transit()) == ((0, 99_40, 0), 0)
    assert state_of(payout.batch_id) == BatchState.PART_FAILED
    assert OutboxEvent.objects.filter(topic="payout.returned").count() == 1


def test_an_empty_account_is_sent_back() -> None:
    _, payout = submitted("")
    advance(minutes=1)
    assert Payout.objects.get(id=payout.id).reason == "account_unknown"


def test_the_bank_cannot_answer_what_it_has_not_been_given() -> None:
    _, batch = settled()
    payout = create_payout(batch_id=batch.id)
    assert payout is not None
    with pytest.raises(rules.PayoutStateForbids):
        settle_payout(payout_id=payout.id, result=BankResult.PAID)


def test_saying_the_same_twice_is_repeated() -> None:
    _, payout = submitted()
    for expected in (Disposition.APPLIED, Disposition.REPEATED):
        assert settle_payout(payout_id=payout.id, result=BankResult.PAID) is expected
    assert OutboxEvent.objects.filter(topic="payout.paid").count() == 1


def test_an_unknown_payout_is_not_found() -> None:
    for step in (submit_payout, retry_payout):
        with pytest.raises(queries.PayoutNotFound):
            step(payout_id=uuid7())


def test_a_returned_payout_is_tried_again_when_a_second_operator_agrees() -> None:
    merchant, payout = returned()
    Merchant.objects.filter(id=merchant.id).update(payout_account=NORMAL)
    request = request_approval(
        action=RETRY,
        parameters={"payout_id": str(payout.id)},
        reason=REASON,
        maker=make_maker("mia", RETRY),
    )
    assert request.effect["pay out"] == "99.40 CNY at most"
    checker = make_checker("carl", RETRY)
    assert approve_request(request_id=request.id, checker=checker).status == Status.EXECUTED
    advance(minutes=1)
    attempts = Payout.objects.order_by("attempt").values_list("attempt", "state", "bank_account")
    assert list(attempts) == [(1, "RETURNED", NORMAL[:-2] + "91"), (2, "PAID", NORMAL)]
    assert (books(merchant), state_of(payout.batch_id)) == ((0, 0, 0), BatchState.PAID)


def test_a_request_to_retry_is_stale_once_the_bank_account_changes() -> None:
    merchant, payout = returned()
    request = request_approval(
        action=RETRY,
        parameters={"payout_id": str(payout.id)},
        reason=REASON,
        maker=make_maker("mia", RETRY),
    )
    Merchant.objects.filter(id=merchant.id).update(payout_account="1" * 16)
    checker = make_checker("carl", RETRY)
    assert approve_request(request_id=request.id, checker=checker).status == Status.STALE
    assert Payout.objects.count() == 1


def test_only_a_returned_payout_is_tried_again() -> None:
    _, payout = submitted()
    with pytest.raises(rules.PayoutStateForbids):
        retry_payout(payout_id=payout.id)


def test_an_attempt_is_followed_by_one_other() -> None:
    _, payout = returned()
    retry_payout(payout_id=payout.id)
    with pytest.raises(rules.PayoutSuperseded):
        retry_payout(payout_id=payout.id)
    assert in_transit() == 99_40


def test_a_large_batch_is_paid_out_after_approval(settings: Settings) -> None:
    settings.SAOMA_SETTLEMENT_APPROVAL_MINOR = 5000
    _, batch = settled()
    with pytest.raises(BatchStateForbids):
        create_payout(batch_id=batch.id)
    assert timetable.run("payouts.create", clock.now()) == 0
    request = request_approval(
        action=RELEASE,
        parameters={"batch_id": str(batch.id)},
        reason=REASON,
        maker=make_maker("mia", RELEASE),
    )
    assert request.effect["pay out"] == "99.40 CNY"
    approve_request(
        request_id=request.id,
        checker=make_checker("carl", RELEASE),
    )
    advance(minutes=1)
    assert state_of(batch.id) == BatchState.PAID
    assert ApprovalRequest.objects.get().result["state"] == BatchState.CALCULATED


def test_a_batch_that_does_not_wait_cannot_be_released() -> None:
    _, batch = settled()
    with pytest.raises(BatchStateForbids):
        release_batch(batch_id=batch.id)


def test_a_refund_out_of_payable_makes_the_payout_smaller() -> None:
    merchant, batch = settled()
    payment_id = batch.lines.get().payment_id
    assert books(merchant) == (0, 99_40, 0)
    give_back_of(merchant, payment_id, 40_00)
    payout = create_payout(batch_id=batch.id)
    assert payout is not None
    assert payout.amount_minor == 59_40


def test_there_is_nothing_to_pay_where_refunds_took_all() -> None:
    merchant, batch = settled()
    give_back_of(merchant, batch.lines.get().payment_id, 100_00)
    assert create_payout(batch_id=batch.id) is None
    assert state_of(batch.id) == BatchState.PAID
    assert create_payout(batch_id=batch.id) is None


def give_back_of(merchant: Merchant, payment_id: UUID, amount_minor: int) -> None:
    """Refund a settled payment."""
    give_back(payment(payment_id), amount_minor, merchant=merchant)


def test_the_timetable_pays_out_a_day_after_the_sale() -> None:
    today: date = noon()
    merchant = make_merchant()
    sell(merchant, 100_00, payer=make_payer())
    advance(days=1)
    batch = SettlementBatch.objects.get(merchant=merchant, business_date=today)
    assert (batch.state, Payout.objects.get().state) == (BatchState.PAID, PayoutState.PAID)
    assert timetable.run("payouts.submit", clock.now()) == 0
    assert queries.next_to_create() is None


@pytest.mark.django_db(transaction=True)
def test_one_batchs_trouble_does_not_keep_the_others_waiting() -> None:
    frozen, stuck = settled()
    _, good = settled()
    assert frozen.payable_account_id is not None
    freeze_account(account_id=frozen.payable_account_id)
    assert create_due(now=clock.now() + timedelta(days=1)) == 1
    assert state_of(stuck.id) == BatchState.CALCULATED
    assert state_of(good.id) == BatchState.PAYING


def test_the_bank_takes_a_payout_once() -> None:
    _, payout = submitted()
    with transaction.atomic():
        reference = bank.SimulatedBank().accept(payout, at=clock.now())
    assert (reference, payout.answers.count()) == (payout.bank_reference, 1)


def test_states_follow_the_table() -> None:
    with pytest.raises(rules.PayoutStateForbids):
        rules.check_transition("PAID", PayoutState.RETURNED)
