"""Every action under four eyes is shown, checked, kept apart and can become stale."""

from typing import Any

import pytest

from config.admin import roles
from config.kernel.approvals import registry
from config.kernel.errors import InvariantBroken
from tests.factories.approval_cases import CASES

ACTIONS = [entry for entry in registry.actions() if not entry.name.startswith("tests.")]
WHOLE = {
    "title": "Do something",
    "parameters": {"id": lambda _: {}},
    "target": lambda _: "thing:1",
    "state": lambda _: {},
    "check": lambda _: None,
    "effect": lambda _: {},
}


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this module stays registered."""
    monkeypatch.setattr(registry, "_actions", dict(registry._actions))


def register(name: str = "tests.contract", **changes: object) -> registry.Action:
    """Register an action that does nothing."""
    registry.action(name, **{**WHOLE, **changes})(lambda _: {})  # type: ignore[arg-type]
    return registry.action_named(name)


def test_an_action_with_everything_is_taken() -> None:
    assert register().checkers == 1


@pytest.mark.parametrize(
    "missing",
    [
        {"parameters": {}},
        {"parameters": {"id": None}},
        {"target": None},
        {"state": None},
        {"check": None},
        {"effect": None},
        {"title": " "},
        {"checkers": 0},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_action_without_renderer_stale_rule_grounds_or_effect_is_refused(
    missing: dict[str, Any],
) -> None:
    with pytest.raises(InvariantBroken):
        register(**missing)


def test_a_name_is_one_actions_alone() -> None:
    register()
    registry_of_another = registry.action("tests.contract", **WHOLE)  # type: ignore[arg-type]

    def another(_: object) -> dict[str, object]:
        return {}

    with pytest.raises(InvariantBroken):
        registry_of_another(another)


def test_no_two_actions_share_a_right_and_none_is_asked_and_approved_by_one() -> None:
    rights = [
        right
        for entry in ACTIONS
        for right in (entry.maker_permission, entry.permission, entry.view_permission)
    ]
    assert len(set(rights)) == 3 * len(ACTIONS)
    assert all(entry.maker_permission.startswith("approvals.ask_") for entry in ACTIONS)
    assert all(entry.permission.startswith("approvals.approve_") for entry in ACTIONS)


@pytest.mark.parametrize("entry", ACTIONS, ids=lambda entry: entry.name)
def test_each_action_has_roles_that_ask_and_others_that_approve(entry: registry.Action) -> None:
    asks = {name for name, role in roles.ROLES.items() if entry.name in roles.actions_of(role.asks)}
    approves = {
        name for name, role in roles.ROLES.items() if entry.name in roles.actions_of(role.approves)
    }
    assert asks
    assert approves
    for maker in asks:
        for checker in approves:
            with pytest.raises(roles.RolesConflict):
                roles.check_separate([maker, checker])


def test_a_role_on_both_sides_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    name = ACTIONS[0].name
    odd = roles.Role((), asks=(name,), approves=(name,))
    monkeypatch.setattr(roles, "ROLES", {**roles.ROLES, "odd": odd})
    assert roles.both_sides(["odd"]) == [name]
    assert [role for role in roles.ROLES if roles.both_sides([role])] == ["odd"]


def test_every_action_has_its_case_of_a_target_that_moved() -> None:
    assert sorted(CASES) == [entry.name for entry in ACTIONS]
