"""A case that nobody resolves in time calls operators, once."""

from datetime import timedelta

import pytest

from config.kernel import clock
from config.kernel.alarms import readers
from config.kernel.alarms.models import Alarm
from config.kernel.timetable import run_due
from tests.factories.operators import make_operator
from tests.factories.risk import make_risk_case
from wallet.risk.models import RiskCase
from wallet.risk.usecases.flag_overdue_cases import OVERDUE, flag_overdue_cases, next_overdue

pytestmark = pytest.mark.django_db


def late_case() -> RiskCase:
    case = make_risk_case()
    RiskCase.objects.filter(id=case.id).update(due_at=clock.now() - timedelta(minutes=1))
    return case


def test_an_overdue_case_raises_one_alarm_however_often_the_job_runs() -> None:
    case = late_case()
    for _ in range(2):
        run_due(clock.now())
    assert Alarm.objects.get(kind=OVERDUE).facts["case"] == str(case.id)
    assert next_overdue() is None


def test_a_case_in_time_and_a_resolved_one_raise_none() -> None:
    case = make_risk_case()
    RiskCase.objects.filter(id=case.id).update(due_at=clock.now() + timedelta(hours=1))
    assert flag_overdue_cases(now=clock.now()) == 0
    assert next_overdue() is not None
    RiskCase.objects.filter(id=case.id).update(
        state="RESOLVED", outcome="FALSE_POSITIVE", reason="a busy stall", resolved_at=clock.now(),
        due_at=clock.now() - timedelta(hours=1),
    )  # fmt: skip
    assert flag_overdue_cases(now=clock.now()) == 0


def test_only_who_works_on_cases_sees_the_alarm() -> None:
    late_case()
    flag_overdue_cases(now=clock.now())
    assert readers.visible_to(make_operator("ann", "risk.view_riskcase")).exists()
    assert not readers.visible_to(make_operator("sue", "accounts.view_walletuser")).exists()
