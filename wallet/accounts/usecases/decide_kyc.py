"""Decide applications for verification, by what the registry says."""

from datetime import datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.claims import claim
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries
from wallet.accounts.models import KycApplication
from wallet.accounts.ports import IDENTITY_CHECK
from wallet.accounts.usecases.verify_person import verify_person
from wallet.accounts.values import ApplicationState

BATCH = 100
# How long until a registry that has not answered is asked again.
ASK_AGAIN_AFTER = timedelta(minutes=1)


@transactions.atomic_retry
def decide_due_applications(*, now: datetime) -> int:
    """Decide the applications due by `now`; returns how many. Safe beside other workers."""
    due = claim(queries.due_applications(now), BATCH)
    return sum(_decide(application, now) for application in due)


def _decide(application: KycApplication, now: datetime) -> bool:
    """Approve or reject one claimed application and tell of it; False: no answer yet.

    Locks: the application, the user, then as `verify_person`.
    """
    answer = IDENTITY_CHECK.adapter().answer(application, on=clock.house_day(now))
    if answer is None:
        application.due_at = now + ASK_AGAIN_AFTER
        application.save(update_fields=["due_at"])
        return False
    user = queries.locked_user(application.user_id)
    reason = answer.rejection
    if reason is None and user.kyc_suspended_tier is not None:
        reason = "kyc_suspended"
    if reason is None:
        reason = verify_person(
            user=user,
            digest=application.id_number_digest,
            legal_name=application.legal_name,
            at=now,
        )
    if reason is None:
        application.state = ApplicationState.APPROVED
        user.kyc_tier = max(user.kyc_tier, application.tier)
        user.save(update_fields=["kyc_tier"])
    else:
        application.state = ApplicationState.REJECTED
        application.reason = reason
    application.decided_at = now
    application.save(update_fields=["state", "reason", "decided_at"])
    outbox.add(
        topic="kyc.decided",
        aggregate_id=application.id,
        payload={
            "application_id": str(application.id),
            "user_number": user.user_number,
            "state": application.state,
            "code": "" if reason is None else "kyc_rejected",
        },
    )
    return True
