"""Operators at the same moment: each race ends as one order or another of its acts would."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.reject import reject_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import AlreadyRequested
from config.kernel.approvals.withdraw import withdraw_request
from config.kernel.audit import chain
from config.kernel.audit.models import AuditEvent
from config.kernel.errors import SaomaError
from tests.factories.account_cases import frozen, silent_withdrawal
from tests.factories.accounts import available_minor
from tests.factories.approvals import REASON, Desk
from tests.factories.operators import make_checker, make_maker
from tests.factories.threads import outcomes_at_once
from wallet.accounts.approvals import UNFREEZE
from wallet.accounts.forced_ends import FORCE_END
from wallet.accounts.models import WalletUser, Withdrawal
from wallet.accounts.usecases.ask_bank import ask_bank
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.process_callback import process_callback
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.values import BankResult

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(results: Sequence[object]) -> list[str]:
    """Refusals by class, in no order; anything else as "done"."""
    return sorted(type(row).__name__ if isinstance(row, SaomaError) else "done" for row in results)


def test_six_wishes_about_one_thing_leave_one_request() -> None:
    desk = Desk()
    acts: list[Callable[[], object]] = [partial(desk.ask, f"new {n}") for n in range(6)]
    results = outcomes_at_once(acts, threads=6)
    assert kinds(results) == sorted([AlreadyRequested.__name__] * 5 + ["done"])
    assert ApprovalRequest.objects.count() == 1


def test_six_clicks_on_one_wish_are_one_request() -> None:
    desk = Desk()
    acts: list[Callable[[], object]] = [partial(desk.ask, "new")] * 6
    assert kinds(outcomes_at_once(acts, threads=6)) == ["done"] * 6
    assert ApprovalRequest.objects.count() == 1


@pytest.mark.parametrize("other", ["withdraw", "reject"])
def test_an_approval_and_its_opposite_end_in_one_of_both(other: str) -> None:
    desk = Desk()
    request = desk.ask()
    opposite: Callable[[], object] = (
        partial(withdraw_request, request_id=request.id, maker=desk.mia)
        if other == "withdraw"
        else partial(reject_request, request_id=request.id, checker=desk.cleo, comment="no")
    )
    approve: Callable[[], object] = partial(
        approve_request, request_id=request.id, checker=desk.carl
    )
    outcomes_at_once([approve, opposite], threads=2)
    request.refresh_from_db()
    ends = {"EXECUTED": "new", "WITHDRAWN": "old", "REJECTED": "old"}
    assert desk.name() == ends[request.status]
    assert request.votes.filter(approves=True).count() == (request.status == "EXECUTED")
    assert chain.verify().breaks == []


def test_an_account_that_is_frozen_anew_at_that_moment_stays_frozen() -> None:
    case = frozen()
    maker, checker = make_maker("mia", UNFREEZE), make_checker("carl", UNFREEZE)
    request = request_approval(
        action=UNFREEZE, parameters=case.parameters, reason=REASON, maker=maker
    )
    by = {"actor": "operator:court", "reason": "by order of the court"}
    user = WalletUser.objects.get()
    acts: list[Callable[[], object]] = [
        partial(approve_request, request_id=request.id, checker=checker),
        partial(freeze_user, user_id=user.id, **by),
    ]
    outcomes_at_once(acts, threads=2)
    user.refresh_from_db()
    request.refresh_from_db()
    last = AuditEvent.objects.filter(action__in=("accounts.freeze", "accounts.unfreeze")).first()
    assert last is not None
    # Either the request came first and the court after it, or it was overtaken.
    if request.status == "EXECUTED" and last.action == "accounts.unfreeze":
        pytest.fail("the freeze of that moment was undone by a request that had not seen it")
    assert user.state == "FROZEN"


def test_the_banks_letter_its_answer_and_its_message_move_the_money_once() -> None:
    case = silent_withdrawal()
    withdrawal = Withdrawal.objects.get()
    instruction_id = uuid.UUID(str(case.parameters["id"]))
    before_minor = available_minor(withdrawal.user)
    request = request_approval(
        action=FORCE_END,
        parameters={**case.parameters, "result": "FAILED"},
        reason=REASON,
        maker=make_maker("mia", FORCE_END),
    )
    checker = make_checker("carl", FORCE_END)

    def message() -> None:
        callback, _ = receive_callback(
            bank_reference="bank-1", instruction_id=instruction_id, amount_minor=100_95,
            currency="CNY", result=BankResult.FAILED, reason="", now=withdrawal.created_at,
        )  # fmt: skip
        process_callback(callback_id=callback.id)

    acts: list[Callable[[], object]] = [
        partial(approve_request, request_id=request.id, checker=checker),
        message,
        message,
        partial(
            ask_bank,
            instruction_id=instruction_id,
            actor="operator:pat",
            reason="where is it",
        ),
    ]
    outcomes_at_once(acts, threads=4)
    assert available_minor(withdrawal.user) == before_minor + 100_95
    assert chain.verify().breaks == []
