"""Withdraw a person's consent to be recognised."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from merchants.faces.models import FaceEnrolment
from merchants.faces.values import EnrolmentState


@transactions.atomic_retry
def withdraw_face(*, user_id: uuid.UUID) -> None:
    """End a person's enrolment; tokens made before it end with it. Again changes nothing.

    Locks: the enrolment.
    """
    enrolment = (
        FaceEnrolment.objects.select_for_update()
        .filter(user_id=user_id, state=EnrolmentState.ACTIVE)
        .first()
    )
    if enrolment is None:
        return
    enrolment.state, enrolment.withdrawn_at = EnrolmentState.WITHDRAWN, clock.now()
    enrolment.save(update_fields=["state", "withdrawn_at"])
    record(
        action="face.withdrawn",
        actor=f"user:{user_id}",
        target=f"face_enrolment:{enrolment.id}",
        purpose="the person took it back",
    )
