"""Turn a refresh token into a new pair, once."""

from config.kernel import clock, transactions
from merchants.consents import rules
from merchants.consents.models import GrantToken
from merchants.consents.usecases.issue_tokens import issue_tokens
from merchants.consents.values import GrantKind, Issued


@transactions.atomic_retry
def refresh_tokens(*, app_number: str, refresh_token: str, kind: GrantKind) -> Issued:
    """Give a new pair of tokens; the old pair ends.

    Args:
        app_number: the app that asks.
        refresh_token: of its last pair.
        kind: what the pair opens.

    Raises:
        rules.RefreshRefused: unknown, used, revoked, or another app's.
        rules.RefreshExpired: its time is over.

    Locks: the pair.
    """
    rows = GrantToken.objects.select_for_update(of=("self",)).select_related(
        "code__grant__app", "code__grant__subject_app"
    )
    token = rows.filter(refresh_hash=rules.fingerprint(refresh_token)).first()
    grant = token.code.grant if token else None
    if token is None or grant is None or grant.kind != kind or grant.app.app_number != app_number:
        raise rules.RefreshRefused(field="refresh_token")
    now = clock.now()
    if token.revoked_at is not None or grant.revoked_at is not None:
        raise rules.RefreshRefused(field="refresh_token")
    if now >= token.refresh_expires_at:
        raise rules.RefreshExpired(field="refresh_token")
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    return issue_tokens(code=token.code, scopes=token.scopes)
