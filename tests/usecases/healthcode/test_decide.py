"""Decisions: chained, replayable, told, kept when a rule fails, and never set alone."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.kernel import clock
from config.kernel.append_only import PREFIX, install
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import CheckerLacksRole, MakerLacksRole, SelfApproval
from config.kernel.audit.models import AuditEvent
from healthcode.decisions import chain, queries, rules
from healthcode.decisions.models import Alarm, Decision, Head, Notice, Override
from healthcode.decisions.rules import OVERRIDES_A_DAY, OverrideRefused
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.usecases.report_health import declare_health
from healthcode.decisions.values import Trigger
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.record_evidence import retract_evidence
from healthcode.evidence.values import EvidenceItem, EvidenceKind, Source
from healthcode.rules import library, publication
from healthcode.rules.values import Colour, Rule, RuleSet
from tests.factories.health import Person, later, make_person, settle
from tests.factories.operators import make_checker, make_maker, make_operator
from tests.factories.overrides import NAAT, grounds, override

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def person() -> Person:
    """Somebody green."""
    return make_person()


def decide(person: Person, trigger: Trigger = Trigger.REQUEST) -> Decision:
    return decide_colour(subject_id=person.subject_id, trigger=trigger)


def test_evidence_of_a_laboratory_recolours_through_the_outbox(person: Person) -> None:
    person.evidence(NAAT, result="positive")
    settle()
    decision = Head.objects.get().decision
    assert (decision.colour, decision.trigger) == ("RED", "EVIDENCE")
    assert Notice.objects.first().facts == {"before": "GREEN", "after": "RED"}  # type: ignore[union-attr]


def test_a_withdrawn_report_gives_the_colour_back(person: Person) -> None:
    report = person.evidence(NAAT, result="positive")
    settle()
    for _ in range(2):
        retract_evidence(evidence_id=report.id, reason="mixed up at the laboratory")
    settle()
    assert [row.colour for row in Decision.objects.order_by("seq")] == ["GREEN", "RED", "GREEN"]


def test_the_same_report_twice_is_one_piece_of_evidence(person: Person) -> None:
    first = person.evidence(NAAT, result="negative")
    Evidence.objects.get(source="laboratory", source_ref=first.source_ref)
    settle()
    decided = Decision.objects.count()
    for _ in range(3):
        decide(person)
    assert Decision.objects.count() == decided


def test_any_past_day_can_be_replayed(person: Person) -> None:
    moments = []
    for result in ("positive", "negative", "positive"):
        later(days=1)
        person.evidence(NAAT, result=result)
        settle()
        moments.append(Head.objects.get().decision)
    for decision in moments:
        replayed = queries.replay(person.subject_id, at=decision.computed_at)
        assert replayed.colour.value == decision.colour
        assert [reason.rule for reason in replayed.reasons] == [
            reason["rule"] for reason in decision.reasons
        ]


def test_a_colour_ends_by_itself_and_is_decided_anew(person: Person) -> None:
    later(days=14)
    decision = Head.objects.get().decision
    assert (decision.colour, decision.trigger) == ("UNKNOWN", "TIME")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule set whose one rule fails."""
    rule = Rule("bad", 1, Colour.GREEN, {"+": ["one", 1]}, (), (), (), {}, {})
    broken = RuleSet("broken", {}, "", (rule,), "hash of broken")
    monkeypatch.setattr(publication, "in_force", lambda **_: broken)


def test_a_rule_set_that_fails_for_everybody_raises_one_alarm_an_hour(broken: None) -> None:
    for _ in range(3):
        make_person()
    assert Alarm.objects.count() == 1


def test_a_failing_rule_keeps_the_colour_and_raises_an_alarm(person: Person, broken: None) -> None:
    decision = decide(person)
    assert (decision.colour, decision.indeterminate) == ("GREEN", True)
    assert Alarm.objects.get().kind == "RULE_FAILED"


