"""Make a pair of tokens for a grant."""

import secrets

from config.kernel import clock, transactions
from merchants.consents import rules
from merchants.consents.models import GrantCode, GrantToken
from merchants.consents.values import GrantKind, Issued

_BYTES = 24
# Letters that tell a reader of logs whose token it is; the strength is in the rest.
_MARKS = {GrantKind.CITIZEN: "auth", GrantKind.MERCHANT: "app"}


def issue_tokens(*, code: GrantCode, scopes: str) -> Issued:
    """Give a new access and a new refresh token, which are kept as hashes alone.

    Args:
        code: the code that the line of tokens began with, its grant beside it.
        scopes: what they may see, as kept.
    """
    transactions.require()
    grant = code.grant
    kind, now = GrantKind(grant.kind), clock.now()
    access, refresh = (_MARKS[kind] + part + secrets.token_hex(_BYTES) for part in ("B", "R"))
    token = GrantToken.objects.create(
        grant=grant,
        code=code,
        access_hash=rules.fingerprint(access),
        refresh_hash=rules.fingerprint(refresh),
        scopes=scopes,
        issued_at=now,
        expires_at=now + rules.ACCESS_LIFE[kind],
        refresh_expires_at=now + rules.REFRESH_LIFE[kind],
    )
    return Issued(
        grant_id=grant.id,
        user_id=grant.user_id,
        open_id=grant.open_id,
        subject_app_number=grant.subject_app.app_number if grant.subject_app else "",
        access_token=access,
        refresh_token=refresh,
        issued_at=now,
        expires_at=token.expires_at,
        refresh_expires_at=token.refresh_expires_at,
    )
