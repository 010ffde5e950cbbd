"""Claim a face token for one order."""

import uuid

from config.kernel import clock, transactions
from merchants.faces import queries, rules
from merchants.faces.models import FaceToken
from merchants.faces.values import Claimed


def claim_token(*, token: str, merchant_id: uuid.UUID, reference: str) -> Claimed:
    """Say whom a token stands for, and use it up for one order of one merchant.

    In the caller's transaction: where that rolls back the token is free again. The same
    order again is answered as the first time, also after the minute.

    Args:
        token: as the terminal gave it, `fp…`.
        merchant_id: who shows it.
        reference: the merchant's number of what it is used for.

    Raises:
        rules.TokenInvalid, rules.TokenExpired, rules.MerchantMismatch: see `token_shown`.
        rules.TokenUsed: it was used for something else.
    """
    transactions.require()
    face_token = queries.token_shown(token, merchant_id=merchant_id)
    free = FaceToken.objects.filter(id=face_token.id, used_at__isnull=True)
    if not free.update(used_at=clock.now(), reference=reference):
        face_token.refresh_from_db(fields=["reference"])
        if face_token.reference != reference:
            raise rules.TokenUsed(field="auth_code")
    return Claimed(user_id=face_token.enrolment.user_id, on_phone=face_token.on_phone)
