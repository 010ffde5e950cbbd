"""Rule sets per region, their shadow, their retirement, and the past replayed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from healthcode.decisions import queries
from healthcode.decisions.models import Decision, Head
from healthcode.decisions.usecases.shadow_run import shadow_run
from healthcode.evidence.values import EvidenceKind
from healthcode.passes import lists
from healthcode.rules import library, publication
from healthcode.rules.models import RuleSetVersion
from healthcode.rules.templates import expanded
from tests.factories.health import Person, later, make_person, settle
from tests.factories.operators import make_maker
from tests.factories.rule_sets import checkers, content

pytestmark = pytest.mark.django_db(transaction=True)


def published(version: str, region: str, days: int = 3) -> RuleSetVersion:
    """A set that is in force for a region now."""
    draft = publication.draft_rule_set(
        content={**content(version, days), "region": region}, author="author"
    )
    RuleSetVersion.objects.filter(id=draft.id).update(
        valid_from=clock.now() - timedelta(days=1), approved_by=["carl", "cleo"]
    )
    return draft


def test_the_smallest_area_around_a_person_counts() -> None:
    for version, region in (
        ("county", "330106"), ("city", "330100"), ("province", "330000"), ("country", "000000"),
    ):  # fmt: skip
        published(version, region)
    found = {
        region: publication.in_force(at=clock.now(), region=region).version
        for region in ("330106", "330102", "330200", "420100")
    }
    assert found == {
        "330106": "county", "330102": "city", "330200": "province", "420100": "country",
    }  # fmt: skip


def test_people_are_judged_by_the_rules_of_their_region() -> None:
    published("wuhan", "420100")
    person = make_person()
    assert Head.objects.get().decision.rule_set == "hangzhou-2020-02"
    native = Person()
    native.declare(region="420102")
    assert Head.objects.get(subject_id=native.subject_id).decision.rule_set == "wuhan"
    assert queries.replay(native.subject_id, at=clock.now()).rule_set == "wuhan"
    assert queries.replay(person.subject_id, at=clock.now()).rule_set == "hangzhou-2020-02"


def test_a_draft_runs_in_the_shadow_and_its_report_names_nobody() -> None:
    person = make_person()
    make_person().evidence(EvidenceKind.NAAT, result="positive")
    settle()
    later(days=5)
    draft = publication.draft_rule_set(content=content(days=3), author="author")
    settle()
    report = RuleSetVersion.objects.get(id=draft.id).shadow
    assert report is not None
    assert (report["people"], report["failing"]) == (2, [])
    assert report["changes"] == {"GREEN to UNKNOWN": 1}
    assert report["reds_by_rule"] == {"t-red-positive": 1}
    assert str(person.subject_id) not in json.dumps(report)
    assert Decision.objects.filter(rule_set=draft.version).count() == 0


def test_nobody_is_asked_to_approve_rules_without_a_shadow_run() -> None:
    make_person()
    draft = publication.draft_rule_set(content=content(), author="author")
    maker = make_maker("author", "health.publish_rules")
    moment = clock.now() + timedelta(hours=50)
    asked = {
        "action": "health.publish_rules", "reason": "order seven of May", "maker": maker,
        "parameters": {"draft": str(draft.id), "valid_from": moment.isoformat()},
    }  # fmt: skip
    with pytest.raises(publication.ShadowMissing):
        request_approval(**asked)  # type: ignore[arg-type]
    shadow_run(draft_id=draft.id)
    request = request_approval(**asked)  # type: ignore[arg-type]
    assert request.effect["rules that fail"] == "none"


def test_a_retired_set_leaves_the_trust_list_and_everybody_is_judged_anew() -> None:
    person = make_person()
    published("strict-2026", "330100")
    person.declare(key="again")
    assert Head.objects.get().decision.rule_set == "strict-2026"
    assert "strict-2026" in lists.trust_list(at=clock.now())["rule_sets"]
    before = clock.now()
    maker = make_maker("author", "health.retire_rules")
    request = request_approval(
        action="health.retire_rules", parameters={"version": "strict-2026"},
        reason="a rule was wrong", maker=maker,
    )  # fmt: skip
    for checker in checkers():
        approve_request(request_id=request.id, checker=checker)
    settle()
    later(seconds=1)
    assert Head.objects.get().decision.rule_set == "hangzhou-2020-02"
    assert lists.trust_list(at=clock.now())["rule_sets"] == ["hangzhou-2020-02"]
    assert publication.in_force(at=before).version == "strict-2026"
    with pytest.raises(publication.DraftUnknown):
        publication.retire_rule_set(version="none", approved_by=[], maker="mia")


def test_passes_of_the_rules_before_are_accepted_for_a_day() -> None:
    published("first", "000000")
    day = timedelta(days=1)
    assert publication.accepted(at=clock.now(), within=2 * day) == ["first", "hangzhou-2020-02"]
    assert publication.accepted(at=clock.now(), within=day / 2) == ["first"]


def test_only_the_latest_of_a_regions_long_standing_sets_counts() -> None:
    long_ago = clock.now() - timedelta(days=9)
    first, second = (published(name, "330100") for name in ("first", "second"))
    RuleSetVersion.objects.filter(id=first.id).update(valid_from=long_ago)
    RuleSetVersion.objects.filter(id=second.id).update(valid_from=long_ago + timedelta(days=1))
    found = publication.accepted(at=clock.now(), within=timedelta(days=1))
    assert found == ["second", "hangzhou-2020-02"]


def test_what_is_no_duration_stays_and_bottomless_rules_end() -> None:
    deep: Any = "isolation"
    for _ in range(200):
        deep = [deep]
    unknown = {"duration": "quarantine"}
    written = {"durations": {"isolation": 7}, "rules": [{"logic": {"and": [unknown, deep]}}, "x"]}
    [rule, other] = expanded(written)["rules"]
    assert rule["logic"]["and"][0] == unknown
    assert other == "x"


def test_durations_and_or_are_written_out_before_anybody_reads() -> None:
    stay = {"plusTime": [{"var": "clock"}, "isolation", "day"]}
    logic = {"or": [{"var": "contact"}, {">=": [{"var": "clean.days"}, {"duration": "isolation"}]}]}
    written = {
        "durations": {"isolation": 7},
        "rules": [{"id": "r", "logic": logic, "until": [stay]}],
    }
    [rule] = expanded(written)["rules"]
    assert rule["until"] == [{"plusTime": [{"var": "clock"}, 7, "day"]}]
    assert rule["logic"] == {
        "!": [{"and": [{"!": [{"var": "contact"}]}, {"!": [{">=": [{"var": "clean.days"}, 7]}]}]}]
    }
    shipped = json.loads((library._FOLDER / "teaching.json").read_text(encoding="utf-8"))
    assert expanded(shipped) == shipped


def test_every_decision_that_is_kept_comes_out_the_same_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    person = make_person(symptoms=["cough"])
    later(days=2)
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    call_command("replay_health")
    counts: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (counts["other"], counts["same"]) == (0, Decision.objects.count())
    first = Decision.objects.order_by("seq")[0]
    call_command("replay_health", subject=person.subject_id, at=first.computed_at)
    assert json.loads(capsys.readouterr().out)["colour"] == "YELLOW"


def test_a_decision_that_does_not_follow_is_found() -> None:
    make_person()
    row = Decision.objects.get()
    forged = Decision(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
    forged.id, forged.seq, forged.colour = None, 2, "RED"
    forged.save(force_insert=True)
    with pytest.raises(CommandError):
        call_command("replay_health")
