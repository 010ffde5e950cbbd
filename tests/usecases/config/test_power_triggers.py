"""What passes Django's saves by meets the database: no operator changes by any route.

Each route is tried without an authority and refused, on SQLite and on PostgreSQL alike, and
goes through under one, so that it is the authority that is missing and nothing else.
"""

import sqlite3
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from config.admin import operators
from config.kernel.access import guard, power_triggers
from config.kernel.access.guard import Authority, OperatorChangeNotApproved
from config.kernel.audit import chain
from config.kernel.audit.models import AuditEvent
from tests.factories.operators import give_roles, make_operator

pytestmark = pytest.mark.django_db
WORD = Authority("operator:ann, operator:bob", "a new colleague in payments", separate=False)


@pytest.fixture(autouse=True)
def ida() -> User:
    User.objects.create_user("customer")
    Group.objects.bulk_create(Group(name=name) for name in ("support", "finance_approver"))
    return give_roles(make_operator("ida", "auth.change_user"), "support")


def sql(statement: str) -> Callable[[], object]:
    def run() -> None:
        user = User.objects.get(username="ida").pk
        role = Group.objects.get(name="finance_approver").pk
        right = Permission.objects.get(codename="view_payment").pk
        with connection.cursor() as cursor:
            cursor.execute(statement.format(user=user, role=role, right=right))

    return run


def change_password() -> None:
    operator = User.objects.get(username="ida")
    operator.set_password("a password of the attacker")
    User.objects.filter(pk=operator.pk).update(password=operator.password)


ROUTES: dict[str, Callable[[], object]] = {
    "update: superuser": lambda: User.objects.filter(username="ida").update(is_superuser=True),
    "update: staff": lambda: User.objects.filter(username="customer").update(is_staff=True),
    "update: no longer staff": lambda: User.objects.filter(username="ida").update(is_staff=False),
    "update: at rest": lambda: User.objects.filter(username="ida").update(is_active=False),
    "update: name": lambda: User.objects.filter(username="ida").update(username="root"),
    "update: password": change_password,
    "bulk create": lambda: User.objects.bulk_create([User(username="eve", is_staff=True)]),
    "bulk create of a role": lambda: User.groups.through.objects.bulk_create(
        [
            User.groups.through(
                user_id=User.objects.get(username="ida").pk,
                group_id=Group.objects.get(name="finance_approver").pk,
            )
        ]
    ),
    "a role's name": lambda: Group.objects.filter(name="support").update(name="finance_approver2"),
    "a right's meaning": lambda: Permission.objects.filter(codename="view_payment").update(
        codename="approve_payment2"
    ),
    "raw: superuser": sql("UPDATE auth_user SET is_superuser = true WHERE id = {user}"),
    "raw: insert": sql(
        "INSERT INTO auth_user (username, password, is_superuser, is_staff, is_active,"
        " first_name, last_name, email, date_joined)"
        " VALUES ('eve', 'x', true, true, true, '', '', '', '2026-01-01')"
    ),
    "raw: a role": sql("INSERT INTO auth_user_groups (user_id, group_id) VALUES ({user}, {role})"),
    "raw: a role moves": sql("UPDATE auth_user_groups SET group_id = {role}"),
    "raw: a role taken": sql("DELETE FROM auth_user_groups WHERE user_id = {user}"),
    "raw: a right": sql(
        "INSERT INTO auth_user_user_permissions (user_id, permission_id) VALUES ({user}, {right})"
    ),
    "raw: a right of a role": sql(
        "INSERT INTO auth_group_permissions (group_id, permission_id) VALUES ({role}, {right})"
    ),
    "raw: delete": sql("DELETE FROM auth_user_groups; DELETE FROM auth_user")
    if connection.vendor == "postgresql"
    else sql("DELETE FROM auth_user WHERE id = {user}"),
}
ON_ONE = {
    "postgresql": {
        "truncate": sql("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE auth_user_groups"),
        "truncate of users": sql("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE auth_user CASCADE"),
    },
    "sqlite": {
        "replace": sql(
            "INSERT OR REPLACE INTO auth_user (id, username, password, is_superuser, is_staff,"
            " is_active, first_name, last_name, email, date_joined)"
            " VALUES ({user}, 'ida', 'x', false, false, true, '', '', '', '2026-01-01')"
        ),
    },
}
ROUTES |= ON_ONE[connection.vendor]


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_to_the_tables_is_refused(route: str) -> None:
    with pytest.raises(IntegrityError, match="approved requests only"), transaction.atomic():
        ROUTES[route]()