def test_a_failing_rule_makes_nobody_green(broken: None) -> None:
    assert make_person().declare().colour == "UNKNOWN"


@pytest.mark.parametrize("table", ["health_decision", "health_evidence"])
def test_the_database_refuses_to_change_what_was_decided_or_known(
    person: Person, table: str
) -> None:
    column = "colour" if table == "health_decision" else "kind"
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'RED'")


def forge(*statements: str) -> None:
    """Change decisions as somebody with the database's own keys could."""
    on = "" if connection.vendor == "sqlite" else " ON health_decision"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER health_decision_append_only{on}")
        kept = f"{PREFIX}_update_health_decision" if not on else f"{PREFIX}_update"
        cursor.execute(f"DROP TRIGGER IF EXISTS {kept}{on}")
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def restored() -> Any:
    """Put the trigger back after a test that took it away."""
    yield
    if connection.vendor == "sqlite":
        text = (
            "CREATE TRIGGER health_decision_append_only BEFORE UPDATE ON health_decision "
            "BEGIN SELECT RAISE(ABORT, 'health_decision is append-only'); END"
        )
    else:
        text = (
            "CREATE TRIGGER health_decision_append_only BEFORE UPDATE ON health_decision "
            "FOR EACH ROW EXECUTE FUNCTION health_decision_refuse_change()"
        )
    with connection.cursor() as cursor:
        cursor.execute(text)
    install(apps.get_app_config("health_decisions"), using="default")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE health_decision SET colour = 'GREEN' WHERE seq = 2", "was edited"),
        ("UPDATE health_decision SET seq = 7 WHERE seq = 2", "is gone"),
        ("UPDATE health_decision SET prev_hash = 'x' WHERE seq = 2", "does not follow"),
        ("UPDATE health_decision SET prev_hash = 'x' WHERE seq = 1", "follows something"),
    ],
)
def test_the_chain_shows_what_was_edited_or_reordered(
    person: Person, restored: None, statement: str, said: str
) -> None:
    for result in ("positive", "negative"):
        person.evidence(NAAT, result=result)
        settle()
        later(seconds=1)
    assert chain.verify_chains().breaks == []
    forge(statement)
    assert any(said in found for found in chain.verify_chains().breaks)


def test_the_chain_shows_what_was_removed(person: Person) -> None:
    report = person.evidence(NAAT, result="positive")
    settle()
    retract_evidence(evidence_id=report.id, reason="mixed up")
    settle()
    Decision.objects.filter(seq=2).delete()
    assert any("is gone" in found for found in chain.verify_chains().breaks)


def test_the_chain_shows_that_its_end_was_cut_off(person: Person) -> None:
    person.evidence(NAAT, result="positive")
    settle()
    first = make_person()
    Head.objects.filter(subject_id=first.subject_id).update(
        decision=Decision.objects.get(subject_id=person.subject_id, seq=1)
    )
    assert any("ends before its head" in found for found in chain.verify_chains().breaks)


# ---- by hand ------------------------------------------------------------------------------


def clear(person: Person) -> None:
    """A final result that makes up for the first reading."""
    later(minutes=5)
    person.evidence(NAAT, result="negative")
    settle()


def ask(person: Person, maker: Any, **changes: Any) -> Any:
    parameters = {
        "subject": str(person.subject_id),
        "colour": "RED",
        "reason_code": "OUTBREAK_ORDER",
        "hours": 24,
        "legal_basis": "Order 12 of the county's health bureau",
        "evidence": [str(grounds(person).id)],
        **changes,
    }
    return request_approval(
        action="health.recolour", parameters=parameters, reason="the hospital called", maker=maker
    )


def operators() -> tuple[Any, Any]:
    return make_maker("mia", "health.recolour"), make_checker("carl", "health.recolour")


