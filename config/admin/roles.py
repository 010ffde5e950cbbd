"""The roles operators hold: none has everything, and makers are not their own checkers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Model

from config.kernel import slices, transactions
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.approvals import registry
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.rights import VERBS, create_rights
from config.kernel.errors import InvariantBroken, Refused

# Of the approvals' own `view_*`, these open tables; all others are rights on actions.
_TABLES_OF_APPROVALS = ("view_approvalrequest", "view_approvalvote")


class RolesConflict(Refused):
    """One person must not hold both roles."""

    code = "roles_conflict"
    message = "These roles check each other and cannot be one person's."


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions.

    `views` are areas whose tables the role may look at; `may` what it may do beyond, as
    Django spells permissions. `asks`, `approves` and `reads` name actions of the approvals:
    which it may ask for, decide on, or read the requests of; an area's name with `.*` stands
    for all of its actions but those that are named with a `-`.
    """

    views: tuple[str, ...]
    may: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


# Who there is. What each may do, the slices declare (`config.kernel.slices`).
_NAMES = (
    "support",
    "payments_ops",  # maker of refunds and of customers' money that needs a second look
    "finance_ops",
    "finance_approver",
    "risk_analyst",  # a freeze is one person's at once, for safety; its end takes two
    "risk_approver",
    "merchant_ops",
    "merchant_approver",
    "health_officer",
    "health_approver",
    "clinician",
    "privacy_officer",  # reads who looked, and deletes what is due; sees no money, no evidence
    "iam_admin",  # users only: who gives out rights neither sees nor moves money
    "iam_approver",
    "auditor",
    "teacher",
)


def _declared_role(name: str) -> Role:
    """One role as the installed slices declare it."""
    declared = list(slices.declared())
    pairs = [entry for _, declaration in declared for entry in declaration.four_eyes]
    return Role(
        views=tuple(app.label for app, declaration in declared if name in declaration.viewers),
        may=tuple(
            slices.label_of(app, codename)
            for app, declaration in declared
            for codename, names in declaration.rights.items()
            if name in names
        ),
        asks=_patterns(name, {action: entry.asks for entry in pairs for action in entry.actions}),
        approves=_patterns(
            name, {action: entry.approves for entry in pairs for action in entry.actions}
        ),
        reads=_patterns(name, {action: entry.reads for entry in pairs for action in entry.actions}),
    )


