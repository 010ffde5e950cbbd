"""Roles: none has everything, makers are not their own checkers."""

from itertools import combinations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from config.admin import roles
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.approvals import registry
from config.kernel.errors import InvariantBroken
from tests.factories.operators import give_roles, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def made() -> None:
    roles.create_roles()


def holds(name: str) -> set[str]:
    """A role's permissions as Django spells them."""
    rows = Group.objects.get(name=name).permissions.values_list(
        "content_type__app_label", "codename"
    )
    return {f"{area}.{codename}" for area, codename in rows}


def holder(*names: str) -> User:
    return give_roles(make_operator("holder"), *names)


def test_making_roles_again_changes_nothing() -> None:
    before = {name: holds(name) for name in roles.ROLES}
    call_command("create_roles")
    assert {name: holds(name) for name in roles.ROLES} == before


def test_making_roles_takes_away_what_was_added_by_hand() -> None:
    group = Group.objects.get(name="support")
    with guard.under(Authority("operator:test", "by hand")):
        group.permissions.add(Permission.objects.get(codename="suspend_kyc"))
    roles.create_roles()
    assert "accounts.suspend_kyc" not in holds("support")


def test_a_permission_that_is_none_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "ROLES", {"odd": roles.Role((), ("auth.fly",))})
    with pytest.raises(InvariantBroken):
        roles.create_roles()


def test_no_role_has_everything() -> None:
    everything = Permission.objects.count()
    assert all(len(holds(name)) < everything / 2 for name in roles.ROLES)


def test_no_role_both_asks_and_decides_where_the_two_permissions_differ() -> None:
    for action in registry.actions():
        if action.maker_permission and action.maker_permission != action.permission:
            pair = {action.maker_permission, action.permission}
            assert not [name for name in roles.ROLES if pair <= holds(name)], action.name


def test_every_action_has_somebody_to_ask_and_somebody_to_decide() -> None:
    for action in registry.actions():
        if action.name.startswith("tests."):
            continue
        deciders = [name for name in roles.ROLES if action.permission in holds(name)]
        assert deciders, action.name


def test_who_gives_out_rights_sees_no_money() -> None:
    areas = {permission.partition(".")[0] for permission in holds("iam_admin")}
    assert areas == {"approvals", "auth"}


def test_the_auditor_looks_at_everything_but_health_and_changes_nothing() -> None:
    found = holds("auditor")
    assert {permission.partition(".")[2].split("_")[0] for permission in found} == {"view"}
    assert "audit.view_auditevent" in found
    assert not [permission for permission in found if permission.startswith("health")]


def test_nobody_holds_a_maker_and_its_checker_by_default() -> None:
    make_operator("newcomer")
    for operator in User.objects.all():
        names = set(operator.groups.values_list("name", flat=True))
        assert not [pair for pair in roles.APART if set(pair) <= names]


@pytest.mark.parametrize("pair", roles.APART)
def test_two_roles_that_check_each_other_are_not_given_to_one_person(
    pair: tuple[str, str],
) -> None:
    with pytest.raises(roles.RolesConflict):
        roles.check_separate([*pair, "support"])


def test_health_and_risk_never_meet() -> None:
    health = [name for name in roles.ROLES if name.startswith("health_")]
    risk = [name for name in roles.ROLES if name.startswith("risk_")]
    for first, second in [*combinations(health, 2), *((h, r) for h in health for r in risk)]:
        with pytest.raises(roles.RolesConflict):
            roles.check_separate([first, second])


def test_no_role_may_look_at_a_table_that_the_panel_does_not_show() -> None:
    shown = {f"{model._meta.app_label}.view_{model._meta.model_name}"
             for model in roles.shown_tables()}  # fmt: skip
    for name in roles.ROLES:
        looks = {right for right in holds(name) if ".view_" in right}
        looks -= {registry.right("view", entry.name) for entry in registry.actions()}
        assert looks <= shown, name