def test_two_people_set_a_colour_for_a_while_and_the_person_is_told(person: Person) -> None:
    mia, carl = operators()
    request = ask(person, mia)
    with pytest.raises(SelfApproval):
        approve_request(request_id=request.id, checker=mia)
    approve_request(request_id=request.id, checker=carl)
    decision = Head.objects.get().decision
    assert (decision.colour, decision.trigger) == ("RED", "OVERRIDE")
    assert decision.reasons[0]["rule"] == "override:OUTBREAK_ORDER"
    assert {notice.kind for notice in Notice.objects.all()} >= {"OVERRIDE_SET", "COLOUR_CHANGED"}
    assert AuditEvent.objects.filter(action="health.override").exists()
    later(hours=24)
    assert Head.objects.get().decision.colour == "YELLOW"
    assert Notice.objects.filter(kind="OVERRIDE_ENDED").exists()
    reds = queries.reds_by_rule(since=clock.now() - timedelta(days=2))
    assert list(reds) == ["override:OUTBREAK_ORDER"]
    assert queries.colours_now() == {"YELLOW": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"reason_code": "OTHER"},
        {"reason_code": "BANK_DEPOSITOR"},
        {"hours": 73},
        {"hours": 0},
        {"hours": "24"},
        {"hours": True},
        {"colour": "UNKNOWN"},
        {"legal_basis": "because"},
    ],
)
def test_nobody_asks_for_a_colour_without_a_listed_reason_a_basis_and_an_end(
    person: Person, changes: dict[str, Any]
) -> None:
    with pytest.raises(OverrideRefused):
        ask(person, operators()[0], **changes)


def test_a_colour_by_hand_rests_on_evidence_about_that_person(person: Person) -> None:
    foreign = Evidence.objects.get(subject_id=make_person().subject_id)
    said = Evidence.objects.filter(subject_id=person.subject_id)[0]
    negative = person.evidence(NAAT, result="negative")
    mia, _ = operators()
    for evidence in ([], [str(foreign.id)], [str(said.id)], [str(negative.id)]):
        with pytest.raises(OverrideRefused):
            ask(person, mia, evidence=evidence)
    assert not Override.objects.exists()


def test_the_executor_itself_refuses_one_person_as_both(person: Person) -> None:
    with pytest.raises(OverrideRefused):
        override(person, checker="mia")


def test_an_approval_takes_effect_once(person: Person) -> None:
    approval = uuid.uuid4()
    for _ in range(2):
        override(person, approval_id=approval)
    assert Override.objects.count() == 1


def test_many_colours_by_one_operator_raise_an_alarm(person: Person) -> None:
    for _ in range(OVERRIDES_A_DAY + 1):
        override(person)
    assert [alarm.kind for alarm in Alarm.objects.all()] == ["MANY_OVERRIDES"]


@pytest.mark.parametrize("hours", [0, 73])
def test_the_database_knows_that_an_override_ends(person: Person, hours: int) -> None:
    override(person)
    row = Override.objects.get()
    row.id, row.approval_id = uuid.uuid4(), uuid.uuid4()
    row.ends_at = row.starts_at + timedelta(hours=hours)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_knows_that_the_checker_is_another(person: Person) -> None:
    override(person)
    row = Override.objects.get()
    row.id, row.approval_id, row.checker = uuid.uuid4(), uuid.uuid4(), row.maker
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_superuser_has_no_shortcut(person: Person) -> None:
    root = make_operator("root", superuser=True)
    with pytest.raises(MakerLacksRole):
        ask(person, root)
    request = ask(person, operators()[0])
    with pytest.raises(CheckerLacksRole):
        approve_request(request_id=request.id, checker=root)


def test_an_ai_reading_is_yellow_at_most_and_a_final_result_decides(person: Person) -> None:
    person.evidence(NAAT, result="positive", status="preliminary")
    settle()
    assert Head.objects.get().decision.colour == "YELLOW"
    later(hours=1)
    person.evidence(NAAT, Source.LABORATORY, result="negative")
    settle()
    assert Head.objects.get().decision.colour == "GREEN"


