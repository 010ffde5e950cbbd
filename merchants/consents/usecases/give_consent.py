"""A citizen lets an app know them."""

import uuid
from collections.abc import Iterable

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from merchants.consents import queries, rules
from merchants.consents.models import Grant
from merchants.consents.usecases.issue_code import issue_code
from merchants.consents.values import GrantKind, Scope
from merchants.onboarding.queries import app as app_by_number


@transactions.atomic_retry
def give_consent(
    *, app_number: str, user_id: uuid.UUID, scopes: Iterable[Scope], purpose: str = ""
) -> str:
    """Write a citizen's consent down and give the code that the app turns into tokens.

    Consent adds up: what was allowed before stays allowed. Giving it again is a new code
    and no new consent.

    Args:
        app_number: the app's public number.
        user_id: the citizen, who is signed in and has agreed.
        scopes: what they agreed to.
        purpose: what a history may be read for; another one takes the earlier one's place.

    Raises:
        rules.PurposeMissing: a history is read for nothing that could be shown.
        AppNotFound: there is no such app.

    Locks: the consent.
    """
    app = app_by_number(app_number)
    scope_set = frozenset(scopes)
    text = rules.check_purpose(scope_set, purpose)
    open_id = queries.open_id_of(user_id, app_number=app_number)
    Grant.objects.get_or_create(
        kind=GrantKind.CITIZEN, app=app, user_id=user_id, defaults={"open_id": open_id}
    )
    grant = Grant.objects.select_for_update().get(kind=GrantKind.CITIZEN, app=app, user_id=user_id)
    had = rules.scopes_of(grant.scopes) if grant.revoked_at is None else frozenset()
    if not scope_set <= had or (text and text != grant.purpose):
        grant.scopes = rules.scopes_text(had | scope_set)
        grant.purpose = text or (grant.purpose if Scope.HISTORY in had else "")
        grant.granted_at, grant.revoked_at = clock.now(), None
        grant.save(update_fields=["scopes", "purpose", "granted_at", "revoked_at"])
        record(
            action="consent.given",
            actor=f"user:{user_id}",
            target=f"app:{app_number}",
            purpose="an app may know the citizen",
            after={"scopes": grant.scopes, "purpose": grant.purpose},
        )
    return issue_code(grant=grant, scopes=scope_set)
