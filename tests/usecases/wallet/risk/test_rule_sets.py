"""Rule sets: drafted, run in the shadow, labelled by analysts, backtested, published."""

import io
import json
import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from config.kernel import clock
from tests.factories.clock import advance, later
from tests.factories.operators import make_operator
from tests.factories.payments import Shop, make_phone, pay
from tests.factories.risk import draft_risk_rules, make_risk_case, one_rule
from wallet.risk import queries, rules
from wallet.risk.models import RiskCase, RiskDecision, RiskModel, ShadowVerdict
from wallet.risk.queries import current, reports
from wallet.risk.usecases import draft_rule_set as drafts
from wallet.risk.usecases.hold_payouts import NotPaidOut, hold_payouts
from wallet.risk.usecases.list_subject import ListedAlready, ListsFull, list_subject, unlist
from wallet.risk.usecases.resolve_case import resolve_case
from wallet.risk.usecases.score_payment import score_payment
from wallet.risk.usecases.snooze_case import SnoozeOutOfRange, snooze_case
from wallet.risk.values import CaseOutcome, ListedKind, ListKind, Subject

pytestmark = pytest.mark.django_db
DRAFT = "2027-01"


def score(amount_minor: int = 1_00, payer: int = 1) -> RiskDecision:
    subject = Subject(
        uuid.uuid4(), uuid.UUID(int=payer), uuid.UUID(int=99), None, amount_minor, "CNY"
    )
    return score_payment(subject=subject, paid_at=clock.now(), zone="Asia/Shanghai")


def test_a_published_draft_judges_and_another_draft_of_the_version_is_refused() -> None:
    draft = draft_risk_rules(DRAFT)
    drafts.publish_rule_set(draft_id=draft.id, approved_by=["bob", "carl"])
    assert queries.rules_in_force().version == DRAFT
    assert score().reasons == ["never"]
    with pytest.raises(drafts.VersionTaken):
        draft_risk_rules(DRAFT)
    with pytest.raises(drafts.DraftPublished):
        drafts.publish_rule_set(draft_id=draft.id, approved_by=["bob", "carl"])


@pytest.mark.parametrize("version", ["2026-01", "2026-02"])
def test_a_bundled_version_is_taken(version: str) -> None:
    with pytest.raises(drafts.VersionTaken):
        draft_risk_rules(version)


def test_a_draft_with_a_rule_that_may_not_be_one_is_not_stored() -> None:
    with pytest.raises(rules.RuleNotAllowed):
        draft_risk_rules(DRAFT, when='health_colour == "red"')
    content = {**one_rule("REVIEW"), "model": "nobody-trained"}
    with pytest.raises(drafts.VersionInvalid):
        drafts.draft_rule_set(version=DRAFT, content=content, author="ann")


def test_the_shadow_report_changes_when_an_analyst_labels_a_case() -> None:
    draft_risk_rules(DRAFT, when="amount_minor >= 5000")
    current.forget()
    assert score(1_00).decision == "ACCEPT"
    risky = score(300_000_00)
    assert ShadowVerdict.objects.count() == 2
    before = reports.shadow_report(DRAFT)
    assert (before.decisions, before.alerts_after, before.labelled) == (2, 1, 0)
    RiskDecision.objects.filter(id=risky.id).update(case=make_risk_case())
    resolve_case(
        case_id=RiskCase.objects.get().id,
        outcome=CaseOutcome.CONFIRMED_RISK,
        reason="stolen wallet",
        actor="operator:ann",
    )
    after = reports.shadow_report(DRAFT)
    assert (after.labelled, after.caught_before, after.caught_after) == (1, 0, 1)
    assert after.facts() != before.facts()


def test_a_backtest_judges_stored_movements_with_the_history_they_had() -> None:
    for _ in range(4):
        score(20_00)
        later(minutes=1)
    draft = draft_risk_rules(DRAFT, when="payer_payments_1h >= 2")
    compared = reports.backtest(
        current.loaded(draft),
        since=clock.now() - timedelta(hours=1),
        until=clock.now(),
        model=None,
    )
    assert (compared.decisions, compared.alerts_before, compared.alerts_after) == (4, 0, 2)
    assert compared.changes == {"ACCEPT → REVIEW": 2}


def test_of_a_longer_history_a_backtest_reads_the_newest_and_says_from_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reports, "BACKTEST_MAXIMUM", 2)
    for _ in range(3):
        score(20_00)
        later(minutes=1)
    since = clock.now() - timedelta(hours=1)
    compared = reports.backtest(
        queries.rules_in_force(), since=since, until=clock.now(), model=None
    )
    oldest = RiskDecision.objects.earliest("decided_at").decided_at
    assert (compared.decisions, compared.cut_at) == (2, oldest)
    assert compared.facts()["history read from"] == oldest.isoformat()


