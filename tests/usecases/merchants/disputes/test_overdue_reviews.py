"""A dispute that waits for the operators longer than seven days calls them, once a review."""

import pytest

from config.kernel import clock, timetable
from config.kernel.alarms.models import Alarm
from merchants.disputes.models import Dispute
from merchants.disputes.usecases.answer_dispute import (
    appeal_dispute,
    challenge_dispute,
    decide_dispute,
)
from merchants.disputes.usecases.watch_reviews import watch_reviews
from tests.factories.clock import advance
from tests.factories.disputes import make_dispute

pytestmark = pytest.mark.django_db


@pytest.fixture
def challenged() -> Dispute:
    row = make_dispute()
    return challenge_dispute(dispute_id=row.id, finding="It was served.", actor="user:shop")


def alarms() -> list[str]:
    rows = Alarm.objects.filter(kind="dispute_review_overdue").order_by("id")
    return [alarm.facts["payment"] for alarm in rows]


def wait(**span: int) -> None:
    advance(**span)
    timetable.run_due(clock.now())


def test_seven_days_without_a_decision_alarm_once(challenged: Dispute) -> None:
    wait(days=7, minutes=-1)
    assert alarms() == []
    wait(minutes=1)
    wait(days=3)
    watch_reviews(now=clock.now())
    assert alarms() == [challenged.payment_number]


def test_what_is_decided_in_time_alarms_nobody(challenged: Dispute) -> None:
    wait(days=6)
    decide(challenged)
    wait(days=3)
    assert alarms() == []


def test_an_appeal_has_seven_days_of_its_own(challenged: Dispute) -> None:
    wait(days=8)
    decide(challenged)
    appeal_dispute(dispute_id=challenged.id, actor="user:buyer")
    wait(days=6)
    assert len(alarms()) == 1
    wait(days=2)
    assert len(alarms()) == 2


def decide(row: Dispute) -> None:
    decide_dispute(dispute_id=row.id, for_buyer=False, finding="seen", actor="operator:a")
