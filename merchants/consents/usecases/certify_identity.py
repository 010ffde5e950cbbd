"""Answer apps whether somebody is who they say: yes or no, by that person's own hand."""

import hashlib
import hmac
import uuid
from datetime import timedelta
from typing import Final

from config.kernel import clock, ids, keys, transactions
from config.kernel.errors import Conflict, Gone, NotFound
from merchants.consents.models import Certification
from merchants.consents.values import CertificationState, IdentityClaim
from merchants.onboarding.queries import app as app_by_number
from wallet import public as wallet

LIFE: Final = timedelta(hours=23)
_RANDOM_DIGITS: Final = 26


class CertificationUnknown(NotFound):
    """The app has asked no such question."""

    code = "certification_not_found"
    message = "There is no such certification."


class CertificationConflict(Conflict):
    """The app's number stands for a question about somebody else."""

    code = "certification_conflict"
    message = "This number was used for another certification."


class CertificationOver(Gone):
    """The question's time is over, or it was answered."""

    code = "certification_over"
    message = "This certification is over. Ask for a new one."


@transactions.atomic_retry
def open_certification(
    *, app_number: str, reference: str, kind: str, claim: IdentityClaim, return_url: str
) -> Certification:
    """Write a question down, good for 23 hours; the same one again is the same.

    Args:
        app_number: who asks.
        reference: the app's own number for it, unique for ever.
        kind: the app's word for how it wants the person proven.
        claim: who the person is said to be.
        return_url: where the page leads back to; "" for nowhere.

    Raises:
        CertificationConflict: the number was used for another question.

    Locks: the row.
    """
    app = app_by_number(app_number)
    number_digest = wallet.identity_digest_of(claim.number.upper())
    facts = "|".join((kind, claim.name, number_digest))
    digest = hmac.new(_key(), facts.encode(), hashlib.sha256).hexdigest()
    now = clock.now()
    row, _ = Certification.objects.select_for_update().get_or_create(
        app=app,
        reference=reference,
        defaults={
            "certify_id": f"OC{now:%Y%m%d}{ids.random_digits(_RANDOM_DIGITS)}",
            "kind": kind,
            "name": claim.name,
            "facts_digest": digest,
            "identity_digest": number_digest,
            "return_url": return_url,
            "created_at": now,
            "expires_at": now + LIFE,
        },
    )
    if row.facts_digest != digest:
        raise CertificationConflict(field="outer_order_no")
    return row


def _key() -> bytes:
    """The key without which nobody guesses a name from its digest."""
    return keys.derive("consents/certifications", 32)


def certification(certify_id: str, *, app_number: str = "") -> Certification:
    """A question by its number; with `app_number` only where that app asked it.

    Raises:
        CertificationUnknown: there is none.
    """
    rows = Certification.objects.select_related("app__merchant").filter(certify_id=certify_id)
    row = (rows.filter(app__app_number=app_number) if app_number else rows).first()
    if row is None:
        raise CertificationUnknown(field="certify_id")
    return row


def is_open(row: Certification) -> bool:
    """Whether a question can still be answered."""
    return row.state == CertificationState.WAITING and clock.now() < row.expires_at


@transactions.atomic_retry
def answer_certification(*, certify_id: str, user_id: uuid.UUID) -> Certification:
    """Compare a question with the verified identity of whoever has proven to be there.

    It is answered once: who is not that person has failed it for good. Answering it again as
    the same person gives the same.

    Args:
        certify_id: the question.
        user_id: who is there, proven by the caller.

    Raises:
        CertificationUnknown: there is none.
        CertificationOver: its time is over, or somebody else answered it.

    Locks: the row.
    """
    row = Certification.objects.select_for_update().filter(certify_id=certify_id).first()
    if row is None:
        raise CertificationUnknown(field="certify_id")
    if row.state != CertificationState.WAITING and row.user_id == user_id:
        return row
    if not is_open(row):
        raise CertificationOver()
    passed = wallet.is_verified_as(
        user_id=user_id, identity_digest=row.identity_digest, name=row.name
    )
    row.state = CertificationState.PASSED if passed else CertificationState.FAILED
    row.user_id, row.name, row.ended_at = user_id, "", clock.now()
    row.save(update_fields=["state", "user_id", "name", "ended_at"])
    return row
