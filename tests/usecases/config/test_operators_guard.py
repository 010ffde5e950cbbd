"""No operator gets power by a side door, whichever it is; what is done is written down."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from config.admin.roles import RolesConflict, create_roles
from config.kernel.access import guard
from config.kernel.access.guard import Authority, OperatorChangeNotApproved
from config.kernel.alarms.models import Alarm
from config.kernel.approvals import registry
from config.kernel.audit.models import AuditEvent
from tests.factories.operators import make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORD = Authority("operator:ann, operator:bob", "a new colleague in payments")


@pytest.fixture(autouse=True)
def ida() -> User:
    """Who gives out rights; no role and no right of others."""
    create_roles()
    return make_operator("ida", "auth.change_user", "auth.add_user")


def ida_row() -> User:
    return User.objects.get(username="ida")


def right() -> Permission:
    return Permission.objects.get(codename="suspend_kyc")


def become_superuser() -> None:
    operator = ida_row()
    operator.is_superuser = True
    operator.save()


def become_superuser_by_one_column() -> None:
    operator = ida_row()
    operator.is_superuser = True
    operator.save(update_fields=["is_superuser"])


def wake_up() -> None:
    operator = make_operator("zoe")
    with guard.under(WORD):
        User.objects.filter(pk=operator.pk).update(is_active=False)
    operator.refresh_from_db()
    operator.is_active = True
    operator.save()


def take_all() -> None:
    ida_row().user_permissions.clear()


def put_to_rest() -> None:
    operator = ida_row()
    operator.is_active = False
    operator.save()


def set_a_password() -> None:
    operator = ida_row()
    operator.set_password("a password of the attacker")
    operator.save()


def take_a_name() -> None:
    operator = ida_row()
    operator.username = "root"
    operator.save()


def load_a_fixture() -> None:
    operator = ida_row()
    operator.is_superuser = True
    text = serializers.serialize("json", [operator])
    for row in serializers.deserialize("json", text):
        row.save()


def promote_a_customer() -> None:
    customer = User.objects.create_user("customer")
    customer.is_staff = True
    customer.save()


SIDE_DOORS: dict[str, Callable[[], object]] = {
    "form: superuser": become_superuser,
    "one column": become_superuser_by_one_column,
    "wake up": wake_up,
    "password": set_a_password,
    "name": take_a_name,
    "fixture": load_a_fixture,
    "customer": promote_a_customer,
    "create": lambda: User.objects.create_user("eve", is_staff=True),
    "createsuperuser": lambda: call_command(
        "createsuperuser", username="eve", email="e@x.test", interactive=False
    ),
    "role": lambda: ida_row().groups.add(Group.objects.get(name="finance_approver")),
    "role, set": lambda: ida_row().groups.set(Group.objects.filter(name="finance_approver")),
    "role, from its side": lambda: Group.objects.get(name="support").user_set.add(ida_row()),
    "permission": lambda: ida_row().user_permissions.add(right()),
    "permission, from its side": lambda: right().user_set.add(ida_row()),
    "a role's permission": lambda: Group.objects.get(name="support").permissions.add(right()),
    "a role's permission, from its side": lambda: right().group_set.add(
        Group.objects.get(name="support")
    ),
    "taking a permission": lambda: ida_row().user_permissions.remove(right()),
    "taking all permissions": take_all,
    "put to rest": put_to_rest,
    "delete": lambda: ida_row().delete(),
}


@pytest.mark.parametrize("door", SIDE_DOORS)
def test_every_side_door_is_shut(door: str) -> None:
    with pytest.raises(OperatorChangeNotApproved), transaction.atomic():
        SIDE_DOORS[door]()
    assert not User.objects.filter(is_superuser=True).exists()
    assert "suspend_kyc" not in " ".join(ida_row().get_all_permissions())


# Deleting leaves no operator to write a row about; `remove` of what is not held changes nothing.
UNWRITTEN = ("delete", "taking a permission")


@pytest.mark.parametrize("door", [name for name in SIDE_DOORS if name not in UNWRITTEN])
def test_under_an_authority_it_is_done_and_written_down_in_its_name(door: str) -> None:
    before = AuditEvent.objects.count()
    with guard.under(WORD):
        SIDE_DOORS[door]()
    events = list(AuditEvent.objects.filter(seq__gt=before, action__startswith="access."))
    assert events
    assert {(event.actor, event.purpose) for event in events} == {(WORD.actor, WORD.reason)}


def events_of(door: str) -> list[AuditEvent]:
    """What is written down when a door is used under an authority."""
    with guard.under(WORD):
        SIDE_DOORS[door]()
    return list(AuditEvent.objects.filter(purpose=WORD.reason).order_by("seq"))


@pytest.mark.parametrize(
    ("door", "action", "target", "after"),
    [
        ("role", "roles_changed", "operator:ida", {"given": ["finance_approver"]}),
        ("role, from its side", "roles_changed", "role:support", {"given": ["ida"]}),
        ("permission", "rights_changed", "operator:ida", None),
        ("a role's permission", "rights_changed", "role:support", None),
        ("taking all permissions", "rights_changed", "operator:ida", {"all taken": []}),
    ],
)
def test_what_is_given_or_taken_is_written_down_with_whose_it_is(
    door: str, action: str, target: str, after: dict[str, list[str]] | None
) -> None:
    event = events_of(door)[-1]
    assert (event.action, event.target) == (f"access.{action}", target)
    given = {"given": [str(right())]}
    assert event.after == (given if after is None else after)


def test_what_is_taken_is_written_down_by_its_name() -> None:
    with guard.under(WORD):
        ida_row().user_permissions.add(right())
        ida_row().user_permissions.remove(right())
    event = AuditEvent.objects.filter(action="access.rights_changed").latest("seq")
    assert event.after == {"taken": [str(right())]}


def test_a_change_that_is_none_of_the_password_says_nothing_of_it() -> None:
    with guard.under(WORD):
        take_a_name()
    (event,) = AuditEvent.objects.filter(action="access.operator_changed")
    assert ((event.before or {})["username"], (event.after or {})["username"]) == ("ida", "root")
    assert "password" not in (event.after or {})


def test_other_peoples_relations_are_none_of_the_guards() -> None:
    group = Group.objects.create(name="a group of nobody")
    assert guard.actor() == ""
    with guard.under(WORD):
        assert guard.actor() == WORD.actor
        ida_row().groups.add(group)
    assert AuditEvent.objects.filter(action="access.roles_changed").count() == 1


def test_rights_of_a_person_are_judged_together_with_those_they_are_given() -> None:
    operator = make_operator("zoe", "settlement.change_settlementbatch")
    action = next(each.name for each in registry.actions() if each.name.startswith("settlement."))
    codename = registry.right("approve", action).partition(".")[2]
    with guard.under(WORD), pytest.raises(RolesConflict), transaction.atomic():
        operator.user_permissions.add(Permission.objects.get(codename=codename))


def test_a_password_is_never_in_the_audit_log() -> None:
    with guard.under(WORD):
        set_a_password()
    (event,) = AuditEvent.objects.filter(action="access.operator_changed")
    assert (event.after or {})["password"] == "changed"
    assert ida_row().password not in str(event.after)


def test_break_glass_makes_a_superuser_and_everybody_hears(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("break_glass", "nora", "--reason", "both approvers are in hospital")
    password = capsys.readouterr().out.strip().partition(": ")[2]
    assert User.objects.get(username="nora").check_password(password)
    event = AuditEvent.objects.get(action="access.break_glass")
    assert (event.target, event.purpose) == ("operator:nora", "both approvers are in hospital")
    assert Alarm.objects.get(kind="break_glass").facts["operator"] == "nora"
    client.force_login(ida_row())
    assert "operator:nora was made a superuser" in client.get("/admin/").content.decode()


def test_break_glass_wants_a_reason() -> None:
    with pytest.raises(CommandError):
        call_command("break_glass", "nora", "--reason", "why not")


@pytest.mark.parametrize(
    ("role", "right_name"),
    [
        ("finance_approver", "change_settlementbatch"),
        ("risk_approver", "freeze_walletuser"),
        ("risk_analyst", "approve_accounts_unfreeze"),
    ],
)
def test_a_right_beside_a_role_is_kept_as_apart_as_the_roles_are(
    role: str, right_name: str
) -> None:
    operator = make_operator("zoe")
    with guard.under(WORD):
        operator.groups.add(Group.objects.get(name=role))
        with pytest.raises(RolesConflict), transaction.atomic():
            operator.user_permissions.add(Permission.objects.get(codename=right_name))
        operator.groups.clear()
        operator.user_permissions.add(Permission.objects.get(codename=right_name))
        with pytest.raises(RolesConflict), transaction.atomic():
            Group.objects.get(name=role).user_set.add(operator)


def test_two_roles_that_check_each_other_are_not_given_under_any_authority() -> None:
    operator = make_operator("zoe")
    with guard.under(WORD), pytest.raises(RolesConflict), transaction.atomic():
        operator.groups.set(Group.objects.filter(name__startswith="finance_"))
