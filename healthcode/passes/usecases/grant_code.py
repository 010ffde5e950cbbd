"""Let an app call one's code."""

from datetime import timedelta

from config.kernel import clock, transactions
from healthcode.passes.models import CodeGrant
from healthcode.subjects.models import Subject


@transactions.atomic_retry
def grant_code(*, subject: Subject, app: str, purpose: str, minutes: int) -> CodeGrant:
    """Write down the person's leave; it ends by itself after `minutes`."""
    now = clock.now()
    return CodeGrant.objects.create(
        subject=subject,
        app=app,
        purpose=purpose,
        granted_at=now,
        valid_until=now + timedelta(minutes=minutes),
    )
