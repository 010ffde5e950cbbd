"""The signing key changes outside its timetable once a second operator agrees."""

from config.kernel import approvals
from config.kernel.actors import operator_actor
from config.kernel.errors import Conflict
from healthcode.passes.models import SigningKey
from healthcode.passes.usecases.rotate_signing_key import rotate_signing_key
from healthcode.passes.values import KeyState

ROTATE = "health.rotate_signing_key"


class KeyNotActive(Conflict):
    """The key named is not the one that signs."""

    code = "signing_key_not_active"
    message = "This key does not sign now."


def active_kid() -> str:
    """The id of the key that signs; empty where none does yet."""
    active = SigningKey.objects.filter(state=KeyState.ACTIVE)
    return active.values_list("kid", flat=True).first() or ""


def show_key(parameters: approvals.Parameters) -> approvals.Facts:
    """The key that is to sign no more."""
    kid = str(parameters["kid"])
    key = SigningKey.objects.filter(kid=kid).first()
    link = approvals.Link(kid, "health_passes.SigningKey", str(key.pk)) if key else kid
    return {"key that signs now": link}


def keys_now(parameters: approvals.Parameters) -> approvals.Facts:
    """How the keys stand."""
    waiting = SigningKey.objects.filter(state=KeyState.PENDING).values_list("kid", flat=True)
    return {"signs now": active_kid(), "announced": ", ".join(waiting) or "none"}


def check_active(parameters: approvals.Parameters) -> None:
    """The key named is the one that signs.

    Raises:
        KeyNotActive: another one does by now, or none.
    """
    if not parameters["kid"] or parameters["kid"] != active_kid():
        raise KeyNotActive(field="kid")


def foretell_rotation(parameters: approvals.Parameters) -> approvals.Facts:
    """Which key signs then, and who knows it."""
    waiting = SigningKey.objects.filter(state=KeyState.PENDING).values_list("kid", flat=True)
    new = waiting.first() or "a new key, which verifiers know with their next trust list"
    return {"signs": approvals.change(parameters["kid"], new), "old key": "only verifies"}


def target_keys(parameters: approvals.Parameters) -> str:
    """The place of the key that signs: there is one."""
    return "signing_key:active"


@approvals.action(
    ROTATE,
    title="Rotate the signing key",
    parameters={"kid": show_key},
    target=target_keys,
    state=keys_now,
    check=check_active,
    effect=foretell_rotation,
)
def rotate_approved(approved: approvals.Approved) -> approvals.Facts:
    """Put another key in force."""
    key = rotate_signing_key(actor=operator_actor(approved.checkers[-1]))
    return {"kid": key.kid}
