"""What the guard of operators writes down, to the letter, and where it stands."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connections, transaction
from django.db.backends.signals import connection_created
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from config.admin.roles import RolesConflict, create_roles
from config.kernel.access import guard, power_triggers
from config.kernel.access.guard import Authority, OperatorChangeNotApproved
from config.kernel.audit.models import AuditEvent
from tests.factories.operators import give_roles, make_operator

pytestmark = pytest.mark.django_db
WORD = Authority("operator:ann, operator:bob", "a new colleague in payments")
Event = tuple[str, str, str, str, object, object]


@pytest.fixture(autouse=True)
def ida() -> User:
    """An operator of no role."""
    create_roles()
    return make_operator("ida")


def written(act: Callable[[], object], authority: Authority | None = WORD) -> list[Event]:
    """What is written down of an act: all of each event that a guard writes."""
    before = AuditEvent.objects.count()
    if authority is None:
        act()
    else:
        with guard.under(authority):
            act()
    rows = AuditEvent.objects.filter(seq__gt=before, action__startswith="access.").order_by("seq")
    return [(e.action, e.actor, e.target, e.purpose, e.before, e.after) for e in rows]


def by_word(action: str, target: str, before: object, after: object) -> Event:
    return (f"access.{action}", WORD.actor, target, WORD.reason, before, after)


def facts(username: str = "ida", **changes: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "username": username,
        "first_name": "",
        "last_name": "",
        "email": "",
        "is_active": True,
        "is_staff": True,
        "is_superuser": False,
    }
    return plain | changes


def change(operator: User, columns: list[str] | None = None, **values: object) -> None:
    for name, value in values.items():
        setattr(operator, name, value)
    operator.save(update_fields=columns)


@pytest.mark.parametrize(
    "values",
    [
        {"is_superuser": True},
        {"is_staff": False},
        {"is_active": False},
        {"username": "root"},
        {"email": "i@x.test", "first_name": "Ida", "last_name": "Li"},
    ],
)
@pytest.mark.parametrize("by_columns", [False, True])
def test_a_change_of_an_operator_is_written_down_as_before_and_after(
    ida: User, values: dict[str, Any], by_columns: bool
) -> None:
    columns = list(values) if by_columns else None
    target = f"operator:{values.get('username', 'ida')}"
    events = written(lambda: change(ida, columns, **values))
    assert events == [by_word("operator_changed", target, facts(), facts(**values))]


def test_a_superuser_who_is_no_staff_is_an_operator_until_that_is_taken() -> None:
    before = facts("zoe", is_staff=False, is_superuser=True)
    events = written(lambda: User.objects.create_user("zoe", is_superuser=True))
    assert events == [by_word("operator_created", "operator:zoe", None, before)]
    zoe = User.objects.get(username="zoe")
    after = before | {"is_superuser": False}
    events = written(lambda: change(zoe, is_superuser=False))
    assert events == [by_word("operator_changed", "operator:zoe", before, after)]
    assert written(lambda: change(zoe, email="z@x.test")) == []


def test_who_is_no_operator_is_none_of_the_guards() -> None:
    assert written(lambda: User.objects.create_user("customer"), None) == []
    customer = User.objects.get(username="customer")
    assert written(lambda: change(customer, username="client"), None) == []
    assert written(customer.delete, None) == []


def test_a_password_is_told_by_its_change_alone(ida: User) -> None:
    ida.set_password("another good long word")
    event = by_word("operator_changed", "operator:ida", facts(), facts(password="changed"))
    assert written(lambda: ida.save(update_fields=["password"])) == [event]
    assert written(ida.save) == []


def test_what_gives_no_power_needs_no_authority_and_is_the_processs(ida: User) -> None:
    events = written(lambda: change(ida, email="i@x.test"), None)
    after = facts(email="i@x.test")
    assert events == [
        ("access.operator_changed", "system:process", "operator:ida", "", facts(), after)
    ]


def test_columns_of_no_power_pass_whatever_the_object_says_beside(ida: User) -> None:
    ida.is_superuser = True
    assert written(lambda: ida.save(update_fields=["last_login"]), None) == []
    with pytest.raises(OperatorChangeNotApproved):
        ida.save(update_fields=["last_login", "is_superuser"])
    assert not User.objects.get(username="ida").is_superuser


def test_a_refusal_names_the_operator(ida: User) -> None:
    for act in (lambda: change(ida, is_active=False), ida.delete):
        with pytest.raises(OperatorChangeNotApproved) as refused, transaction.atomic():
            act()
        assert refused.value.fields == {"operator": "ida"}


def test_long_names_and_reasons_are_cut_to_what_the_log_holds() -> None:
    name, word = "n" * 150, Authority("system:test", "r" * 300)
    [event] = written(lambda: User.objects.create_user(name, is_staff=True), word)
    assert (event[2], event[3]) == (f"operator:{name}"[:128], "r" * 256)
    role = Group.objects.create(name="g" * 150)
    right = Permission.objects.get(codename="suspend_kyc")
    [event] = written(lambda: role.permissions.add(right), word)
    assert event[2] == f"role:{role.name}"[:128]


def right(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


@pytest.mark.parametrize("name", ["roles", "rights"])
def test_several_are_given_taken_and_cleared_in_one_event_each(ida: User, name: str) -> None:
    held = ida.groups if name == "roles" else ida.user_permissions
    rows: list[Group] | list[Permission] = (
        list(Group.objects.filter(name__in=("auditor", "support")))
        if name == "roles"
        else [right("suspend_kyc"), right("view_walletuser")]
    )
    names = sorted(map(str, rows))
    target = "operator:ida"
    assert written(lambda: held.add(*rows)) == [
        by_word(f"{name}_changed", target, None, {"given": names})
    ]
    assert written(lambda: held.add(rows[0]), None) == []  # type: ignore[arg-type]
    assert written(lambda: held.remove(*rows)) == [
        by_word(f"{name}_changed", target, None, {"taken": names})
    ]
    assert written(held.clear) == [by_word(f"{name}_changed", target, None, {"all taken": []})]


def test_from_the_other_side_it_is_written_down_as_the_roles_or_the_rights(ida: User) -> None:
    role, suspend = Group.objects.get(name="support"), right("suspend_kyc")
    given = {"given": ["ida"]}
    assert written(lambda: role.user_set.add(ida)) == [
        by_word("roles_changed", "role:support", None, given)
    ]
    assert written(lambda: suspend.user_set.add(ida)) == [
        by_word("rights_changed", f"right:{suspend}", None, given)
    ]
    assert written(lambda: suspend.group_set.add(role)) == [
        by_word("rights_changed", f"right:{suspend}", None, {"given": ["support"]})
    ]
    assert written(role.permissions.clear) == [
        by_word("rights_changed", "role:support", None, {"all taken": []})
    ]


@pytest.mark.parametrize(
    "door",
    [
        lambda ida, role: ida.groups.clear(),
        lambda ida, role: role.user_set.clear(),
        lambda ida, role: role.permissions.clear(),
    ],
)
def test_nothing_is_cleared_without_an_authority(
    ida: User, door: Callable[[User, Group], None]
) -> None:
    with pytest.raises(OperatorChangeNotApproved), transaction.atomic():
        door(ida, Group.objects.get(name="support"))


def test_sides_that_check_each_other_are_kept_apart_unless_the_authority_says_otherwise() -> None:
    zoe = give_roles(make_operator("zoe"), "finance_approver")
    ops = Group.objects.get(name="finance_ops")
    batch = right("change_settlementbatch")
    doors: list[Callable[[], None]] = [
        lambda: zoe.groups.add(ops),
        lambda: ops.user_set.add(zoe),
        lambda: zoe.user_permissions.add(batch),
        lambda: batch.user_set.add(zoe),
    ]
    for door in doors:
        with guard.under(WORD), pytest.raises(RolesConflict), transaction.atomic():
            door()
    assert list(zoe.groups.values_list("name", flat=True)) == ["finance_approver"]
    alone = Authority("system:test", "one who does it all", separate=False)
    assert [len(written(door, alone)) for door in doors] == [1, 0, 1, 0]


def test_checks_see_the_roles_and_rights_that_one_person_would_hold(
    ida: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[set[str], set[str]]] = []
    monkeypatch.setattr(guard, "_separations", [])
    for _ in range(2):
        guard.separate_by(seen := (lambda roles, rights: looks.append((roles, rights))))
        guard.separate_by(seen)
    assert len(guard._separations) == 2
    suspend, view = right("suspend_kyc"), right("view_walletuser")
    rights = {f"{row.content_type.app_label}.{row.codename}" for row in (suspend, view)}
    with guard.under(WORD):
        ida.user_permissions.add(suspend)
        looks.clear()
        ida.user_permissions.add(view)
        assert looks[:1] == [(set(), rights)]
        looks.clear()
        ida.groups.add(Group.objects.get(name="support"))
        assert looks[:1] == [({"support"}, rights)]
        looks.clear()
        Group.objects.get(name="auditor").user_set.add(ida)
        assert looks[:1] == [({"support", "auditor"}, rights)]
        looks.clear()
        ida.groups.remove(Group.objects.get(name="support"))
        Group.objects.get(name="support").permissions.add(suspend)
        assert looks == []


def test_an_authority_ends_with_its_block_and_gives_way_to_the_one_before() -> None:
    inner = Authority("system:test", "within")
    assert guard.actor() == ""
    with guard.under(WORD):
        with guard.under(inner):
            assert guard.actor() == "system:test"
        with pytest.raises(OperatorChangeNotApproved), guard.under(inner):
            raise OperatorChangeNotApproved()
        assert guard.actor() == WORD.actor
    assert guard.actor() == ""


def test_whether_there_are_operators_counts_staff_and_superusers() -> None:
    with guard.under(Authority("system:test", "an empty house", separate=False)):
        User.objects.update(is_staff=False)
        assert not guard.there_are_operators()
        User.objects.filter(username="ida").update(is_superuser=True)
        assert guard.there_are_operators()
        User.objects.filter(username="ida").update(is_staff=True, is_superuser=False)
        assert guard.there_are_operators()


def test_connecting_again_stands_no_guard_twice_and_marks_what_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signals = (connection_created, pre_save, post_save, pre_delete, m2m_changed)
    marked: list[tuple[object, object]] = []
    monkeypatch.setattr(
        power_triggers, "register", lambda connection, actor: marked.append((connection, actor))
    )
    for signal in signals:
        monkeypatch.setattr(signal, "receivers", list(signal.receivers))
    before = [len(signal.receivers) for signal in signals]
    guard.connect()
    assert [len(signal.receivers) for signal in signals] == before
    assert marked == [(connections["default"], guard.actor)]
    marked.clear()
    connection_created.send(sender=type(connections["default"]), connection=connections["default"])
    assert marked == [(connections["default"], guard.actor)]


def test_the_guard_stands_anew_before_each_change_it_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(power_triggers, "register", lambda connection, actor: None)
    for signal in (pre_save, post_save, pre_delete, m2m_changed, connection_created):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()
    guard.connect()
    heard = {
        signal: sorted(receiver.__name__ for receiver in signal._live_receivers(sender)[0])
        for signal, sender in ((pre_save, User), (post_save, User), (pre_delete, User))
    }
    assert heard == {
        pre_save: ["_before_save"], post_save: ["_after_save"], pre_delete: ["_before_delete"]
    }  # fmt: skip
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        assert len(m2m_changed._live_receivers(through)[0]) == 1
    assert pre_save._live_receivers(Group)[0] == []
