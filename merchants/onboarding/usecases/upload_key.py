"""Upload an app's first public key."""

from config.kernel import transactions
from config.kernel.errors import Conflict
from merchants.onboarding import rules
from merchants.onboarding.models import AppKey
from merchants.onboarding.usecases.key_steps import add_key, locked_app
from merchants.onboarding.values import KeyState, SignType


class KeyAlreadyActive(Conflict):
    """The app has an active key: a new one takes its place by rotation."""

    code = "key_already_active"
    message = "The app already has an active key; rotate it to put another in its place."


@transactions.atomic_retry
def upload_key(
    *, app_number: str, public_key: str, sign_types: tuple[SignType, ...] = (SignType.RSA2,)
) -> AppKey:
    """Give an app its first key. The same key again is returned unchanged.

    Raises:
        queries.AppNotFound: there is no such app.
        rules.KeyUnreadable, rules.KeyTooWeak, rules.PrivateKeyPasted: not a fit key.
        KeyAlreadyActive: another key is active.
        KeyUsedBefore: it was retired or revoked, or it is the gateway's.

    Locks: the app.
    """
    app = locked_app(app_number)
    active = AppKey.objects.filter(app=app, state=KeyState.ACTIVE).first()
    text = rules.public_key_text(public_key)
    if active is not None and active.fingerprint != text.fingerprint:
        raise KeyAlreadyActive(fingerprint=active.fingerprint)
    return active or add_key(app, text, sign_types)
