"""What two people decide about gates: that a kind of venue lets red codes in."""

from config.kernel import approvals
from config.kernel.actors import operator_actor
from healthcode.rules.values import Colour
from healthcode.verification import rules
from healthcode.verification.models import VenuePolicy
from healthcode.verification.usecases.change_policy import change_policy, terms_of

ADMIT_RED = "health.admit_red"


def _name(parameters: approvals.Parameters) -> str:
    return str(parameters.get("name") or "").strip()


def _policy(parameters: approvals.Parameters) -> VenuePolicy | None:
    return VenuePolicy.objects.filter(name=_name(parameters)).first()


def _admits(parameters: approvals.Parameters) -> list[str]:
    admits = parameters.get("admits")
    return [str(colour) for colour in admits] if isinstance(admits, list) else []


def _hours(parameters: approvals.Parameters) -> int | None:
    hours = parameters.get("max_test_age_h")
    if hours is None:
        return None
    if isinstance(hours, bool) or not isinstance(hours, int):
        raise rules.PolicyUnsound(field="max_test_age_h")
    return hours


def _ages(parameters: approvals.Parameters) -> dict[str, int]:
    ages = parameters.get("test_age_by_colour") or {}
    if not isinstance(ages, dict):
        raise rules.PolicyUnsound(field="test_age_by_colour")
    return ages


def show_policy(parameters: approvals.Parameters) -> approvals.Facts:
    """Which kind of venue, and how many there are."""
    policy = _policy(parameters)
    if policy is None:
        return {"policy": f"{_name(parameters)}, a new one"}
    return {
        "policy": approvals.Link(policy.name, "health_verification.VenuePolicy", str(policy.id)),
        "venues": policy.venue_set.count(),
    }


def show_admits(parameters: approvals.Parameters) -> approvals.Facts:
    """Which colours are let in."""
    return {"lets in": ", ".join(_admits(parameters)) or "nobody"}


def show_test_age(parameters: approvals.Parameters) -> approvals.Facts:
    """How old a test may be."""
    hours = _hours(parameters)
    words = "is not asked for" if hours is None else f"of the last {hours} hours"
    return {"a negative test": words}


def show_ages(parameters: approvals.Parameters) -> approvals.Facts:
    """The same for single colours."""
    ages = [f"{colour}: {hours} hours" for colour, hours in sorted(_ages(parameters).items())]
    return {"for single colours": ages or "the same"}


def state_of_policy(parameters: approvals.Parameters) -> approvals.Facts:
    """What the policy says now: its version tells of every change."""
    policy = _policy(parameters)
    if policy is None:
        return {"version": 0, "lets in": "nobody"}
    return {"version": policy.version, "lets in": ", ".join(sorted(policy.admits))}


def check_policy(parameters: approvals.Parameters) -> None:
    """Terms that can be applied, of a policy with a name, that let red codes in."""
    if not 1 <= len(_name(parameters)) <= 64:
        raise rules.PolicyUnsound(field="name")
    if Colour.RED not in _admits(parameters):
        raise rules.PolicyUnsound(field="admits")
    rules.check_terms(_admits(parameters), _hours(parameters), _ages(parameters))


def foretell_policy(parameters: approvals.Parameters) -> approvals.Facts:
    """Whom the gates let in from then on."""
    policy = _policy(parameters)
    before = ", ".join(sorted(policy.admits)) if policy else "nobody"
    return {
        "lets in": approvals.change(before, ", ".join(sorted(_admits(parameters)))),
        "every gate of these venues": "opens to red codes from then on",
    }


def target_policy(parameters: approvals.Parameters) -> str:
    """The policy."""
    return f"policy:{_name(parameters)[:100]}"


@approvals.action(
    ADMIT_RED,
    title="Let red codes into a kind of venue",
    parameters={
        "name": show_policy,
        "admits": show_admits,
        "max_test_age_h": show_test_age,
        "test_age_by_colour": show_ages,
    },
    target=target_policy,
    state=state_of_policy,
    check=check_policy,
    effect=foretell_policy,
)
def execute_policy(approved: approvals.Approved) -> approvals.Facts:
    """Put the terms in force that two operators agreed on."""
    parameters = approved.parameters
    policy = change_policy(
        name=_name(parameters),
        admits=_admits(parameters),
        max_test_age_h=_hours(parameters),
        test_age_by_colour=_ages(parameters),
        actor=operator_actor(approved.maker),
        approved_by=operator_actor(approved.checkers[0]),
    )
    return {"version": policy.version, **terms_of(policy)}
