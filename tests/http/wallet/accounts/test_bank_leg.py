"""Operators and a bank that is silent: they ask it, or two take its word from paper."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from tests.factories.account_cases import silent_withdrawal
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.clock import advance
from tests.factories.operators import make_checker, make_maker, make_operator
from wallet.accounts import queries, rules
from wallet.accounts.forced_ends import FORCE_END
from wallet.accounts.models import BankAnswer, BankCallback, BankInstruction, Topup, Withdrawal
from wallet.accounts.usecases.ask_bank import ask_bank
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.values import BankResult, Disposition

pytestmark = pytest.mark.django_db
SENT = {"_form_submitted": "True"}
BY = {"actor": "operator:pat", "reason": "the customer asks where it is"}


def silent() -> tuple[dict[str, object], Withdrawal]:
    case = silent_withdrawal()
    return case.parameters, Withdrawal.objects.get()


def decided_at_the_bank(parameters: dict[str, object], result: BankResult) -> None:
    """The bank has decided, and its message to us was lost."""
    now = clock.now()
    BankAnswer.objects.create(
        instruction_id=str(parameters["id"]), bank_reference="lost-1", result=result,
        due_at=now, given_at=now,
    )  # fmt: skip


def ended(parameters: Mapping[str, object]) -> ApprovalRequest:
    maker, checker = make_maker("pat", FORCE_END), make_checker("fay", FORCE_END)
    request = request_approval(
        action=FORCE_END, parameters=parameters, reason="letter of the bank of today", maker=maker
    )
    return approve_request(request_id=request.id, checker=checker)


def post(page: str, row: Any, operator: Any, **values: str) -> Any:
    client = Client()
    client.force_login(operator)
    return client.post(reverse(f"admin:accounts_{page}", args=[row.pk]), values)


def test_a_bank_whose_message_was_lost_is_asked_and_its_answer_counts() -> None:
    parameters, withdrawal = silent()
    decided_at_the_bank(parameters, BankResult.SUCCEEDED)
    pat = make_operator("pat", "accounts.view_withdrawal", "accounts.review_withdrawal")
    post("withdrawal_ask_the_bank", withdrawal, pat, reason=BY["reason"], **SENT)
    withdrawal.refresh_from_db()
    assert withdrawal.state == "PAID"
    event = AuditEvent.objects.get(action="accounts.ask_bank")
    assert event.actor == "operator:pat"
    assert event.after == {"answer": "SUCCEEDED", "disposition": "APPLIED"}


def test_asking_twice_moves_the_money_once() -> None:
    parameters, withdrawal = silent()
    decided_at_the_bank(parameters, BankResult.FAILED)
    before_minor = available_minor(withdrawal.user)
    for _ in range(2):
        assert ask_bank(instruction_id=parameters["id"], **BY) is Disposition.APPLIED  # type: ignore[arg-type]
    assert available_minor(withdrawal.user) == before_minor + 100_95
    assert BankCallback.objects.count() == 1


def test_a_bank_that_does_not_know_changes_nothing() -> None:
    parameters, withdrawal = silent()
    assert ask_bank(instruction_id=parameters["id"], **BY) is None  # type: ignore[arg-type]
    withdrawal.refresh_from_db()
    assert withdrawal.state == "SUBMITTED"


def test_a_bank_that_cannot_be_reached_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters, _ = silent()

    def broken(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("wallet.accounts.bank.SimulatedBank.ask", broken)
    with pytest.raises(rules.BankUnreachable):
        ask_bank(instruction_id=parameters["id"], **BY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "state", "back_minor"), [("SUCCEEDED", "PAID", 0), ("FAILED", "RETURNED", 100_95)]
)
def test_two_operators_end_a_withdrawal_by_the_banks_word_on_paper(
    result: str, state: str, back_minor: int
) -> None:
    parameters, withdrawal = silent()
    before_minor = available_minor(withdrawal.user)
    request = ended({**parameters, "result": result})
    withdrawal.refresh_from_db()
    assert (request.status, withdrawal.state) == ("EXECUTED", state)
    assert available_minor(withdrawal.user) == before_minor + back_minor
    assert "debit bank:payout_in_transit" in request.effect
    assert AuditEvent.objects.get(action="accounts.force_end").purpose == request.reason


def test_two_operators_end_a_topup() -> None:
    user = make_user()
    request_topup(user_id=user.id, key="t1", amount_minor=100_95)
    advance(minutes=1)
    Topup.objects.update(expires_at=clock.now().replace(year=2099))
    advance(hours=2)
    instruction = BankInstruction.objects.get()
    parameters = {"id": str(instruction.id), "result": "SUCCEEDED", "bank_reference": "letter-1"}
    assert ended(parameters).status == "EXECUTED"
    assert (Topup.objects.get().state, available_minor(user)) == ("SUCCEEDED", 100_95)


def test_what_was_sent_a_moment_ago_is_not_ended_by_hand() -> None:
    user = make_user(balance_minor=200_00)
    withdrawal, _ = request_withdrawal(user_id=user.id, key="w1", amount_minor=100_95, pin=PIN)
    advance(minutes=1)
    instruction = BankInstruction.objects.get(subject_id=withdrawal.id)
    with pytest.raises(rules.EndRefused):
        ended({"id": str(instruction.id), "result": "FAILED", "bank_reference": "letter-1"})


@pytest.mark.parametrize(
    "changes",
    [
        {"result": "MAYBE"},
        {"bank_reference": "x"},
        {"bank_reference": "a\nb c d"},
        {"bank_reference": None},
        {"id": "no id"},
    ],
)
def test_a_word_without_a_reference_or_a_result_is_refused(changes: dict[str, object]) -> None:
    parameters, _ = silent()
    with pytest.raises((rules.EndRefused, queries.ObjectUnknown)):
        ended({**parameters, **changes})


def test_a_reference_that_the_bank_has_used_is_refused() -> None:
    parameters, _ = silent()
    BankCallback.objects.create(
        bank_reference="letter-17", instruction_id=str(parameters["id"]), amount_minor=1,
        currency="CNY", result="FAILED",
    )  # fmt: skip
    with pytest.raises(rules.BankReferenceTaken):
        ended(parameters)


def test_the_page_shows_what_would_move_before_it_is_asked() -> None:
    parameters, withdrawal = silent()
    client = Client()
    client.force_login(
        make_operator("pat", "accounts.view_withdrawal", "approvals.ask_accounts_force_end")
    )
    address = reverse("admin:accounts_withdrawal_force_end", args=[withdrawal.pk])
    text = client.get(address).content.decode()
    assert "credit asset:custodian_bank" in text
    assert "credit user available" in text
    values = {"result": "FAILED", "bank_reference": "letter-9", "reason": "letter of the bank"}
    assert client.post(address, values).status_code == 302
    assert ApprovalRequest.objects.get().parameters == {
        "id": parameters["id"],
        "result": "FAILED",
        "bank_reference": "letter-9",
    }


def test_the_queue_of_a_silent_bank_holds_what_waits_and_nothing_else() -> None:
    _, withdrawal = silent()
    done, _ = request_withdrawal(user_id=withdrawal.user_id, key="w2", amount_minor=10_00, pin=PIN)
    advance(hours=2)
    client = Client()
    client.force_login(make_operator("root", superuser=True))
    text = client.get(
        reverse("admin:accounts_withdrawal_changelist"), {"bank": "silent"}
    ).content.decode()
    assert str(withdrawal.id) in text
    assert str(done.id) not in text