READING = {"result": "positive", "status": "preliminary"}


@pytest.mark.parametrize(
    ("reason", "colour", "kind", "payload", "good"),
    [
        ("CONFIRMED_CASE_BY_PHONE", "RED", EvidenceKind.CASE_OPEN, {}, True),
        ("CONFIRMED_CASE_BY_PHONE", "RED", EvidenceKind.CONTACT, {}, False),
        ("OUTBREAK_ORDER", "RED", EvidenceKind.CONTACT, {}, True),
        ("OUTBREAK_ORDER", "RED", EvidenceKind.VACCINATION, {}, False),
        ("OUTBREAK_ORDER", "RED", EvidenceKind.VENUE_OVERLAP, {"minutes": 20}, False),
        ("OUTBREAK_ORDER", "YELLOW", EvidenceKind.VENUE_OVERLAP, {"minutes": 20}, True),
        ("LABORATORY_ERROR", "RED", NAAT, {"result": "negative"}, False),
        ("LABORATORY_ERROR", "RED", NAAT, {"result": "positive"}, True),
        ("OUTBREAK_ORDER", "RED", NAAT, READING, False),
        ("OUTBREAK_ORDER", "YELLOW", NAAT, READING, True),
        ("CONFIRMED_CASE_BY_PHONE", "RED", EvidenceKind.ANTIGEN, READING, False),
        ("LABORATORY_ERROR", "GREEN", NAAT, {"result": "positive"}, True),
        ("CLINICIAN_CLEARED", "RED", NAAT, {"result": "positive"}, False),
        ("OUTBREAK_ORDER", "GREEN", NAAT, {"result": "negative"}, False),
    ],
)
def test_a_colour_by_hand_needs_evidence_of_the_kind_that_its_reason_names(
    reason: str, colour: str, kind: EvidenceKind, payload: dict[str, Any], good: bool
) -> None:
    named = EvidenceItem("e", kind, clock.now(), clock.now(), Source.AUTHORITY, payload)
    if good:
        rules.check_grounds(reason, colour, [named])
        return
    with pytest.raises(OverrideRefused):
        rules.check_grounds(reason, colour, [named])


def test_no_decision_is_stored_without_a_reason(person: Person) -> None:
    row = Decision.objects.get()
    for colour in ("UNKNOWN", "GREEN"):
        row.id, row.seq, row.colour, row.reasons = uuid.uuid4(), row.seq + 1, colour, []
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_a_failing_rule_does_not_hold_back_what_the_others_say(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = ({"plusTime": ["2022-06-01", 200_000, "year"]},)
    advice = Rule("advice", 1, None, True, far, (), (), {}, {})
    bad = Rule("bad", 1, Colour.YELLOW, {"+": ["one", 1]}, (), (), (), {}, {})
    shipped = library.shipped("hangzhou-2020-02")
    for extra in (advice, bad):
        some = RuleSet("some", {}, "", (extra, *shipped.rules), f"some {extra.id}")
        monkeypatch.setattr(publication, "in_force", lambda some=some, **_: some)
        assert decide(person).indeterminate
    person.declare(key="ill", symptoms=["fever"])
    assert Head.objects.get().decision.colour == "YELLOW"
    person.evidence(NAAT, result="positive")
    settle()
    decision = Head.objects.get().decision
    assert (decision.colour, decision.reasons[0]["rule"]) == ("RED", "hz-red-positive")


def test_nobody_is_green_without_a_proven_identity_and_answers(settings: Any) -> None:
    settings.SAOMA_HEALTH_SIMULATED_IDENTITY = False
    assert [reason["rule"] for reason in make_person().declare(key="2").reasons] == [
        "identity-missing"
    ]
    unknown = declare_health(holder_id=uuid.uuid4(), answers={})
    assert (unknown.colour, [reason["rule"] for reason in unknown.reasons]) == (
        "UNKNOWN", ["identity-missing", "answers-missing"],
    )  # fmt: skip
