"""Enrol a person's consent to be recognised."""

import secrets
import uuid

from django.db import IntegrityError, transaction

from config.kernel import transactions
from config.kernel.audit.chain import record
from config.kernel.errors import required
from merchants.faces import queries
from merchants.faces.models import FaceEnrolment
from wallet import public as wallet


def enrol_face(*, user_id: uuid.UUID, pin: str) -> FaceEnrolment:
    """Give the reference under which vendors' terminals may recognise a person.

    Enrolling again gives the same enrolment; after a withdrawal there is a new reference,
    and the old one stays dead. Call it outside a transaction: wrong PINs are counted.

    Args:
        user_id: the person.
        pin: their payment PIN.

    Raises:
        wallet.PinWrong, wallet.PinLocked: the PIN is not theirs.
    """
    wallet.check_pin(user_id=user_id, pin=pin)
    return _enrol(user_id)


@transactions.atomic_retry
def _enrol(user_id: uuid.UUID) -> FaceEnrolment:
    enrolment = queries.enrolment_of(user_id)
    if enrolment is not None:
        return enrolment
    try:
        with transaction.atomic():
            created = FaceEnrolment.objects.create(user_id=user_id, subject=secrets.token_hex(16))
    except IntegrityError:
        return required(queries.enrolment_of(user_id), "somebody else has just enrolled them")
    record(
        action="face.enrolled",
        actor=f"user:{user_id}",
        target=f"face_enrolment:{created.id}",
        purpose="the person wants to pay by face",
    )
    return created
