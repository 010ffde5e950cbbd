"""Apply to be verified for a tier."""

import uuid
from datetime import timedelta

from django.conf import settings

from config.kernel import clock, keys, transactions
from config.kernel.errors import Conflict, InvalidRequest, Refused
from wallet.accounts import queries, rules
from wallet.accounts.models import KycApplication
from wallet.accounts.values import TIER_LIMITS


class TierInvalid(InvalidRequest):
    """There is no such tier to apply for."""

    code = "tier_invalid"
    message = "Apply for tier 1, 2 or 3."


class TierHeld(Conflict):
    """The user is verified for this tier or a higher one already."""

    code = "tier_held"
    message = "You are verified for this tier already."


class ApplicationPending(Conflict):
    """Another application is still being decided."""

    code = "application_pending"
    message = "Another application is still being decided."


class KycSuspended(Refused):
    """The verification was suspended by an operator; applying does not lift that."""

    code = "kyc_suspended"
    message = "Your verification is suspended."


@transactions.atomic_retry
def apply_for_kyc(
    *, user_id: uuid.UUID, tier: int, legal_name: str, id_number: str
) -> KycApplication:
    """Hand in an application; a timetable job decides it SAOMA_KYC_DECISION_S later.

    The identity number is kept masked and as a keyed digest only. Handing in the same
    application again while it is pending gives the same one back.

    Args:
        user_id: who applies.
        tier: 1, 2 or 3; above the tier held.
        legal_name: as on the identity document, 1 to 64 characters.
        id_number: 18-character resident identity number (GB 11643).

    Raises:
        TierInvalid, IdentityInvalid: an input is wrong.
        TierHeld: nothing to gain.
        ApplicationPending: a different application is pending.
        KycSuspended: an operator has suspended the verification.
        UserUnknown: there is no such user.

    Locks: the user, so that there is one pending application.
    """
    if tier not in TIER_LIMITS or tier == 0:
        raise TierInvalid(field="tier")
    number = id_number.strip().upper()
    born = rules.birth_date(number)
    user = queries.locked_user(user_id)
    digest = rules.peppered(keys.derive("accounts/identity", 32), user_id, number)
    pending = queries.pending_application(user_id)
    if pending is not None:
        if (pending.tier, pending.id_number_digest) == (tier, digest):
            return pending
        raise ApplicationPending(application_id=str(pending.id))
    if user.kyc_suspended_tier is not None:
        raise KycSuspended()
    if tier <= user.kyc_tier:
        raise TierHeld(tier=user.kyc_tier)
    now = clock.now()
    return KycApplication.objects.create(
        user=user,
        tier=tier,
        legal_name=legal_name.strip(),
        id_number_masked=rules.mask_identity(number),
        id_number_digest=digest,
        birth_date=born,
        created_at=now,
        due_at=now + timedelta(seconds=settings.SAOMA_KYC_DECISION_S),
    )
