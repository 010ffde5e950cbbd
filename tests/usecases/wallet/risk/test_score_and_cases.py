"""Risk: the sixth quick payment is challenged, scores are kept, cases are worked on."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from config.kernel.audit.models import AuditEvent
from config.kernel.outbox.consumers import consumers_of
from config.kernel.outbox.models import OutboxEvent
from tests.factories.clock import later
from tests.factories.payments import Shop, make_phone, pay
from tests.factories.risk import one_rule, use_rules
from wallet.payments import rules as payment_rules
from wallet.payments.models import Payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.values import PayResult
from wallet.risk import queries
from wallet.risk.models import RiskCase, RiskDecision
from wallet.risk.rules import PaymentDeclined
from wallet.risk.usecases.assign_case import CaseResolved, assign_case
from wallet.risk.usecases.record_verdict import record_verdict
from wallet.risk.usecases.resolve_case import ReasonMissing, resolve_case
from wallet.risk.usecases.score_payment import score_payment
from wallet.risk.values import CaseOutcome, Decision, Stage, Subject, Verdict

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def deliver() -> None:
    """Let risk hear of every payment; other listeners have their own tests."""
    for event in OutboxEvent.objects.filter(topic="payment.paid"):
        for consumer in consumers_of("payment.paid"):
            if consumer.name == "risk.score_payment":
                consumer.apply([event])


def subject(**changes: object) -> Subject:
    facts: dict[str, object] = {
        "payment_id": uuid.uuid4(),
        "payer_id": uuid.UUID(int=1),
        "payee_id": uuid.UUID(int=2),
        "device_id": None,
        "amount_minor": 12_00,
        "currency": "CNY",
    }
    return Subject(**(facts | changes))  # type: ignore[arg-type]


def challenge(reason: str = "burst_to_payee") -> Verdict:
    return Verdict(Decision.CHALLENGE, 60, (reason,), opens_case=True, rule_set="2026-01")


def make_case() -> RiskCase:
    decision = record_verdict(
        subject=subject(),
        verdict=challenge(),
        stage=Stage.INLINE,
        features={},
        decided_at=NOON,
    )
    assert decision.case is not None
    return decision.case


def test_the_sixth_of_twelve_quick_payments_is_challenged_and_a_case_opens() -> None:
    shop, phone = Shop(), make_phone()
    results = [pay(shop, phone.code(), amount_minor=1_00).outcome for _ in range(12)]
    assert results == [PayResult.PAID] * 5 + [PayResult.AWAITING_PAYER] * 7
    case = RiskCase.objects.get()
    assert case.state == "OPEN"
    assert case.decisions.count() == 7
    sixth = Payment.objects.order_by("created_at")[5]
    assert queries.notices_of(sixth.id) == ["Many payments to this payee within a minute."]


def test_quick_payments_to_different_payees_are_not_challenged() -> None:
    phone = make_phone()
    for _ in range(7):
        assert pay(Shop(), phone.code(), amount_minor=1_00).outcome is PayResult.PAID


def test_a_minute_later_nothing_is_asked() -> None:
    shop, phone = Shop(), make_phone()
    for _ in range(5):
        pay(shop, phone.code(), amount_minor=1_00)
    later(seconds=61)
    assert pay(shop, phone.code(), amount_minor=1_00).outcome is PayResult.PAID


def test_a_challenged_payment_is_paid_with_the_pin() -> None:
    shop, phone = Shop(), make_phone()
    for _ in range(5):
        pay(shop, phone.code(), amount_minor=1_00)
    waiting = pay(shop, phone.code(), amount_minor=1_00).payment
    with pytest.raises(payment_rules.PinRequired):
        confirm_payment(payment_id=waiting.id, payer_id=phone.user.id)
    assert confirm_payment(payment_id=waiting.id, payer_id=phone.user.id, pin="135790")
    assert shop.balance_minor() == 6_00


def test_a_declined_payment_moves_nothing_and_says_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rules(settings, monkeypatch, one_rule("REJECT", opens_case=True))
    shop, phone = Shop(), make_phone()
    code = phone.code()
    for _ in range(2):
        with pytest.raises(PaymentDeclined):
            pay(shop, code, reference="A1")
    assert (shop.balance_minor(), RiskCase.objects.count()) == (0, 1)


def test_every_payment_is_scored_once_with_its_features() -> None:
    shop, phone = Shop(), make_phone()
    paid = pay(shop, phone.code()).payment
    deliver()
    deliver()
    decision = RiskDecision.objects.get(payment_id=paid.id)
    assert (decision.stage, decision.decision, decision.rule_set) == ("AFTER", "ACCEPT", "2026-02")
    assert decision.features["first_to_payee"] is True
    assert decision.features["device_payers_30d"] == 1
    assert decision.decided_at == paid.paid_at


def test_an_in_line_review_lets_the_money_pass_and_opens_a_case() -> None:
    phone = make_phone(balance_minor=900_00)
    paid = pay(Shop(), phone.code(), amount_minor=800_00)
    assert paid.outcome is PayResult.PAID
    deliver()
    decision = RiskDecision.objects.get(payment_id=paid.payment.id, stage=Stage.INLINE)
    assert (decision.decision, decision.reasons) == ("REVIEW", ["large_on_new_device"])
    assert decision.case is not None
    assert decision.case.state == "OPEN"


def test_many_payees_within_an_hour_open_a_case() -> None:
    for minute in range(13):
        score_payment(
            subject=subject(payee_id=uuid.UUID(int=100 + minute)),
            paid_at=NOON + timedelta(minutes=minute),
            zone="Asia/Shanghai",
        )
    last = RiskDecision.objects.latest("decided_at")
    assert (last.decision, last.reasons) == ("REVIEW", ["fan_out"])


def test_a_shared_device_opens_a_case() -> None:
    device_id = uuid.uuid4()
    for payer in (11, 12, 13):
        decision = score_payment(
            subject=subject(payer_id=uuid.UUID(int=payer), device_id=device_id),
            paid_at=NOON,
            zone="Asia/Shanghai",
        )
    assert decision.reasons == ["shared_device"]


def test_a_high_score_of_mild_rules_asks_for_a_review() -> None:
    decision = score_payment(
        subject=subject(amount_minor=3_000_00),
        paid_at=datetime(2026, 3, 1, 18, 0, tzinfo=UTC),
        zone="Asia/Shanghai",
    )
    assert (decision.score, decision.decision) == (60, "REVIEW")
    assert decision.features["local_hour"] == 2


def test_one_pattern_has_one_open_case_and_a_new_one_once_resolved() -> None:
    case = make_case()
    assert make_case().id == case.id
    resolve_case(
        case_id=case.id, outcome=CaseOutcome.FALSE_POSITIVE, reason="a market stall", actor="ann"
    )
    assert make_case().id != case.id


def test_a_case_is_assigned_and_resolved_and_both_are_audited() -> None:
    case = make_case()
    assert assign_case(case_id=case.id, assignee="ann", actor="operator:ann").state == "ASSIGNED"
    assign_case(case_id=case.id, assignee="ann", actor="operator:ann")
    done = resolve_case(
        case_id=case.id,
        outcome=CaseOutcome.CONFIRMED_RISK,
        reason="card testing",
        actor="operator:ann",
    )
    assert (done.state, done.outcome) == ("RESOLVED", "CONFIRMED_RISK")
    actions = AuditEvent.objects.filter(target=f"risk_case:{case.id}").order_by("seq")
    assert [event.action for event in actions] == ["risk.assign_case", "risk.resolve_case"]


def test_a_resolved_case_stays_as_it_is() -> None:
    case = make_case()
    finding = {"outcome": CaseOutcome.FALSE_POSITIVE, "reason": "a market stall", "actor": "ann"}
    resolve_case(case_id=case.id, **finding)  # type: ignore[arg-type]
    assert resolve_case(case_id=case.id, **finding).state == "RESOLVED"  # type: ignore[arg-type]
    with pytest.raises(CaseResolved):
        resolve_case(
            case_id=case.id, outcome=CaseOutcome.CONFIRMED_RISK, reason="after all", actor="ann"
        )
    with pytest.raises(CaseResolved):
        assign_case(case_id=case.id, assignee="bob", actor="ann")


def test_a_finding_needs_its_reason() -> None:
    with pytest.raises(ReasonMissing):
        resolve_case(
            case_id=make_case().id, outcome=CaseOutcome.FALSE_POSITIVE, reason=" ", actor="ann"
        )


def test_a_case_that_is_not_there_is_not_found() -> None:
    with pytest.raises(queries.CaseUnknown):
        assign_case(case_id=uuid.uuid4(), assignee="ann", actor="ann")


def test_a_case_cannot_be_resolved_without_outcome_even_in_sql() -> None:
    case = make_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskCase.objects.filter(id=case.id).update(state="RESOLVED")


def test_the_decisions_of_a_payment_are_found() -> None:
    paid = pay(Shop(), make_phone().code()).payment
    deliver()
    assert [d.stage for d in queries.decisions_of(paid.id)] == ["AFTER"]