def _patterns(name: str, roles_by_action: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A role's actions and areas; an action that is declared by itself is none of its area's."""
    patterns = [action for action, names in roles_by_action.items() if name in names]
    others = [
        f"-{action}"
        for action, names in roles_by_action.items()
        if name not in names and f"{action.partition('.')[0]}.*" in patterns
    ]
    return (*patterns, *others)


ROLES: Mapping[str, Role] = {name: _declared_role(name) for name in _NAMES}
# Pairs that must not meet in one person: makers and their checkers, health and risk.
APART: tuple[tuple[str, str], ...] = (
    ("payments_ops", "finance_approver"),
    ("finance_ops", "finance_approver"),
    ("risk_analyst", "risk_approver"),
    ("merchant_ops", "merchant_approver"),
    ("iam_admin", "iam_approver"),
    ("health_officer", "health_approver"),
    ("clinician", "health_approver"),
    ("health_officer", "risk_analyst"),
    ("health_officer", "risk_approver"),
    ("health_approver", "risk_analyst"),
    ("health_approver", "risk_approver"),
)


def check_separate(names: Iterable[str]) -> None:
    """Check that roles may be one person's.

    Raises:
        RolesConflict: two of them check each other, or together they may both ask for an
            action and approve it; it names them.
    """
    roles = set(names)
    for first, second in APART:
        if first in roles and second in roles:
            raise RolesConflict(field="groups", roles=f"{first}, {second}")
    both = both_sides(roles)
    if both:
        raise RolesConflict(field="groups", roles=", ".join(sorted(roles)), actions=", ".join(both))


def both_sides(names: Iterable[str]) -> list[str]:
    """Actions that some roles together may ask for and approve."""
    roles = [ROLES[name] for name in names if name in ROLES]
    asks = {action for role in roles for action in actions_of(role.asks)}
    approves = {action for role in roles for action in actions_of(role.approves)}
    return sorted(asks & approves)


def actions_of(patterns: Iterable[str]) -> list[str]:
    """The registered actions that names, or areas with `.*`, stand for; `-name` takes one out."""
    entries = set(patterns)
    return [
        entry.name
        for entry in registry.actions()
        if f"-{entry.name}" not in entries
        and (entry.name in entries or f"{entry.name.partition('.')[0]}.*" in entries)
    ]


def check_power(names: set[str], rights: set[str]) -> None:
    """Check that roles, and rights given beside them, may be one person's.

    A right counts as the roles that hold it: one of them must be compatible with all else.

    Raises:
        RolesConflict: it names what meets.
    """
    check_separate(names)
    apart = {frozenset(pair) for pair in APART}
    holders = {right: _roles_with(right) for right in rights}
    role_sets = [{name} for name in names] + [roles for roles in holders.values() if roles]
    for right, roles in holders.items():
        for others in role_sets:
            if roles and all(frozenset((a, b)) in apart for a in roles for b in others):
                raise RolesConflict(field="permissions", roles=f"{right}, {', '.join(others)}")


def _roles_with(right: str) -> set[str]:
    area, _, codename = right.partition(".")
    groups = Group.objects.filter(
        name__in=ROLES,
        permissions__content_type__app_label=area,
        permissions__codename=codename,
    )
    return set(groups.values_list("name", flat=True))


@transactions.atomic_retry
def create_roles() -> list[str]:
    """Make every role with exactly its permissions; safe to repeat after each migration.

    Returns the roles' names.

    Raises:
        InvariantBroken: a role names a permission that no table has.
    """
    create_rights()
    with guard.under(Authority("system:create_roles", "roles as the code declares them")):
        permissions = list(Permission.objects.select_related("content_type"))
        by_name = {f"{row.content_type.app_label}.{row.codename}": row for row in permissions}
        tables = shown_tables()
        views = [row for row in permissions if _is_view(row, tables)]
        for name, role in ROLES.items():
            group, _ = Group.objects.get_or_create(name=name)
            seen = [row for row in views if row.content_type.app_label in role.views]
            group.permissions.set([*seen, *_named((*role.may, *_rights(role)), by_name)])
        _drop_undeclared()
    return list(ROLES)


def _drop_undeclared() -> None:
    """Remove rights that a table declared once and declares no longer."""
    rights = {
        registry.right(verb, entry.name).partition(".")[2]
        for entry in registry.actions()
        for verb in VERBS
    }
    stale = []
    for permission in Permission.objects.select_related("content_type"):
        model = permission.content_type.model_class()
        if model is None or (model is ApprovalRequest and permission.codename in rights):
            continue
        if permission.codename not in _declared(model):
            stale.append(permission.pk)
    Permission.objects.filter(pk__in=stale).delete()


def _declared(model: type[Model]) -> set[str]:
    options = model._meta
    names = {f"{verb}_{options.model_name}" for verb in options.default_permissions}
    return names | {str(codename) for codename, _ in options.permissions}


def _rights(role: Role) -> list[str]:
    """Rights on actions, as Django spells them."""
    patterns_by_verb = {"ask": role.asks, "approve": role.approves, "view": role.reads}
    return [
        registry.right(verb, action)
        for verb, patterns in patterns_by_verb.items()
        for action in actions_of(patterns)
    ]


def _is_view(permission: Permission, tables: set[type[Model]]) -> bool:
    """Whether it lets one look at one of these tables."""
    kind, codename = permission.content_type, permission.codename
    if kind.app_label == registry.APP and codename not in _TABLES_OF_APPROVALS:
        return False
    return codename.startswith("view_") and kind.model_class() in tables


def shown_tables() -> set[type[Model]]:
    """Tables that have a page in the panel, or a part on somebody's page."""
    pages = admin.site._registry
    return {*pages, *(part.model for page in pages.values() for part in page.inlines)}


def _named(names: tuple[str, ...], by_name: Mapping[str, Permission]) -> list[Permission]:
    for name in names:
        if name not in by_name:
            raise InvariantBroken(f"there is no permission {name}")
    return [by_name[name] for name in names]
