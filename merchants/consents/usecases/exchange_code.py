"""Turn a code into tokens, once."""

from config.kernel import clock, transactions
from merchants.consents import rules
from merchants.consents.models import GrantCode
from merchants.consents.usecases.issue_tokens import issue_tokens
from merchants.consents.values import GrantKind, Issued


def exchange_code(*, app_number: str, code: str, kind: GrantKind) -> Issued:
    """Give tokens for a code. A code that comes twice was stolen: its tokens end.

    Call it outside a transaction: the end of the tokens must survive the refusal.

    Args:
        app_number: the app that asks; a code is worth nothing to another.
        code: as it came back through the browser.
        kind: what it is to open.

    Raises:
        rules.CodeRefused: unknown, used, too old, or another app's.

    Locks: the code.
    """
    issued = _exchange(app_number, code, kind)
    if issued is None:
        raise rules.CodeRefused(field="code")
    return issued


@transactions.atomic_retry
def _exchange(app_number: str, code: str, kind: GrantKind) -> Issued | None:
    rows = GrantCode.objects.select_for_update(of=("self",)).select_related(
        "grant__app", "grant__subject_app"
    )
    grant = rows.filter(code_hash=rules.fingerprint(code)).first()
    now = clock.now()
    if grant is None or grant.grant.kind != kind or grant.grant.app.app_number != app_number:
        return None
    if grant.used_at is not None:
        grant.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
        return None
    if not rules.is_live(revoked_at=grant.grant.revoked_at, expires_at=grant.expires_at, at=now):
        return None
    grant.used_at = now
    grant.save(update_fields=["used_at"])
    return issue_tokens(code=grant, scopes=grant.scopes)
