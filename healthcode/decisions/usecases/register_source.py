"""Let somebody be a source of what colours people, and take that away again.

Nobody becomes one by being written into a table: each stands on a registration that others
approved. Taking it away is one operator's, at once, for safety; its return takes them all.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from config.kernel import approvals, clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals import targets
from config.kernel.audit import chain
from config.kernel.errors import Refused
from healthcode.codec.keys import UnusableKey, from_jwk, thumbprint
from healthcode.decisions.models import Laboratory, SourceRegistration
from healthcode.decisions.usecases.claim_keys import check_keys, claim_keys
from healthcode.decisions.values import SourceKind

NAME_CHARACTERS = 80
# Who must have approved, beside whoever asked.
CHECKERS: Mapping[SourceKind, int] = {
    SourceKind.LABORATORY: 1,
    SourceKind.ISSUER: 2,
    SourceKind.TERMINAL: 1,
}


class SourceRefused(Refused):
    """A source needs a name and a key of its own, and as many people as its kind takes."""

    code: ClassVar[str] = "source_refused"
    message: ClassVar[str] = "This cannot be registered as a source; see the field."


def check_name(name: str) -> None:
    """Check that a source can be told by its name.

    Raises:
        SourceRefused: too short, too long, or with blanks around it.
    """
    if not 3 <= len(name) <= NAME_CHARACTERS or name != name.strip() or not name.isprintable():
        raise SourceRefused(field="name")


def check_laboratory(*, name: str, public_jwk: object) -> dict[str, str]:
    """Check a laboratory's name and key; returns the key as it is kept.

    Raises:
        SourceRefused: no P-256 public key, another laboratory's name, or in force already.
        KeyOfSomebodyElse: the key is ours or another party's.
    """
    check_name(name)
    if not isinstance(public_jwk, Mapping) or public_jwk.get("crv") != "P-256":
        raise SourceRefused(field="public_jwk")
    if "d" in public_jwk:
        raise SourceRefused(field="public_jwk", reason="private_key")
    try:
        from_jwk(public_jwk)
    except UnusableKey as error:
        raise SourceRefused(field="public_jwk") from error
    key = {member: str(public_jwk[member]) for member in ("kty", "crv", "x", "y")}
    kid = thumbprint(key)
    check_keys([from_jwk(key).public], party=f"laboratory:{name}", field="public_jwk")
    laboratory = Laboratory.objects.filter(name=name).select_related("registration").first()
    if laboratory is not None and laboratory.kid != kid:
        raise SourceRefused(field="name", reason="name_of_another")
    if laboratory is not None:
        check_not_registered(laboratory.registration)
    return {**key, "kid": kid}


def check_not_registered(registration: SourceRegistration | None) -> None:
    """Check that a source is not one already.

    Raises:
        SourceRefused: its registration stands.
    """
    if registration is not None and registration.withdrawn_at is None:
        raise SourceRefused(field="name", reason="registered_already")


@transactions.atomic_retry
def enter_source(
    *, kind: SourceKind, name: str, maker: str, checkers: Sequence[str], approval_id: uuid.UUID
) -> SourceRegistration:
    """Write down that something is a source from now on, by whose approval; once for each.

    Raises:
        SourceRefused: fewer different people stand behind it than the kind takes.
    """
    needed = CHECKERS[kind]
    people = (maker, *checkers[:needed])
    if len(set(people)) < needed + 1 or not all(people):
        raise SourceRefused(field="checkers", needed=needed)
    registration, is_new = SourceRegistration.objects.get_or_create(
        approval_id=approval_id,
        defaults={
            "kind": kind,
            "name": name,
            "maker": maker,
            "checker": checkers[0],
            "third": checkers[1] if needed > 1 else "",
            "registered_at": clock.now(),
        },
    )
    if is_new:
        chain.record(
            action="health.register_source",
            actor=operator_actor(maker),
            target=f"{kind}:{registration.id}",
            after={"name": name, "approved_by": list(checkers[:needed])},
        )
    return registration


@transactions.atomic_retry
def register_laboratory(
    *,
    name: str,
    public_jwk: object,
    by_machine: bool,
    maker: str,
    checkers: Sequence[str],
    approval_id: uuid.UUID,
) -> Laboratory:
    """Let a laboratory's reports, or clinicians' sign-offs, count from now on.

    Raises:
        SourceRefused: see `check_laboratory` and `enter_source`.
        KeyOfSomebodyElse: the key is ours or another party's.
    """
    laboratory = Laboratory.objects.filter(registration__approval_id=approval_id).first()
    if laboratory is not None:
        return laboratory
    jwk = check_laboratory(name=name, public_jwk=public_jwk)
    claim_keys([from_jwk(jwk).public], party=f"laboratory:{name}", field="public_jwk")
    registration = enter_source(
        kind=SourceKind.LABORATORY,
        name=name,
        maker=maker,
        checkers=checkers,
        approval_id=approval_id,
    )
    facts: dict[str, Any] = {
        "public_jwk": jwk, "kid": jwk["kid"], "by_machine": by_machine,
        "registration": registration,
    }  # fmt: skip
    return Laboratory.objects.update_or_create(name=name, defaults=facts)[0]


@transactions.atomic_retry
def withdraw_source(
    *, registration_id: uuid.UUID, actor: str, reason: str = ""
) -> SourceRegistration:
    """Take a source out of force at once; again changes nothing. What it said stays.

    Raises:
        SourceRegistration.DoesNotExist: there is none.

    Locks: the registration.
    """
    registration = SourceRegistration.objects.select_for_update().get(id=registration_id)
    if registration.withdrawn_at is None:
        registration.withdrawn_at, registration.withdrawn_by = clock.now(), actor[:160]
        registration.save(update_fields=["withdrawn_at", "withdrawn_by"])
        chain.record(
            action="health.withdraw_source",
            actor=actor,
            target=f"{registration.kind}:{registration.id}",
            after={"name": registration.name, "reason": reason[:200]},
        )
        targets.moved(target_of(SourceKind(registration.kind), registration.name), actor=actor)
    return registration


def target_of(kind: SourceKind, name: str) -> str:
    """A source, as requests for approval name it."""
    return f"{kind}:{name}"[:128]


def registrations_of(kind: SourceKind, name: str) -> approvals.Facts:
    """How often a source was registered, and whether it is now: what makes a request stale."""
    rows = SourceRegistration.objects.filter(kind=kind, name=name)
    return {
        "registered before": rows.count(),
        "registered now": rows.filter(withdrawn_at__isnull=True).exists(),
    }
