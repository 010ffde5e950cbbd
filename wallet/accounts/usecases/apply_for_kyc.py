"""Apply to be verified for a tier."""

import uuid
from datetime import timedelta

from django.conf import settings

from config.kernel import clock, keys, transactions
from config.kernel.errors import Conflict, InvalidRequest, Refused
from config.kernel.names import fits_name
from wallet.accounts import queries, rules
from wallet.accounts.models import KycApplication, WalletUser
from wallet.accounts.ports import IDENTITY_CHECK
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


class IdentityDiffers(Conflict):
    """The wallet is verified for another person; it does not change hands."""

    code = "identity_differs"
    message = "This wallet account is verified for another identity."


@transactions.atomic_retry
def apply_for_kyc(
    *, user_id: uuid.UUID, tier: int, legal_name: str, id_number: str
) -> KycApplication:
    """Hand in an application; a timetable job decides it SAOMA_KYC_DECISION_S later.

    The identity number is kept masked and as a keyed digest only. Handing in the same
    application again while it is pending gives the same one back. A wallet that has been
    verified stays with its person: a higher tier needs the same number and name.

    Args:
        user_id: who applies.
        tier: 1, 2 or 3; above the tier held.
        legal_name: as on the identity document, 1 to 64 characters.
        id_number: 18-character resident identity number (GB 11643).

    Raises:
        TierInvalid, IdentityInvalid, NameInvalid: an input is wrong.
        TierHeld: nothing to gain.
        ApplicationPending: a different application is pending.
        KycSuspended: an operator has suspended the verification.
        IdentityDiffers: the wallet is verified for another number or name.
        UserUnknown: there is no such user.

    Locks: the user, so that there is one pending application.
    """
    if tier not in TIER_LIMITS or tier == 0:
        raise TierInvalid(field="tier")
    number = id_number.strip().upper()
    born = rules.birth_date(number)
    legal_name = rules.shown_name(legal_name, field="legal_name")
    user = queries.locked_user(user_id)
    digest = rules.identity_digest(queries.identity_pepper(), number)
    pending = queries.pending_application(user_id)
    if pending is not None:
        if (pending.tier, pending.id_number_digest) == (tier, digest):
            return pending
        raise ApplicationPending(application_id=str(pending.id))
    if user.kyc_suspended_tier is not None:
        raise KycSuspended()
    if tier <= user.kyc_tier:
        raise TierHeld(tier=user.kyc_tier)
    _check_same_person(user, number=number, digest=digest, legal_name=legal_name)
    now = clock.now()
    application = KycApplication.objects.create(
        user=user,
        tier=tier,
        legal_name=legal_name,
        id_number_masked=rules.mask_identity(number),
        id_number_digest=digest,
        birth_date=born,
        created_at=now,
        due_at=now + timedelta(seconds=settings.SAOMA_KYC_DECISION_S),
    )
    IDENTITY_CHECK.adapter().ask(application, id_number=number)
    return application


def _check_same_person(user: WalletUser, *, number: str, digest: str, legal_name: str) -> None:
    """Check that a verified wallet stays with its person.

    Wallets verified before digests were comparable are held to their last application.
    """
    person = user.person
    if person.verified_at is None:
        return
    verified = person.identity_digest
    if verified is None:
        last = queries.last_approval(user.id)
        verified = last.id_number_digest if last else None
        digest = rules.peppered(keys.derive("accounts/identity", 32), user.id, number)
    if verified not in {None, digest}:
        raise IdentityDiffers(field="id_number")
    if not fits_name(legal_name, person.legal_name):
        raise IdentityDiffers(field="legal_name")
