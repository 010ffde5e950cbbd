"""Make a code that opens a grant once."""

import secrets
from collections.abc import Iterable

from config.kernel import clock, transactions
from merchants.consents import rules
from merchants.consents.models import Grant, GrantCode
from merchants.consents.values import GrantKind, Scope

_BYTES = 20


def issue_code(*, grant: Grant, scopes: Iterable[Scope]) -> str:
    """Give a new code of a locked grant: 32 letters and digits, kept as a hash.

    Args:
        grant: in force, locked by the caller's transaction.
        scopes: what tokens made of it may see.
    """
    transactions.require()
    code = secrets.token_hex(_BYTES)[:32]
    now = clock.now()
    GrantCode.objects.create(
        grant=grant,
        code_hash=rules.fingerprint(code),
        scopes=rules.scopes_text(scopes),
        created_at=now,
        expires_at=now + rules.CODE_LIFE[GrantKind(grant.kind)],
    )
    return code
