"""What is asked for about operators: every change of their power takes two."""

from config.admin import operators
from config.kernel.approvals.registry import action
from config.kernel.approvals.values import Approved, Facts, Parameters

CREATE = "operators.create"
GIVE_ROLES = "operators.give_roles"
RESET_PASSWORD = "operators.reset_password"  # noqa: S105
MAKE_SUPERUSER = "operators.make_superuser"
WAKE = "operators.wake"
ASK = "access.ask_operator"
APPROVE = "access.approve_operator"


def state_of_name(parameters: Parameters) -> Facts:
    """That the name is free and the roles may be one person's."""
    operators.check_new(str(parameters["username"]))
    operators.check_roles(_roles(parameters))
    return {"account": "none"}


def state_of_operator(parameters: Parameters) -> Facts:
    """Who it is, and how the account stands."""
    operator = operators.operator_of(parameters["id"])
    return {
        "operator": operator.get_username(),
        "active": operator.is_active,
        "superuser": operator.is_superuser,
        "roles": sorted(operator.groups.values_list("name", flat=True)),
        "password": "set" if operator.has_usable_password() else "none",
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
    names = operators.check_roles(_roles(parameters), operator=operator)
    before = sorted(operator.groups.values_list("name", flat=True))
    return {"roles": f"{', '.join(before) or 'none'} → {', '.join(names) or 'none'}"}


def effect_of_reset(parameters: Parameters) -> Facts:
    """What becomes of the password."""
    return {"password": "taken away; all sessions end; a link for a new one is handed over"}


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
    permission=APPROVE,
    maker_permission=ASK,
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
    permission=APPROVE,
    maker_permission=ASK,
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
    permission=APPROVE,
    maker_permission=ASK,
    state=state_of_operator,
    effect=effect_of_reset,
)
def reset_password(approved: Approved) -> Facts:
    """Take the password away."""
    return {"operator": operators.reset_password(approved).get_username()}


@action(
    MAKE_SUPERUSER,
    title="Make an operator a superuser",
    permission=APPROVE,
    maker_permission=ASK,
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
    permission=APPROVE,
    maker_permission=ASK,
    state=state_of_operator,
    effect=effect_of_waking,
)
def wake(approved: Approved) -> Facts:
    """Let it be used again."""
    return {"operator": operators.wake_operator(approved).get_username()}
