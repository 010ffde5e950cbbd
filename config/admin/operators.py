"""What is done to operators by approved requests. Each runs in the approval's transaction."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import connection

from config.admin.roles import ROLES, check_power, create_roles
from config.kernel import transactions
from config.kernel.access import guard, second_factor, sessions
from config.kernel.access.guard import Authority
from config.kernel.actors import operator_actor
from config.kernel.approvals import sponsors, targets
from config.kernel.approvals.values import Approved, SponsorAct
from config.kernel.errors import Conflict, InvalidRequest, NotFound, NotPermitted, Refused

FIRST_APPROVERS = 2


class OperatorUnknown(NotFound):
    """There is no such operator."""

    code = "operator_not_found"
    message = "There is no such operator."


class OperatorExists(Conflict):
    """The name is taken."""

    code = "operator_exists"
    message = "There is an account of this name already."


class OperatorRefused(InvalidRequest):
    """The name or the roles are not what they should be."""

    code = "operator_refused"
    message = "The name or the roles are none."


class OwnAccount(NotPermitted):
    """Nobody changes what they themselves may."""

    code = "own_account"
    message = "Nobody changes their own account, nor approves a change of it."


def operator_of(operator_id: object) -> User:
    """An operator by id.

    Raises:
        OperatorUnknown: there is none.
    """
    number = str(operator_id)
    operator = User.objects.filter(pk=int(number)).first() if number.isdigit() else None
    if operator is None:
        raise OperatorUnknown(field="id")
    return operator


def check_not_own(operator: User, names: Sequence[str]) -> None:
    """Check that an operator is none of those who ask and approve.

    Raises:
        OwnAccount: they are.
    """
    if operator.get_username() in names:
        raise OwnAccount()


def check_roles(names: Sequence[str], *, operator: User | None = None) -> list[str]:
    """Check that roles exist and may be one person's beside the rights they hold.

    Raises:
        OperatorRefused: one is no role.
        RolesConflict: they check each other.
    """
    unknown = sorted(set(names) - set(ROLES))
    if unknown:
        raise OperatorRefused(field="roles", unknown=", ".join(unknown))
    rights: set[str] = set()
    if operator is not None:
        rows = operator.user_permissions.values_list("content_type__app_label", "codename")
        rights = {f"{area}.{codename}" for area, codename in rows}
    check_power(set(names), rights)
    return sorted(set(names))


class OperatorState(Refused):
    """The account does not stand as this change needs."""

    code = "operator_state"
    message = "The account is not in the state that this needs."


def target_of(operator: User) -> str:
    """The account as requests name it."""
    return f"operator:{operator.pk}"


def check_second_factor(operator: User) -> None:
    """Check that there is a second factor to take away.

    Raises:
        OperatorState: there is none.
    """
    if not second_factor.is_set_up(operator):
        raise OperatorState(operator=operator.get_username())


def check_active(operator: User, *, active: bool) -> None:
    """Check that an account is in use, or at rest.

    Raises:
        OperatorState: it is not.
    """
    if operator.is_active != active:
        raise OperatorState(operator=operator.get_username())


def is_taken(username: str) -> bool:
    """Whether an account has this name, in whatever letters."""
    return User.objects.filter(username__iexact=username).exists()


def check_new(username: str) -> None:
    """Check that a name can be a new operator's.

    Raises:
        OperatorExists: it is taken, in whatever letters.
        OperatorRefused: it is no name.
    """
    if is_taken(username):
        raise OperatorExists(field="username")
    try:
        User._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        raise OperatorRefused(field="username") from error


def create_operator(approved: Approved) -> User:
    """Make an operator with roles and no password; a link for it is handed over after."""
    values = approved.parameters
    username = str(values["username"])
    targets.moved(f"operator_name:{username.lower()}", actor="system:approvals")
    names = check_roles(_names(values["roles"]))
    with _on_the_word_of(approved):
        operator = _make(
            username,
            names,
            first_name=str(values["first_name"])[:150],
            last_name=str(values["last_name"])[:150],
        )
    _sponsor(operator, approved, SponsorAct.CREATED)
    return operator


class OperatorsPresent(Conflict):
    """The installation has operators: the next one comes by their approval."""

    code = "operators_present"
    message = "There are operators already; another one is asked for in the panel."


class FirstOperatorsIncomplete(InvalidRequest):
    """These could never make another operator."""

    code = "first_operators_incomplete"
    message = (
        "The first operators need one who asks for operators and two more who approve: "
        "an iam_admin and two with iam_approver."
    )


@transactions.atomic_retry
def create_first_operators(*, roles: Mapping[str, Sequence[str]]) -> list[User]:
    """Make the operators of an installation that has none yet; they have no passwords.

    Args:
        roles: by login name; at least one iam_admin and two iam_approvers, so that the law of
            two holds from the first day.

    Raises:
        OperatorsPresent: there is an operator already.
        FirstOperatorsIncomplete: they could not make another one.
        OperatorExists, OperatorRefused, RolesConflict: a name or its roles cannot be.

    Locks: the table of users on PostgreSQL, the database on SQLite.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE auth_user IN SHARE ROW EXCLUSIVE MODE")
    if guard.there_are_operators():
        raise OperatorsPresent()
    role_names = [name for names in roles.values() for name in names]
    if role_names.count("iam_admin") < 1 or role_names.count("iam_approver") < FIRST_APPROVERS:
        raise FirstOperatorsIncomplete()
    create_roles()
    with guard.under(Authority("system:first_operators", "nobody is there to be asked")):
        return [_make(name, check_roles(names)) for name, names in roles.items()]


