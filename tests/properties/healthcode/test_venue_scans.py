"""Whatever anybody does with a photograph of a venue's code, nobody turns red by it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthcode.decisions.models import Decision
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import Trigger
from healthcode.evidence.models import Evidence
from healthcode.rules.values import Colour
from healthcode.subjects.models import Subject
from healthcode.verification.models import CheckIn
from healthcode.verification.queries import code_of
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.values import Direction, Method
from tests.factories.health import later, make_gate, make_person, settle

STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(list(Direction)),
        st.sampled_from([Method.SELF, Method.COMPANION]),
        st.integers(0, 60),
    ),
    max_size=6,
)


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, sick=st.booleans(), region=st.sampled_from(["330100", "410100"]))
@pytest.mark.slow
def test_no_scan_of_a_venues_code_turns_anybody_red(
    steps: list[Any], sick: bool, region: str
) -> None:
    walls = [code_of(make_gate(name).venue) for name in ("Bank", "Square")]
    person, other = make_person(), make_person()
    Subject.objects.update(region=region)
    before = Evidence.objects.count()
    for place, direction, method, minutes in steps:
        check_in_at_venue(
            subject=person.subject, venue_code=walls[place], direction=direction, method=method
        )
        if sick:
            check_in_at_venue(subject=other.subject, venue_code=walls[place], direction=direction)
        later(minutes=minutes)
    settle()
    decision = decide_colour(subject_id=person.subject_id, trigger=Trigger.REQUEST)
    assert decision.colour != Colour.RED
    assert not Decision.objects.filter(colour=Colour.RED).exists()
    assert Evidence.objects.count() == before
    assert not CheckIn.objects.exclude(presence="CLAIMED").exists()
