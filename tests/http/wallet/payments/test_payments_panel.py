"""The operators' pages of payments and of the risk desk."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.kernel import panel
from tests.factories.accounts import make_user
from tests.factories.operators import make_operator
from tests.factories.payments import Shop, make_paid, make_phone, pay, stored
from wallet.payments.models import Payment, PaymentCode, Refund, Transfer
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import PaymentView
from wallet.risk.models import RiskCase, RiskDecision

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_operator("ann", superuser=True))
    return client


@pytest.fixture
def paid() -> PaymentView:
    return make_paid(Shop(name="<b>Baozi</b>"))


def page(desk: Client, model: Any, object_id: object | None = None) -> Any:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if object_id is None:
        return desk.get(reverse(f"{name}_changelist"))
    return desk.get(reverse(f"{name}_change", args=[object_id]))


def challenged() -> RiskCase:
    shop, phone = Shop(), make_phone()
    for _ in range(6):
        pay(shop, phone.code(), amount_minor=1_00)
    return RiskCase.objects.get()


@pytest.mark.parametrize("model", [Payment, Refund, Transfer, PaymentCode, RiskCase, RiskDecision])
def test_every_list_is_shown(desk: Client, paid: PaymentView, model: Any) -> None:
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=1_00)
    challenged()
    assert page(desk, model).status_code == 200


def test_a_list_counts_no_more_rows_than_it_pages_through(
    desk: Client, paid: PaymentView, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There may be more" not in page(desk, Payment).content.decode()
    monkeypatch.setattr(panel, "LISTED_MAX", 1)
    make_paid(Shop())
    answer = page(desk, Payment)
    assert answer.context["cl"].result_count == 1
    assert "There may be more: narrow the list." in answer.content.decode()


def test_a_payment_is_shown_with_its_journals_and_refunds(desk: Client, paid: PaymentView) -> None:
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=2_00)
    text = page(desk, Payment, paid.id).content.decode()
    assert paid.number in text
    assert f"merchant:{paid.payee_id}:pending" in text
    assert "R1" in text
    assert "<b>Baozi</b>" not in text


def test_nobody_edits_a_payment(desk: Client, paid: PaymentView) -> None:
    address = reverse("admin:payments_payment_change", args=[paid.id])
    assert desk.post(address, {"amount_minor": 1}).status_code == 403
    assert stored(paid).amount_minor == 12_00
    delete = reverse("admin:payments_payment_delete", args=[paid.id])
    assert desk.post(delete, {"post": "yes"}).status_code == 403


def test_a_live_code_is_not_shown(desk: Client) -> None:
    make_phone()
    code = PaymentCode.objects.all()[0]
    assert code.token not in page(desk, PaymentCode, code.id).content.decode()


def test_a_transfer_is_shown_with_both_sides(desk: Client) -> None:
    li, mei = make_user(balance_minor=10_00), make_user(name="Mei")
    sent = transfer_money(
        key="K", payer_id=li.id, payee_phone=mei.phone, amount_minor=5_00, pin="135790"
    )
    text = page(desk, Transfer, sent.transfer.id).content.decode()
    assert li.user_number in text
    assert mei.user_number in text


def act(desk: Client, case: RiskCase, action: str, **values: str) -> Any:
    address = reverse(f"admin:risk_riskcase_{action}", args=[case.id])
    return desk.post(address, values)


def test_an_analyst_takes_and_resolves_a_case(desk: Client) -> None:
    case = challenged()
    act(desk, case, "take")
    case.refresh_from_db()
    assert (case.state, case.assignee) == ("ASSIGNED", "ann")
    act(desk, case, "resolve", outcome="FALSE_POSITIVE", reason="a busy market stall")
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("RESOLVED", "FALSE_POSITIVE")
    assert case.reason == "a busy market stall"


def test_a_case_leads_to_its_payments_for_who_may_see_them(client: Client) -> None:
    case = challenged()
    payment_id = case.decisions.get().payment_id
    address = reverse("admin:payments_payment_change", args=[payment_id])
    both = make_operator("ann", "risk.view_riskcase", "payments.view_payment")
    client.force_login(both)
    assert address in page(client, RiskCase, case.id).content.decode()
    client.force_login(make_operator("bob", "risk.view_riskcase"))
    assert address not in page(client, RiskCase, case.id).content.decode()


def test_a_case_is_not_resolved_without_a_reason(desk: Client) -> None:
    case = challenged()
    act(desk, case, "resolve", outcome="FALSE_POSITIVE", reason="")
    case.refresh_from_db()
    assert case.state == "OPEN"


def test_a_decision_is_shown_with_what_was_seen(desk: Client) -> None:
    decision = challenged().decisions.get()
    text = page(desk, RiskDecision, decision.id).content.decode()
    assert "device_to_payee_60s" in text
    assert "Many payments to this payee within a minute." in text


def test_who_may_only_look_does_not_work_on_cases(client: Client) -> None:
    client.force_login(make_operator("bob", "risk.view_riskcase"))
    case = challenged()
    assert page(client, RiskCase, case.id).status_code == 200
    assert act(client, case, "take").status_code == 403
    assert page(client, RiskCase, uuid.uuid4()).status_code in {302, 404}
