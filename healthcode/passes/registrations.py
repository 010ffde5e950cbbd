"""What three people decide about sources: that a foreign issuer's certificates count."""

from config.kernel import approvals
from healthcode.decisions.usecases.register_source import registrations_of, target_of
from healthcode.decisions.values import SourceKind
from healthcode.passes.usecases.register_issuer import check_issuer, register_issuer

REGISTER_ISSUER = "health.register_issuer"


def _name(parameters: approvals.Parameters) -> str:
    return str(parameters.get("name") or "")


def show_name(parameters: approvals.Parameters) -> approvals.Facts:
    """Who it is."""
    return {"issuer": _name(parameters)}


def show_certificate(parameters: approvals.Parameters) -> approvals.Facts:
    """Its certificate, as it was given."""
    return {"certificate": parameters.get("certificate") or "none"}


def show_jwks(parameters: approvals.Parameters) -> approvals.Facts:
    """How many keys its set has."""
    jwks = parameters.get("jwks")
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    return {"keys in its set": len(keys) if isinstance(keys, list) else "none"}


def show_did_document(parameters: approvals.Parameters) -> approvals.Facts:
    """Whose document it is."""
    document = parameters.get("did_document")
    return {"document": document.get("id", "-") if isinstance(document, dict) else "none"}


def state_of_issuer(parameters: approvals.Parameters) -> approvals.Facts:
    """Whether it is registered, and how often it was."""
    return registrations_of(SourceKind.ISSUER, _name(parameters))


def check(parameters: approvals.Parameters) -> None:
    """A name, and keys of exactly one kind that can be used."""
    check_issuer(
        name=_name(parameters),
        certificate=str(parameters.get("certificate") or ""),
        jwks=parameters.get("jwks"),
        did_document=parameters.get("did_document"),
    )


def foretell(_: approvals.Parameters) -> approvals.Facts:
    """What its certificates are worth from then on."""
    return {
        "its certificates": "count as evidence, and may clear or colour whom they name",
        "people it colours": "are told its name",
        "the public statistics": "count it",
    }


def target(parameters: approvals.Parameters) -> str:
    """The issuer."""
    return target_of(SourceKind.ISSUER, _name(parameters))


@approvals.action(
    REGISTER_ISSUER,
    title="Trust a foreign issuer's certificates",
    parameters={
        "name": show_name,
        "certificate": show_certificate,
        "jwks": show_jwks,
        "did_document": show_did_document,
    },
    target=target,
    state=state_of_issuer,
    check=check,
    effect=foretell,
    checkers=2,
)
def execute_issuer(approved: approvals.Approved) -> approvals.Facts:
    """Register an approved issuer."""
    parameters = approved.parameters
    issuer = register_issuer(
        name=_name(parameters),
        certificate=str(parameters.get("certificate") or ""),
        jwks=parameters.get("jwks"),
        did_document=parameters.get("did_document"),
        **approved.signatures,
    )
    return {"issuer": str(issuer.id)}
