"""A merchant lets another merchant's app act for it."""

import uuid
from collections.abc import Iterable

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest
from merchants.consents import rules
from merchants.consents.models import Grant
from merchants.consents.usecases.issue_code import issue_code
from merchants.consents.values import GrantKind, Scope
from merchants.onboarding.queries import app as app_by_number


class MandateToItself(InvalidRequest):
    """An app needs no mandate to act for itself."""

    code = "mandate_to_itself"
    message = "An app cannot be given a mandate for itself."


@transactions.atomic_retry
def give_mandate(
    *,
    app_number: str,
    subject_app_number: str,
    user_id: uuid.UUID,
    scopes: Iterable[Scope] = (Scope.PAY,),
) -> str:
    """Write a mandate down and give the code that the app turns into tokens.

    What is allowed now takes the place of what was: older tokens keep no more than that.

    Args:
        app_number: the app that is to act.
        subject_app_number: the merchant's own app, for which it acts.
        user_id: the merchant's owner, who is signed in and has agreed.
        scopes: what the app may do.

    Raises:
        MandateEmpty: nothing was chosen.
        AppNotFound: there is no such app, or the subject is not the owner's.
        MandateToItself: both are one app.

    Locks: the mandate.
    """
    chosen = frozenset(scopes)
    rules.check_mandate(chosen)
    app = app_by_number(app_number)
    subject = app_by_number(subject_app_number, owner_id=user_id)
    if app.id == subject.id:
        raise MandateToItself(field="auth_app_id")
    key = {"kind": GrantKind.MERCHANT, "app": app, "subject_app": subject}
    Grant.objects.get_or_create(**key, defaults={"user_id": user_id, "revoked_at": clock.now()})
    grant = Grant.objects.select_for_update().get(**key)
    allowed = rules.scopes_text(chosen)
    if grant.revoked_at is not None or grant.scopes != allowed:
        before, grant.scopes = grant.scopes, allowed
        grant.user_id, grant.granted_at, grant.revoked_at = user_id, clock.now(), None
        grant.save(update_fields=["user_id", "granted_at", "revoked_at", "scopes"])
        record(
            action="mandate.given",
            actor=f"user:{user_id}",
            target=f"app:{app_number}",
            purpose="an app may act for the merchant",
            before={"scopes": before},
            after={"for": subject_app_number, "scopes": allowed},
        )
    return issue_code(grant=grant, scopes=chosen)
