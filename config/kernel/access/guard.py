"""Refuse changes of operators' permissions that are made outside an authority.

Forms, password pages, group pages, imports, bulk actions, fixtures and shell commands all
end in the same tables. What creates or removes an operator, puts one to rest or wakes one up,
gives or takes a role, a permission, a password or a superuser's mark is refused there, unless
the code that does it acts under an authority: an approved request, the holder of the account
for the password of their own, the roles as the code declares them, or a break-glass. Whatever
is done is written to the audit log with that authority's name.

This half stands before Django's saves and says which rule is meant; `power_triggers` are the
same rule in the database, for everything that passes the saves by.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Q
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from config.kernel.access import power_triggers
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from config.kernel.errors import NotPermitted

FIELDS = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser")
POWER = ("username", "password", "is_active", "is_staff", "is_superuser")
PURPOSE_CHARACTERS = 256
ANY_POWER = Q(is_staff=True) | Q(is_superuser=True)
Separation = Callable[[set[str], set[str]], None]


class OperatorChangeNotApproved(NotPermitted):
    """What would give an operator power was tried without an approval."""

    code = "operator_change_not_approved"
    message = "What operators are and may do is changed by approved requests only."


@dataclass(frozen=True, slots=True)
class Authority:
    """On whose word an operator is changed.

    `separate`: whether roles and permissions must keep makers and checkers apart.
    """

    actor: str
    reason: str
    separate: bool = True


_authority: ContextVar[Authority | None] = ContextVar("operators_authority", default=None)
_separations: list[Separation] = []


@contextmanager
def under(authority: Authority) -> Iterator[None]:
    """Let the block change operators on somebody's word; on PostgreSQL in one transaction."""
    token = _authority.set(authority)
    try:
        with power_triggers.marked(authority.actor):
            yield
    finally:
        _authority.reset(token)


def actor() -> str:
    """On whose word operators are changed now; empty for nobody's."""
    authority = _authority.get()
    return authority.actor if authority else ""


def there_are_operators() -> bool:
    """Whether anybody has a way into the panel already."""
    return User.objects.filter(ANY_POWER).exists()


def separate_by(check: Separation) -> None:
    """Register what checks the roles and direct permissions that one person would hold."""
    if check not in _separations:
        _separations.append(check)


def connect() -> None:
    """Stand before every change; every connection can say who changes."""
    connection_created.connect(_mark_connection, dispatch_uid="access.guard")
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None:
            power_triggers.register(connection, actor)
    pre_save.connect(_before_save, sender=User, dispatch_uid="access.guard")
    post_save.connect(_after_save, sender=User, dispatch_uid="access.guard")
    pre_delete.connect(_before_delete, sender=User, dispatch_uid="access.guard")
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_around_grant, sender=through, dispatch_uid="access.guard")


def _mark_connection(sender: type[Any], connection: BaseDatabaseWrapper, **_: Any) -> None:
    power_triggers.register(connection, actor)


def is_operator(user: User) -> bool:
    """Whether somebody has a way into the panel, or would have once it is opened."""
    return user.is_staff or user.is_superuser


def facts_of(user: User) -> dict[str, object]:
    """What an operator is, for the audit log; the password is told by its change only."""
    return {name: getattr(user, name) for name in FIELDS}


def _before_save(
    sender: type[User], instance: User, update_fields: frozenset[str] | None = None, **_: Any
) -> None:
    if update_fields is not None and update_fields.isdisjoint({*FIELDS, "password"}):
        return
    before = User.objects.filter(pk=instance.pk).first() if instance.pk else None
    instance._audit_before = None if before is None else facts_of(before)  # type: ignore[attr-defined]
    instance._audit_password = before is not None and before.password != instance.password  # type: ignore[attr-defined]
    if _changes_power(before, instance) and _authority.get() is None:
        raise OperatorChangeNotApproved(operator=instance.username)


def _changes_power(before: User | None, after: User) -> bool:
    """Whether a save makes or unmakes an operator, renames one or sets a password."""
    if before is None or not is_operator(before):
        return is_operator(after)
    return any(getattr(after, name) != getattr(before, name) for name in POWER)


def _after_save(
    sender: type[User],
    instance: User,
    created: bool,
    update_fields: frozenset[str] | None = None,
    **_: Any,
) -> None:
    if update_fields is not None and update_fields.isdisjoint({*FIELDS, "password"}):
        return
    # `_before_save` has set both, for the same columns.
    before: dict[str, object] | None = instance._audit_before  # type: ignore[attr-defined]
    after = facts_of(instance)
    if instance._audit_password:  # type: ignore[attr-defined]
        after["password"] = "changed"  # noqa: S105
    was_operator = before is not None and bool(before["is_staff"] or before["is_superuser"])
    if before == after or not (is_operator(instance) or was_operator):
        return
    _record("operator_created" if created else "operator_changed", instance, before, after)


def _before_delete(sender: type[User], instance: User, **_: Any) -> None:
    """Operators are put to rest, never removed: the audit log names them."""
    if is_operator(instance) and _authority.get() is None:
        raise OperatorChangeNotApproved(operator=instance.username)


def _around_grant(
    sender: type[Any],
    instance: User | Group | Permission,
    action: str,
    reverse: bool,
    model: type[Any],
    pk_set: set[int] | None,
    **_: Any,
) -> None:
    """Before a role or permission is given or taken, and after."""
    if (action in ("pre_add", "pre_remove") and pk_set) or action == "pre_clear":
        authority = _authority.get()
        if authority is None:
            raise OperatorChangeNotApproved()
        if action != "pre_add" or pk_set is None:
            return
        if authority.separate and isinstance(instance, User):
            _check_separate(instance, model, pk_set)
        elif authority.separate and model is User:
            for user in User.objects.filter(pk__in=pk_set):
                _check_separate(user, type(instance), {instance.pk})
    elif action in ("post_add", "post_remove", "post_clear") and (pk_set or action == "post_clear"):
        verb = {"post_add": "given", "post_remove": "taken", "post_clear": "all taken"}[action]
        names = sorted(str(row) for row in model._default_manager.filter(pk__in=pk_set or ()))
        kind = "rights" if Permission in (model, type(instance)) else "roles"
        _record(f"{kind}_changed", instance, None, {verb: names})


def _check_separate(user: User, model: type[Any], added: set[int]) -> None:
    roles = set(user.groups.values_list("name", flat=True))
    rights = set(user.user_permissions.values_list("content_type__app_label", "codename"))
    if model is Group:
        roles |= set(Group.objects.filter(pk__in=added).values_list("name", flat=True))
    else:
        rows = Permission.objects.filter(pk__in=added)
        rights |= set(rows.values_list("content_type__app_label", "codename"))
    for check in _separations:
        check(roles, {f"{area}.{codename}" for area, codename in rights})


def _record(
    verb: str,
    instance: User | Group | Permission,
    before: dict[str, object] | None,
    after: dict[str, object],
) -> None:
    authority = _authority.get()
    if isinstance(instance, User):
        target = operator_actor(instance.get_username())
    else:
        target = f"{'role' if isinstance(instance, Group) else 'right'}:{instance}"
    chain.record(
        action=f"access.{verb}",
        actor=authority.actor if authority else "system:process",
        target=target[:128],
        purpose=(authority.reason if authority else "")[:PURPOSE_CHARACTERS],
        before=before,
        after=after,
    )
