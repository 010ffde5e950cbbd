"""A user disputes that arrears count as late in their payment trust."""

import uuid

from config.kernel import transactions
from config.kernel.audit.chain import record
from wallet.authorisations import rules
from wallet.authorisations.models import Arrears, TrustDispute


@transactions.atomic_retry
def dispute_trust(
    *, user_id: uuid.UUID, arrears_id: uuid.UUID, grounds: str
) -> tuple[TrustDispute, bool]:
    """Ask for a late mark to be taken out of the figure; two operators decide.

    Until then the figure stays as it is, and so does the debt.

    Args:
        user_id: who disputes; the arrears are their own.
        arrears_id: arrears that outlived their grace, owed still or paid since.
        grounds: why the mark is wrong, in the user's words; up to 500 characters.

    Returns:
        The dispute, and whether these words had opened it before.

    Raises:
        ArrearsUnknown: there are none, or they are somebody else's.
        ArrearsNotLate: they carry no mark.
        TrustDisputeTaken: they were disputed before, with other grounds.

    Locks: the arrears.
    """
    arrears = Arrears.objects.select_for_update().filter(id=arrears_id, payer_id=user_id).first()
    if arrears is None:
        raise rules.ArrearsUnknown(field="arrears_id")
    earlier = TrustDispute.objects.filter(arrears=arrears).first()
    if earlier is not None:
        if earlier.grounds != grounds:
            raise rules.TrustDisputeTaken(field="grounds", state=earlier.state)
        return earlier, True
    rules.check_disputable(late=arrears.late)
    dispute = TrustDispute.objects.create(user_id=user_id, arrears=arrears, grounds=grounds)
    record(
        action="trust.disputed",
        actor=f"user:{user_id}",
        target=rules.dispute_target(dispute.id),
        purpose="a late mark in the payment-trust figure",
        after={"arrears": str(arrears.id)},
    )
    return dispute, False
