"""Let an app read what a citizen bought at its own merchant, for the purpose they agreed to."""

from dataclasses import dataclass
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from merchants.consents import queries, rules
from merchants.consents.values import GrantKind, Scope
from wallet import public as wallet


@dataclass(frozen=True, slots=True)
class History:
    """What an app may read of a citizen: their purchases at its merchant since a moment."""

    open_id: str
    purpose: str
    since: datetime
    purchases: list[wallet.PaymentView]


@transactions.atomic_retry
def read_history(*, access_token: str) -> History:
    """Give a citizen's purchases of the last 90 days, newest first, a hundred at most.

    Of no other merchant and nothing but purchases. Each look is a row of the audit trail,
    with the purpose.

    Args:
        access_token: the citizen's, as the app got it.

    Raises:
        rules.TokenRefused, rules.TokenExpired: it opens nothing (any more).
        rules.ScopeMissing: the citizen has not allowed the history, or not to this token.
    """
    token = queries.grant_of_token(access_token, app_number=None, kind=GrantKind.CITIZEN)
    grant = token.grant
    for scopes in (token.scopes, grant.scopes):
        if Scope.HISTORY not in rules.scopes_of(scopes):
            raise rules.ScopeMissing(scope=Scope.HISTORY.value)
    now = clock.now()
    since = now - rules.HISTORY_SPAN
    purchases = wallet.payments_of_pair(
        payer_id=grant.user_id,
        payee_id=grant.app.merchant_id,
        after=since,
        most=rules.MOST_HISTORY,
    )
    record(
        action="consent.history_read",
        actor=f"app:{grant.app.app_number}",
        target=f"consent:{grant.id}",
        purpose=grant.purpose,
        after={"purchases": len(purchases)},
    )
    return History(grant.open_id, grant.purpose, since, purchases)
