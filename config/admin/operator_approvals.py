"""Approval actions about operators: every change of their permissions takes two people."""

from config.admin import operators
from config.kernel.access import second_factor
from config.kernel.approvals import Approved, Facts, Link, Parameters, action, change, registry

CREATE = "operators.create"
GIVE_ROLES = "operators.give_roles"
RESET_PASSWORD = "operators.reset_password"  # noqa: S105
MAKE_SUPERUSER = "operators.make_superuser"
RESET_FACTOR = "operators.reset_second_factor"
WAKE = "operators.wake"
ASK = registry.right("ask", CREATE)


def show_operator(parameters: Parameters) -> Facts:
    """Whose account."""
    operator = operators.operator_of(parameters["id"])
    name = operator.get_full_name() or operator.get_username()
    return {
        "operator": Link(operator.get_username(), "auth.User", str(operator.pk)),
        "name": name,
    }


def show_name(parameters: Parameters) -> Facts:
    """What the account will be called."""
    return {"new operator": parameters["username"]}


def show_first(parameters: Parameters) -> Facts:
    """The person's given name."""
    return {"first name": parameters["first_name"] or "none"}


def show_last(parameters: Parameters) -> Facts:
    """The person's family name."""
    return {"last name": parameters["last_name"] or "none"}


def show_roles(parameters: Parameters) -> Facts:
    """The roles that the account will have."""
    return {"roles asked for": ", ".join(_roles(parameters)) or "none"}


def target_operator(parameters: Parameters) -> str:
    """The account whose state the decision rests on."""
    return operators.target_of(operators.operator_of(parameters["id"]))


def target_name(parameters: Parameters) -> str:
    """A name that is to be taken."""
    return f"operator_name:{str(parameters['username']).lower()}"


def state_of_name(parameters: Parameters) -> Facts:
    """Whether the name is free."""
    return {"account": "taken" if operators.is_taken(str(parameters["username"])) else "none"}


def check_new(parameters: Parameters) -> None:
    """The name is free and the roles may be one person's."""
    operators.check_new(str(parameters["username"] or ""))
    operators.check_roles(_roles(parameters))


def check_roles(parameters: Parameters) -> None:
    """The roles may be this person's."""
    operator = operators.operator_of(parameters["id"])
    operators.check_roles(_roles(parameters), operator=operator)


def check_active(parameters: Parameters) -> None:
    """The account is in use."""
    operators.check_active(operators.operator_of(parameters["id"]), active=True)


def check_factor(parameters: Parameters) -> None:
    """There is a second factor to take away."""
    operators.check_second_factor(operators.operator_of(parameters["id"]))


def check_at_rest(parameters: Parameters) -> None:
    """The account is at rest."""
    operators.check_active(operators.operator_of(parameters["id"]), active=False)


def state_of_operator(parameters: Parameters) -> Facts:
    """Who it is, and how the account stands."""
    operator = operators.operator_of(parameters["id"])
    return {
        "operator": operator.get_username(),
        "active": operator.is_active,
        "superuser": operator.is_superuser,
        "roles": sorted(operator.groups.values_list("name", flat=True)),
        "password": "set" if operator.has_usable_password() else "none",
        "second factor": "set up" if second_factor.is_set_up(operator) else "none",
    }


def effect_of_create(parameters: Parameters) -> Facts:
    """The account that there will be."""
    names = f"{parameters['first_name']} {parameters['last_name']}".strip()
    return {
        "new operator": parameters["username"],
        "name": names or "none",
        "roles": ", ".join(_roles(parameters)) or "none",
    }


def effect_of_roles(parameters: Parameters) -> Facts:
    """Roles before and after."""
    operator = operators.operator_of(parameters["id"])
    before = sorted(operator.groups.values_list("name", flat=True))
    after = sorted(_roles(parameters))
    return {"roles": change(", ".join(before) or "none", ", ".join(after) or "none")}


def effect_of_reset(parameters: Parameters) -> Facts:
    """What becomes of the password."""
    return {"password": "taken away; all sessions end; a link for a new one is handed over"}


def effect_of_factor_reset(parameters: Parameters) -> Facts:
    """What becomes of the second factor."""
    return {
        "second factor": change("set up", "none"),
        "sessions": "all end; the next sign-in sets up another authenticator",
    }


def effect_of_superuser(parameters: Parameters) -> Facts:
    """What a superuser is."""
    return {"rights": "looks at everything and asks for anything; decides what others ask for"}


def effect_of_waking(parameters: Parameters) -> Facts:
    """What waking does."""
    return {"account": "at rest → active", "password": "a link for a new one is handed over"}


def _roles(parameters: Parameters) -> list[str]:
    value = parameters["roles"]
    return [str(name) for name in value] if isinstance(value, list | tuple) else []


@action(
    CREATE,
    title="Make an operator",
    parameters={
        "username": show_name,
        "first_name": show_first,
        "last_name": show_last,
        "roles": show_roles,
    },
    target=target_name,
    check=check_new,
    state=state_of_name,
    effect=effect_of_create,
)
def create(approved: Approved) -> Facts:
    """Make the account."""
    operator = operators.create_operator(approved)
    return {"operator": operator.get_username(), "id": operator.pk}


@action(
    GIVE_ROLES,
    title="Change an operator's roles",
    parameters={"id": show_operator, "roles": show_roles},
    target=target_operator,
    check=check_roles,
    state=state_of_operator,
    effect=effect_of_roles,
)
def give_roles(approved: Approved) -> Facts:
    """Set the roles."""
    operator = operators.give_roles(approved)
    return {"roles": sorted(operator.groups.values_list("name", flat=True))}


@action(
    RESET_PASSWORD,
    title="Reset an operator's password",
    parameters={"id": show_operator},
    target=target_operator,
    check=check_active,
    state=state_of_operator,
    effect=effect_of_reset,
)
def reset_password(approved: Approved) -> Facts:
    """Take the password away."""
    return {"operator": operators.reset_password(approved).get_username()}


@action(
    RESET_FACTOR,
    title="Reset an operator's second factor",
    parameters={"id": show_operator},
    target=target_operator,
    check=check_factor,
    state=state_of_operator,
    effect=effect_of_factor_reset,
)
def reset_factor(approved: Approved) -> Facts:
    """Take the second factor away."""
    return {"operator": operators.reset_second_factor(approved).get_username()}


@action(
    MAKE_SUPERUSER,
    title="Make an operator a superuser",
    parameters={"id": show_operator},
    target=target_operator,
    check=check_active,
    checkers=2,
    state=state_of_operator,
    effect=effect_of_superuser,
)
def make_superuser(approved: Approved) -> Facts:
    """Make them superuser."""
    return {"operator": operators.make_superuser(approved).get_username()}


@action(
    WAKE,
    title="Wake an operator's account",
    parameters={"id": show_operator},
    target=target_operator,
    check=check_at_rest,
    state=state_of_operator,
    effect=effect_of_waking,
)
def wake(approved: Approved) -> Facts:
    """Let it be used again."""
    return {"operator": operators.wake_operator(approved).get_username()}