def test_a_backtest_is_made_by_command_and_from_the_rule_sets_page() -> None:
    for _ in range(4):
        score(20_00)
        later(minutes=1)
    draft = draft_risk_rules(DRAFT, when="payer_payments_1h >= 2")
    out = io.StringIO()
    call_command("risk_backtest", rules=DRAFT, days=1, stdout=out)
    summary = json.loads(out.getvalue())
    assert (summary["rule_set"], summary["degraded"]) == (DRAFT, ["model"])
    assert summary["alerts, in force → this"] == "0 → 2"
    with pytest.raises(CommandError):
        call_command("risk_backtest", rules="2099-01", stdout=out)
    client = Client()
    client.force_login(make_operator("looker", superuser=True))
    path = f"/admin/risk/riskruleset/{draft.id}/backtest/"
    asked = client.post(path, {"days": "1"})
    assert asked["Location"] == f"{path}?days=1"
    assert "0 → 2" in client.get(asked["Location"]).content.decode()
    assert "0 → 2" not in client.get(f"{path}?days=1e9").content.decode()


def test_drift_is_nothing_on_the_same_values_and_large_on_others() -> None:
    edges, shares = [10.0, 20.0], [0.4, 0.3, 0.3]
    reference = {"amount_minor": {"edges": edges, "shares": shares}}
    same = [5] * 40 + [15] * 30 + [25] * 30
    seen: list[dict[str, int | str]] = [
        {"amount_minor": value, "movement": "CODE"} for value in same
    ]
    assert reports.drift_of(reference, seen)["amount_minor"] == 0
    moved: list[dict[str, int | str]] = [{"amount_minor": 25, "movement": "CODE"}] * 100
    assert reports.drift_of(reference, moved)["amount_minor"] > 0.25


def test_a_stored_model_without_its_library_leaves_the_rules_alone_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wallet.risk.rules.scoring.library", lambda: None)
    RiskModel.objects.create(version="m1", text="tree", threshold=0.5)
    content = {**one_rule("REVIEW", stage="AFTER", when="model_score >= 0.9"), "model": "m1"}
    draft = drafts.draft_rule_set(version=DRAFT, content=content, author="ann")
    drafts.publish_rule_set(draft_id=draft.id, approved_by=["bob", "carl"])
    decision = score(900_000_00)
    assert (decision.decision, decision.degraded) == ("ACCEPT", ["model"])


def test_one_thing_is_on_one_list_and_comes_off_it() -> None:
    block = {"listed": ListedKind.PAYEE, "subject_id": uuid.uuid4(), "reason": "fraud",
             "actor": "operator:ann"}  # fmt: skip
    entry = list_subject(kind=ListKind.BLOCK, **block)  # type: ignore[arg-type]
    assert list_subject(kind=ListKind.BLOCK, **block).id == entry.id  # type: ignore[arg-type]
    with pytest.raises(ListedAlready):
        list_subject(kind=ListKind.ALLOW, **block)  # type: ignore[arg-type]
    assert current.in_force().list_of(ListedKind.PAYEE, entry.subject_id) == "block"
    unlist(entry_id=entry.id, actor="operator:bob", reason="a mix-up")
    assert current.in_force().list_of(ListedKind.PAYEE, entry.subject_id) == "none"


def test_a_block_that_has_ended_does_not_stand_in_the_way_of_a_new_one() -> None:
    payee = uuid.uuid4()
    block = partial(
        list_subject,
        listed=ListedKind.PAYEE,
        subject_id=payee,
        kind=ListKind.BLOCK,
        reason="fraud",
        actor="operator:ann",
    )
    first = block(ends_at=clock.now() + timedelta(days=1))
    advance(days=2)
    assert current.in_force().list_of(ListedKind.PAYEE, payee) == "none"
    second = block()
    assert second.id != first.id
    assert current.in_force().list_of(ListedKind.PAYEE, payee) == "block"


def test_full_lists_refuse_an_entry_rather_than_leave_one_out_of_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wallet.risk.usecases.list_subject.LISTED_MAXIMUM", 1)
    block = partial(
        list_subject,
        listed=ListedKind.PAYEE,
        kind=ListKind.BLOCK,
        reason="fraud",
        actor="operator:ann",
    )
    first = block(subject_id=uuid.uuid4())
    with pytest.raises(ListsFull):
        block(subject_id=uuid.uuid4())
    assert list(current.standing()) == [first]


def test_who_is_not_paid_out_has_nothing_to_hold() -> None:
    with pytest.raises(NotPaidOut):
        hold_payouts(case_id=make_risk_case().id, actor="operator:ann")


def test_a_case_is_put_aside_for_thirty_days_at_most() -> None:
    case = make_risk_case()
    why = {"reason": "waits for the bank", "actor": "operator:ann"}
    with pytest.raises(SnoozeOutOfRange):
        snooze_case(case_id=case.id, until=clock.now() + timedelta(days=31), **why)
    snoozed = snooze_case(case_id=case.id, until=clock.now() + timedelta(days=3), **why)
    assert snoozed.snoozed_until is not None


def test_a_case_of_a_payment_has_a_deadline() -> None:
    shop, phone = Shop(), make_phone()
    for _ in range(6):
        pay(shop, phone.code(), amount_minor=1_00)
    case = RiskCase.objects.get()
    assert case.due_at is not None
    assert case.due_at - case.opened_at == timedelta(hours=24)
    assert json.dumps(case.decisions.get().features)
