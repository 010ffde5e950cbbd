"""Property: what is stored of a person gives the colour that was decided, in whatever order."""

import random
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from healthcode.decisions.models import Decision
from healthcode.decisions.outcome import reason_members
from healthcode.decisions.queries import replay_decision
from healthcode.evidence.queries import items_of
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.rules import publication
from healthcode.rules.assess import colour
from tests.factories.health import later, make_person, settle

pytestmark = pytest.mark.django_db(transaction=True)
STORIES: tuple[tuple[EvidenceKind, Source, dict[str, Any]], ...] = (
    (EvidenceKind.VENUE_OVERLAP, Source.TRACING, {"minutes": 20}),
    (EvidenceKind.NAAT, Source.LABORATORY, {"result": "positive", "status": "preliminary"}),
    (EvidenceKind.NAAT, Source.LABORATORY, {"result": "positive", "status": "final"}),
    (EvidenceKind.ANTIGEN, Source.LABORATORY, {"result": "negative", "status": "final"}),
    (EvidenceKind.CONTACT, Source.AUTHORITY, {}),
    (EvidenceKind.AREA_STAY, Source.AUTHORITY, {"level": "high"}),
    (EvidenceKind.DAILY_CHECKIN, Source.SELF, {"temperature_tenths": 366}),
)


@pytest.mark.parametrize("seed", [0, 2])
def test_a_colour_recomputed_from_stored_evidence_in_any_order_is_the_one_decided(
    seed: int,
) -> None:
    chance = random.Random(seed)
    person = make_person()
    for kind, source, payload in chance.sample(STORIES, 5):
        later(minutes=chance.randint(1, 90))
        person.evidence(kind, source, **payload)
        settle()
    decided = list(Decision.objects.filter(subject_id=person.subject_id).order_by("seq"))
    assert len(decided) > 2
    for decision in decided:
        assert replay_decision(decision)
        rule_set = publication.of_version(decision.rule_set)
        assert rule_set is not None
        items = items_of(person.subject_id, at=decision.computed_at)
        for _ in range(5):
            chance.shuffle(items)
            found = colour(items, rule_set, at=decision.computed_at)
            told = (found.colour.value, [reason_members(one) for one in found.reasons])
            assert told == (decision.colour, decision.reasons)
        # What was said later changes nothing of what was decided before.
        known_now = items_of(person.subject_id, at=clock.now() + timedelta(days=1))
        assert colour(known_now, rule_set, at=decision.computed_at).colour.value == decision.colour