def give_roles(approved: Approved) -> User:
    """Let an operator hold exactly these roles."""
    operator = _target(approved)
    names = check_roles(_names(approved.parameters["roles"]), operator=operator)
    with _on_the_word_of(approved):
        operator.groups.set(Group.objects.filter(name__in=names))
    _sponsor(operator, approved, SponsorAct.PROMOTED)
    return operator


def reset_password(approved: Approved) -> User:
    """Take the password away, which ends every session; a link for a new one follows."""
    operator = _target(approved)
    with _on_the_word_of(approved):
        operator.set_unusable_password()
        operator.save()
    return operator


def reset_second_factor(approved: Approved) -> User:
    """Take the second factor away and end every session; the next sign-in sets up another."""
    operator = _target(approved)
    people = operator_actor(approved.maker, *approved.checkers)
    second_factor.reset(operator=operator, authority=Authority(people, approved.reason))
    sessions.end_all(operator=operator, actor=people, reason=approved.reason)
    return operator


def make_superuser(approved: Approved) -> User:
    """Let an operator look at and ask for everything; four eyes hold for them too."""
    operator = _target(approved)
    with _on_the_word_of(approved):
        operator.is_superuser = True
        operator.save()
    _sponsor(operator, approved, SponsorAct.PROMOTED)
    return operator


def wake_operator(approved: Approved) -> User:
    """Let an account that was put to rest be used again, with a new password."""
    operator = _target(approved)
    with _on_the_word_of(approved):
        operator.is_active = True
        operator.set_unusable_password()
        operator.save()
    _sponsor(operator, approved, SponsorAct.PROMOTED)
    return operator


@transactions.atomic_retry
def put_to_rest(*, operator: User, actor: User, reason: str) -> None:
    """Shut an account at once, for safety; waking it takes two.

    Raises:
        OwnAccount: it is the actor's.
    """
    check_not_own(operator, [actor.get_username()])
    targets.moved(target_of(operator), actor=operator_actor(actor.get_username()))
    with guard.under(Authority(operator_actor(actor.get_username()), reason)):
        operator.is_active = False
        operator.save()


def _make(username: str, roles: Sequence[str], **names: str) -> User:
    """An account with roles and no password.

    Raises:
        OperatorExists, OperatorRefused: the name is taken, or none.
    """
    check_new(username)
    operator = User(username=username, is_staff=True, **names)
    operator.set_unusable_password()
    operator.save()
    operator.groups.set(Group.objects.filter(name__in=roles))
    return operator


def _sponsor(operator: User, approved: Approved, act: SponsorAct) -> None:
    """Those who made or promoted somebody count as their sponsors: see `approvals.sponsors`."""
    people = User.objects.filter(username__in=[approved.maker, *approved.checkers])
    sponsors.record_sponsor(operator=operator, sponsors=list(people), act=act)


def _target(approved: Approved) -> User:
    operator = operator_of(approved.parameters["id"])
    targets.moved(target_of(operator), actor="system:approvals")
    check_not_own(operator, [approved.maker, *approved.checkers])
    return operator


def _on_the_word_of(approved: Approved) -> AbstractContextManager[None]:
    people = operator_actor(approved.maker, *approved.checkers)
    return guard.under(Authority(people, approved.reason))


def _names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list | tuple) else []
