"""What two people decide about sources: that a laboratory's reports count."""

from config.kernel import approvals
from healthcode.codec.keys import UnusableKey, thumbprint
from healthcode.decisions.usecases.register_source import (
    check_laboratory,
    register_laboratory,
    registrations_of,
    target_of,
)
from healthcode.decisions.values import SourceKind

REGISTER_LABORATORY = "health.register_laboratory"


def _name(parameters: approvals.Parameters) -> str:
    return str(parameters.get("name") or "")


def show_name(parameters: approvals.Parameters) -> approvals.Facts:
    """What people are told who it is."""
    return {"body": _name(parameters)}


def show_key(parameters: approvals.Parameters) -> approvals.Facts:
    """The key whose signatures count, by its thumbprint: compare it by telephone."""
    jwk = parameters.get("public_jwk")
    try:
        return {"key": f"P-256 {thumbprint(jwk)}" if isinstance(jwk, dict) else "none"}
    except (UnusableKey, KeyError):
        return {"key": "unusable"}


def show_by_machine(parameters: approvals.Parameters) -> approvals.Facts:
    """Whether people or a machine read."""
    by_machine = parameters.get("by_machine") is True
    return {"its readings": "are preliminary, a machine's" if by_machine else "are people's"}


def state_of_laboratory(parameters: approvals.Parameters) -> approvals.Facts:
    """Whether it is registered, and how often it was."""
    return registrations_of(SourceKind.LABORATORY, _name(parameters))


def check(parameters: approvals.Parameters) -> None:
    """A name and a key that are nobody else's."""
    check_laboratory(name=_name(parameters), public_jwk=parameters.get("public_jwk"))


def foretell(parameters: approvals.Parameters) -> approvals.Facts:
    """What its word is worth from then on."""
    return {
        "a positive report of it": "turns people red at once"
        if parameters.get("by_machine") is not True
        else "turns people yellow, and calls a clinician",
        "people it colours": "are told its name",
        "the public statistics": "count it and its reds",
    }


def target(parameters: approvals.Parameters) -> str:
    """The laboratory."""
    return target_of(SourceKind.LABORATORY, _name(parameters))


@approvals.action(
    REGISTER_LABORATORY,
    title="Register a laboratory or a body of clinicians",
    parameters={"name": show_name, "public_jwk": show_key, "by_machine": show_by_machine},
    target=target,
    state=state_of_laboratory,
    check=check,
    effect=foretell,
)
def execute_registration(approved: approvals.Approved) -> approvals.Facts:
    """Register an approved laboratory."""
    parameters = approved.parameters
    laboratory = register_laboratory(
        name=_name(parameters),
        public_jwk=parameters["public_jwk"],
        by_machine=parameters.get("by_machine") is True,
        **approved.signatures,
    )
    return {"laboratory": str(laboratory.id), "kid": laboratory.kid}
