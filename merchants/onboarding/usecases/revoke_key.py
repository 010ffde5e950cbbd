"""Revoke an app's public key."""

import uuid

from config.kernel import transactions
from merchants.onboarding import queries
from merchants.onboarding.models import AppKey
from merchants.onboarding.usecases.key_steps import end_key, locked_app, record_key
from merchants.onboarding.values import KeyState


@transactions.atomic_retry
def revoke_key(*, app_number: str, key_id: uuid.UUID, actor: str) -> AppKey:
    """End a key at once, because it may be in wrong hands. Again changes nothing.

    Raises:
        queries.AppNotFound: there is no such app.
        queries.KeyNotFound: the app has no such key.

    Locks: the app.
    """
    app = locked_app(app_number)
    key = AppKey.objects.filter(app=app, id=key_id).first()
    if key is None:
        raise queries.KeyNotFound()
    if key.state != KeyState.REVOKED:
        end_key(key)
        record_key("app_key.revoked", key, app_number=app_number, actor=actor)
    return key
