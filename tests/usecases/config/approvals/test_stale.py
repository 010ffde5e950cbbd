"""The state that was seen is the state that is changed: for every action of the registry."""

import pytest

from config.kernel.approvals import registry, rules, targets
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest, TargetVersion
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Link, Status
from config.kernel.errors import SaomaError
from tests.factories.accounts import make_user
from tests.factories.approval_cases import CASES
from tests.factories.approvals import REASON, Desk, NameRefused
from tests.factories.operator_cases import BY
from tests.factories.operators import make_checker, make_maker
from wallet.accounts.approvals import UNFREEZE
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.unfreeze_user import unfreeze_user

# Their targets are no rows of their own yet: a region's name, a threshold's, a source's, a day.
UNLINKED = (
    "coupons.start_campaign",
    "health.agree_region",
    "health.declare_area",
    "health.register_issuer",
    "health.register_laboratory",
    "operators.create",
    "reconciliation.close_day",
    "settlement.set_calendar_day",
    "thresholds.change",
)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_target_that_moved_or_moved_and_came_back_makes_the_request_stale(name: str) -> None:
    case = CASES[name]()
    request = request_approval(
        action=name, parameters=case.parameters, reason=REASON, maker=make_maker("maker", name)
    )
    words = registry.in_words(registry.action_named(name), request.parameters)
    shown = [value for row in words.values() for value in (row if isinstance(row, list) else [row])]
    assert request.effect
    assert any(isinstance(value, Link) for value in shown) or name in UNLINKED
    case.move()
    again = approve_request(request_id=request.id, checker=make_checker("checker", name))
    assert again.status == Status.STALE


def frozen_by_court_anew() -> tuple[ApprovalRequest, ApprovalRequest]:
    """Two requests to unfreeze, before and after the account was frozen by the court."""
    user = make_user(kyc_tier=0)
    freeze_user(user_id=user.id, actor="operator:wu", reason="lost phone")
    maker = make_maker("maker", UNFREEZE)
    wish = {"action": UNFREEZE, "parameters": {"id": str(user.id)}, "maker": maker}
    first = request_approval(reason="the phone was found", **wish)  # type: ignore[arg-type]
    unfreeze_user(user_id=user.id, actor="operator:wu", reason="found")
    freeze_user(user_id=user.id, **BY)
    second = request_approval(reason="the court has lifted it", **wish)  # type: ignore[arg-type]
    return first, second


def test_a_new_freeze_ends_the_open_request_to_lift_the_old_one() -> None:
    first, second = frozen_by_court_anew()
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.STALE, Status.PENDING)
    checker = make_checker("checker", UNFREEZE)
    assert approve_request(request_id=first.id, checker=checker).status == Status.STALE
    assert approve_request(request_id=second.id, checker=checker).status == Status.EXECUTED


def test_freezing_what_is_frozen_ends_the_open_request_too() -> None:
    user = make_user(kyc_tier=0)
    freeze_user(user_id=user.id, actor="operator:wu", reason="lost phone")
    request = request_approval(
        action=UNFREEZE, parameters={"id": str(user.id)}, reason=REASON,
        maker=make_maker("maker", UNFREEZE),
    )  # fmt: skip
    freeze_user(user_id=user.id, **BY)
    request.refresh_from_db()
    assert request.status == Status.STALE


def test_one_request_waits_for_each_action_and_target() -> None:
    desk = Desk()
    first = desk.ask()
    assert desk.ask().id == first.id
    with pytest.raises(rules.AlreadyRequested) as refused:
        desk.ask("another name")
    assert refused.value.fields["request_id"] == str(first.id)
    desk.approve(first)
    assert desk.ask("another name").id != first.id


def test_grounds_are_checked_when_it_is_asked_for() -> None:
    with pytest.raises(NameRefused):
        Desk().ask("forbidden")
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_cannot_be_done_is_not_even_asked_for(name: str) -> None:
    nothing = dict.fromkeys(registry.action_named(name).parameters)
    with pytest.raises(SaomaError):
        request_approval(
            action=name, parameters=nothing, reason=REASON, maker=make_maker("maker", name)
        )


def test_a_parameter_that_nothing_shows_is_refused() -> None:
    desk = Desk()
    with pytest.raises(registry.ParametersRefused) as refused:
        request_approval(
            action="tests.rename_group",
            parameters={"group": desk.group.pk, "name": "x", "and": "more"},
            reason=REASON,
            maker=desk.mia,
        )
    assert refused.value.field == "and"


def test_versions_only_count_up() -> None:
    for expected in (1, 2):
        targets.moved("group:1", actor="operator:mia")
        assert TargetVersion.objects.get(target="group:1").version == expected
