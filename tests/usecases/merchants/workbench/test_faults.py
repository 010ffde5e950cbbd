"""Faults of the lab: switched on per app, struck as often as asked, audited."""

import pytest
from pytest_django.fixtures import Settings

from config.kernel.audit.models import AuditEvent
from merchants.onboarding.models import App
from merchants.onboarding.queries import AppNotFound
from merchants.workbench import queries
from merchants.workbench.models import FaultSwitch
from merchants.workbench.usecases.sample_faults import plan_call, should_inject
from merchants.workbench.usecases.switch_fault import switch_off_fault, switch_on_fault
from merchants.workbench.values import NO_FAULTS, FaultKind
from tests.factories.merchants import make_app, make_merchant

pytestmark = pytest.mark.django_db
WHO = "user:dev"


@pytest.fixture
def app() -> App:
    """An app with nothing switched on."""
    queries.forget_switches()
    return make_app(make_merchant())


def test_nothing_goes_wrong_unless_it_is_asked_for(app: App) -> None:
    assert plan_call(app.app_number) is NO_FAULTS
    assert not should_inject(app.app_number, FaultKind.DUPLICATE_NOTICE)


def test_strikes_as_often_as_asked_and_is_then_spent(app: App) -> None:
    switch_on_fault(app_number=app.app_number, kind=FaultKind.DROP_ANSWER, times=2, actor=WHO)
    drawn = [plan_call(app.app_number).drop_answer for _ in range(4)]
    assert drawn == [True, True, False, False]


def test_a_switch_is_off_once_it_is_switched_off(app: App) -> None:
    switch_on_fault(app_number=app.app_number, kind=FaultKind.ERROR_AFTER, actor=WHO)
    switch_off_fault(app_number=app.app_number, kind=FaultKind.ERROR_AFTER, actor=WHO)
    switch_off_fault(app_number=app.app_number, kind=FaultKind.ERROR_AFTER, actor=WHO)
    assert plan_call(app.app_number) is NO_FAULTS
    rows = AuditEvent.objects.filter(target=f"app:{app.app_number}").order_by("pk")
    said = rows.values_list("action", flat=True)
    assert [action for action in said if action.startswith("fault.")] == [
        "fault.switched_on",
        "fault.switched_off",
    ]


def test_on_again_begins_anew(app: App) -> None:
    for _ in range(2):
        switch_on_fault(app_number=app.app_number, kind=FaultKind.DROP_ANSWER, times=1, actor=WHO)
        assert plan_call(app.app_number).drop_answer
    assert FaultSwitch.objects.get().drawn == 1


def test_the_same_seed_strikes_two_apps_alike(app: App) -> None:
    other = make_app(make_merchant())
    for one in (app, other):
        switch_on_fault(
            app_number=one.app_number, kind=FaultKind.DROP_ANSWER, percent=40, seed=7, actor=WHO
        )
    mine = [plan_call(app.app_number).drop_answer for _ in range(20)]
    assert mine == [plan_call(other.app_number).drop_answer for _ in range(20)]
    assert {True, False} == set(mine)


def test_a_delay_says_how_long(app: App) -> None:
    switch_on_fault(
        app_number=app.app_number, kind=FaultKind.DELAY_ANSWER, delay_ms=120, times=1, actor=WHO
    )
    assert plan_call(app.app_number).delay_ms == 120


def test_outside_the_lab_nothing_can_go_wrong_on_purpose(app: App, settings: Settings) -> None:
    switch_on_fault(app_number=app.app_number, kind=FaultKind.ERROR_BEFORE, actor=WHO)
    settings.LAB_MODE = False
    assert plan_call(app.app_number) is NO_FAULTS


def test_an_unknown_app_is_refused() -> None:
    with pytest.raises(AppNotFound):
        switch_on_fault(app_number="2021000000000000", kind=FaultKind.DROP_ANSWER, actor=WHO)
