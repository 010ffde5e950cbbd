"""Rule sets: drafted sound, approved by two others, in force after notice."""

from datetime import UTC, timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import SelfApproval
from config.kernel.outbox.models import OutboxEvent
from healthcode.decisions.cards import reasons_in_words
from healthcode.decisions.models import Head
from healthcode.decisions.queries import replay, rule_set_in_force
from healthcode.decisions.usecases.shadow_run import shadow_run
from healthcode.rules import library, publication
from healthcode.rules.models import RuleSetVersion
from tests.factories.health import later, make_person, settle
from tests.factories.operators import make_maker
from tests.factories.rule_sets import checkers, content

pytestmark = pytest.mark.django_db(transaction=True)


def ask(draft: RuleSetVersion, hours: float = 49) -> Any:
    if not Head.objects.exists():
        make_person()
    shadow_run(draft_id=draft.id)
    moment = clock.now() + timedelta(hours=hours)
    return request_approval(
        action="health.publish_rules",
        parameters={"draft": str(draft.id), "valid_from": moment.isoformat()},
        reason="the ministry's order 7",
        maker=make_maker("author", "health.publish_rules", "health.retire_rules"),
    )


def test_two_others_publish_a_rule_set_and_everybody_is_judged_by_it_after_notice() -> None:
    person = make_person()
    first = Head.objects.get().decision
    draft = publication.draft_rule_set(content=content(), author="author")
    request = ask(draft)
    for checker in checkers():
        assert RuleSetVersion.objects.get().valid_from is None
        approve_request(request_id=request.id, checker=checker)
    settle()
    assert RuleSetVersion.objects.get().approved_by == ["carl", "cleo"]
    assert rule_set_in_force().version == "hangzhou-2020-02"
    later(hours=49)
    decision = Head.objects.get().decision
    assert (decision.rule_set, decision.colour, decision.trigger) == (
        "strict-2026",
        "GREEN",
        "TIME",
    )
    assert reasons_in_words(decision.reasons, decision.rule_set)[0]["text"]["fr"]
    later(hours=24)
    assert Head.objects.get().decision.colour == "UNKNOWN"
    replayed = replay(person.subject_id, at=first.computed_at)
    assert (replayed.rule_set, replayed.colour.value) == (first.rule_set, first.colour)


def test_the_author_does_not_approve() -> None:
    draft = publication.draft_rule_set(content=content(), author="author")
    request = ask(draft)
    with pytest.raises(SelfApproval):
        approve_request(request_id=request.id, checker=request.maker)


@pytest.mark.parametrize("hours", [0, 47.9])
def test_rules_need_two_days_notice(hours: float) -> None:
    draft = publication.draft_rule_set(content=content(), author="author")
    with pytest.raises(publication.TooSoon):
        ask(draft, hours)


def test_a_published_draft_is_not_published_again() -> None:
    draft = publication.draft_rule_set(content=content(), author="author")
    request = ask(draft)
    for checker in checkers():
        approve_request(request_id=request.id, checker=checker)
    with pytest.raises(publication.PublishedAlready):
        request_approval(
            action="health.publish_rules",
            parameters={
                "draft": str(draft.id),
                "valid_from": (clock.now() + timedelta(days=9)).isoformat(),
            },
            reason="the ministry's order 8",
            maker=request.maker,
        )


def test_a_shadow_run_over_nobody_is_none() -> None:
    draft = publication.draft_rule_set(content=content(), author="author")
    assert shadow_run(draft_id=draft.id)["people"] == 0
    draft.refresh_from_db()
    with pytest.raises(publication.ShadowMissing):
        publication.check_shadow(draft)
    make_person()
    assert shadow_run(draft_id=draft.id)["people"] == 1
    draft.refresh_from_db()
    assert publication.check_shadow(draft)["people"] == 1


def test_rules_of_a_region_without_people_are_tried_on_everybody() -> None:
    make_person()
    draft = publication.draft_rule_set(content={**content(), "region": "650100"}, author="author")
    assert shadow_run(draft_id=draft.id)["people"] == 1


def test_a_version_is_written_once() -> None:
    first = publication.draft_rule_set(content=content(), author="author")
    assert publication.draft_rule_set(content=content(), author="other").id == first.id
    with pytest.raises(publication.VersionTaken):
        publication.draft_rule_set(content=content(days=5), author="author")
    with pytest.raises(publication.VersionTaken):
        publication.draft_rule_set(content=content("hangzhou-2020-02"), author="author")
    with pytest.raises(library.RuleSetUnsound):
        publication.draft_rule_set(content={}, author="author")


@pytest.mark.parametrize(
    "parameters",
    [
        {"draft": "x", "valid_from": "2030-01-01"},
        {"draft": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_what_is_no_draft_is_not_published(parameters: dict[str, str]) -> None:
    maker = make_maker("author", "health.publish_rules", "health.retire_rules")
    with pytest.raises(publication.DraftUnknown):
        request_approval(
            action="health.publish_rules", parameters=parameters, reason="order seven", maker=maker
        )


def test_publishing_twice_is_publishing_once() -> None:
    draft = publication.draft_rule_set(content=content(), author="author")
    moments = [clock.now() + timedelta(days=days) for days in (3, 4)]
    for moment in moments:
        publication.publish_rule_set(draft_id=draft.id, valid_from=moment, approved_by=["carl"])
    assert RuleSetVersion.objects.get().valid_from == moments[0]
    assert publication.of_version("never heard of") is None


@pytest.mark.parametrize(
    ("action", "parameters", "refusal"),
    [
        ("health.publish_rules", {"valid_from": "soon"}, publication.TooSoon),
        ("health.retire_rules", {"version": "never heard of"}, publication.DraftUnknown),
        ("health.retire_rules", {}, publication.DraftUnknown),
    ],
)
def test_what_names_no_time_or_no_set_is_not_put_to_a_vote(
    action: str, parameters: dict[str, str], refusal: type[Exception]
) -> None:
    draft = publication.draft_rule_set(content=content(), author="author")
    shadow_run(draft_id=draft.id)
    if "valid_from" in parameters:
        parameters = {**parameters, "draft": str(draft.id)}
    maker = make_maker("author", "health.publish_rules", "health.retire_rules")
    with pytest.raises(refusal):
        request_approval(action=action, parameters=parameters, reason="order seven", maker=maker)


def test_a_time_without_a_zone_is_universal_time() -> None:
    make_person()
    draft = publication.draft_rule_set(content=content(), author="author")
    shadow_run(draft_id=draft.id)
    moment = (clock.now() + timedelta(hours=49)).astimezone(UTC).replace(tzinfo=None)
    request = request_approval(
        action="health.publish_rules",
        parameters={"draft": str(draft.id), "valid_from": moment.isoformat()},
        reason="order seven",
        maker=make_maker("author", "health.publish_rules", "health.retire_rules"),
    )
    for checker in checkers():
        approve_request(request_id=request.id, checker=checker)
    assert RuleSetVersion.objects.get().valid_from == moment.replace(tzinfo=UTC)


def test_retiring_twice_is_retiring_once() -> None:
    draft = publication.draft_rule_set(content=content(), author="author")
    RuleSetVersion.objects.filter(id=draft.id).update(valid_from=clock.now(), approved_by=["carl"])
    for _ in range(2):
        retired = publication.retire_rule_set(
            version=draft.version, approved_by=["carl"], maker="mia"
        )
        later(hours=1)
    assert str(retired) == draft.version
    assert OutboxEvent.objects.filter(topic=publication.PUBLISHED).count() == 1
