"""Operators of the console, each with exactly the permissions a test names."""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.test import Client

from config.admin.roles import create_roles
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.approvals import registry
from config.kernel.approvals.rights import create_rights

BY_THE_TEST = Authority("system:test", "an operator of a test", separate=False)


def make_operator(username: str, *permissions: str, superuser: bool = False) -> User:
    """Make a staff member; permissions as Django spells them (`app.codename`)."""
    # Straight into the tables: an operator's power is no matter of these tests, and model saves
    # would write to the audit log.
    user = User(username=username, is_staff=True, is_superuser=superuser)
    user.set_password("long enough a word")
    with guard.under(BY_THE_TEST):
        User.objects.bulk_create([user])
        user = User.objects.get(username=username)
        held = User.user_permissions.through
        held.objects.bulk_create(
            held(user_id=user.pk, permission_id=permission.pk) for permission in _found(permissions)
        )
    # A fresh object: a user keeps the permissions it was loaded with.
    return User.objects.get(pk=user.pk)


def make_maker(username: str, *actions: str) -> User:
    """Make a staff member who may ask for the actions and do nothing else."""
    return make_operator(username, *(registry.right("ask", name) for name in actions))


def make_checker(username: str, *actions: str) -> User:
    """Make a staff member who may approve the actions and do nothing else."""
    return make_operator(username, *(registry.right("approve", name) for name in actions))


def give_roles(operator: User, *names: str) -> User:
    """Put an operator into roles; gives a fresh object."""
    held = User.groups.through
    groups = Group.objects.filter(name__in=names)
    with guard.under(BY_THE_TEST):
        held.objects.filter(user_id=operator.pk).delete()
        held.objects.bulk_create(held(user_id=operator.pk, group_id=group.pk) for group in groups)
    return User.objects.get(pk=operator.pk)


def client_in_role(role: str, username: str = "") -> Client:
    """A new operator of one role, signed in to the panel; by the role's name unless told."""
    create_roles()
    client = Client()
    client.force_login(give_roles(make_operator(username or role), role))
    return client


def _found(permissions: tuple[str, ...]) -> list[Permission]:
    if any(name.startswith(f"{registry.APP}.") for name in permissions):
        # Actions of the tests' own are registered after the database was made.
        create_rights()
    wanted = Q(pk__in=[])
    for name in permissions:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(wanted))
    assert len(found) == len(set(permissions)), f"unknown among {permissions}"
    return found
