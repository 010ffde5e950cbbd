"""Rotate an app's public key, with overlap."""

from datetime import timedelta

from config.kernel import clock, transactions
from config.kernel.errors import InvalidRequest
from merchants.onboarding import rules
from merchants.onboarding.models import AppKey
from merchants.onboarding.usecases.key_steps import add_key, locked_app
from merchants.onboarding.values import KeyState, SignType

OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=30)


class OverlapOutOfRange(InvalidRequest):
    """The overlap of a rotation lies outside zero to thirty days."""

    code = "overlap_out_of_range"
    message = "Old and new key may be valid together for 0 to 720 hours."


@transactions.atomic_retry
def rotate_key(
    *,
    app_number: str,
    public_key: str,
    overlap: timedelta = OVERLAP,
    sign_types: tuple[SignType, ...] = (SignType.RSA2,),
) -> AppKey:
    """Put a new key in the active one's place; both are valid during the overlap.

    With no active key this is an upload. The active key again is returned unchanged, so
    a retried rotation does not start another overlap.

    Raises:
        OverlapOutOfRange: not zero to thirty days.
        and whatever `upload_key` raises, but not KeyAlreadyActive.

    Locks: the app.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise OverlapOutOfRange(field="overlap_hours")
    app = locked_app(app_number)
    text = rules.public_key_text(public_key)
    active = AppKey.objects.filter(app=app, state=KeyState.ACTIVE).first()
    if active is not None and active.fingerprint == text.fingerprint:
        return active
    if active is not None:
        active.state = KeyState.RETIRING
        active.retires_at = clock.now() + overlap
        active.save(update_fields=["state", "retires_at"])
    return add_key(app, text, sign_types)
