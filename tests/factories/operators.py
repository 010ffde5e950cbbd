"""Operators of the console, each with exactly the permissions a test names."""

from django.contrib.auth.models import Permission, User
from django.db.models import Q


def make_operator(username: str, *permissions: str, superuser: bool = False) -> User:
    """Make a staff member; permissions as Django spells them (`app.codename`)."""
    user = User.objects.create_user(username, password="long enough a word", is_staff=True)
    user.is_superuser = superuser
    user.save()
    user.user_permissions.set(_found(permissions))
    # A fresh object: a user keeps the permissions it was loaded with.
    return User.objects.get(pk=user.pk)


def _found(permissions: tuple[str, ...]) -> list[Permission]:
    wanted = Q(pk__in=[])
    for name in permissions:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(wanted))
    assert len(found) == len(set(permissions)), f"unknown among {permissions}"
    return found