REMOVES = ("raw: delete", "truncate of users", "replace")


@pytest.mark.parametrize("route", [name for name in ROUTES if name not in REMOVES])
def test_under_an_authority_the_same_route_is_open(route: str) -> None:
    with guard.under(WORD):
        ROUTES[route]()
    assert guard.actor() == ""


@pytest.mark.parametrize(
    "command",
    [
        lambda: call_command(
            "createsuperuser", username="eve", email="e@x.test", interactive=False
        ),
        lambda: call_command(
            "shell",
            command="from django.contrib.auth.models import User;"
            "User.objects.update(is_superuser=True)",
        ),
    ],
)
def test_commands_are_refused_too(command: Callable[[], object]) -> None:
    with pytest.raises((IntegrityError, OperatorChangeNotApproved)), transaction.atomic():
        command()
    assert not User.objects.filter(is_superuser=True).exists()


def test_changepassword_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda **_: "a long word of the attacker")
    before = User.objects.get(username="ida").password
    with pytest.raises(OperatorChangeNotApproved), transaction.atomic():
        call_command("changepassword", "ida")
    assert User.objects.get(username="ida").password == before


def test_the_authority_ends_with_its_block() -> None:
    with pytest.raises(ValueError, match="not this one"), guard.under(WORD):
        raise ValueError("not this one")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(username="ida").update(is_superuser=True)


def test_an_authority_within_another_gives_the_outer_one_back() -> None:
    with guard.under(WORD):
        with guard.under(Authority("system:inner", "within")):
            assert guard.actor() == "system:inner"
        assert User.objects.filter(username="ida").update(is_active=False) == 1


def test_customers_and_last_logins_are_nobodys_business() -> None:
    User.objects.filter(username="customer").update(password="x")
    User.objects.filter(username="ida").update(first_name="Ida", last_login="2026-01-01T00:00Z")
    User.objects.get(username="customer").delete()


def test_a_missing_trigger_is_found_by_name() -> None:
    assert list(power_triggers.missing()) == []
    name = "saoma_power_update_auth_user"
    table = ' ON "auth_user"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"{table}')
    assert any(name in line for line in chain.verify().breaks)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file that others may open")
def test_a_program_that_is_not_ours_is_refused_on_sqlite() -> None:
    other = sqlite3.connect(connection.settings_dict["NAME"])
    with pytest.raises(sqlite3.OperationalError, match="saoma_authority"):
        other.execute("UPDATE auth_user SET is_superuser = 1")
    other.close()


def test_the_first_operators_come_while_there_are_none() -> None:
    with guard.under(WORD):
        User.groups.through.objects.all().delete()
        User.user_permissions.through.objects.all().delete()
        User.objects.all().delete()
    with pytest.raises(CommandError, match="iam_approver"):
        call_command("first_operators", "ida=iam_admin", "ben=iam_approver")
    assert not User.objects.exists()
    call_command("first_operators", "ida=iam_admin", "ben=iam_approver", "carl=iam_approver")
    held = {user.username: [str(role) for role in user.groups.all()] for user in User.objects.all()}
    assert held == {"ida": ["iam_admin"], "ben": ["iam_approver"], "carl": ["iam_approver"]}
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert AuditEvent.objects.filter(action="access.operator_created").count() == 3
    with pytest.raises(operators.OperatorsPresent):
        operators.create_first_operators(roles={"eve": ["iam_admin"]})
