"""What the steps of a key's life share: taking the app, adding and ending a key."""

from config.kernel import clock
from config.kernel.audit.chain import record
from config.kernel.errors import Conflict
from merchants.onboarding import queries
from merchants.onboarding.models import App, AppKey, GatewayKey
from merchants.onboarding.usecases.announce_change import announce_change
from merchants.onboarding.values import KeyState, PublicKeyText, SignType


class KeyUsedBefore(Conflict):
    """The key was uploaded before and is no longer active, or it is the gateway's own."""

    code = "key_used_before"
    message = "This key was used before and cannot be used again."


def locked_app(app_number: str) -> App:
    """Take an app for the caller's transaction.

    Raises:
        queries.AppNotFound: there is no such app.

    Locks: the app.
    """
    rows = App.objects.select_for_update(of=("self",)).select_related("merchant")
    app = rows.filter(app_number=app_number).first()
    if app is None:
        raise queries.AppNotFound()
    return app


def add_key(app: App, text: PublicKeyText, sign_types: tuple[SignType, ...]) -> AppKey:
    """Store a key as the active one of a locked app that has no other.

    Raises:
        KeyUsedBefore: the app had it before, or it is the gateway's own.
    """
    is_duplicate = AppKey.objects.filter(app=app, fingerprint=text.fingerprint).exists()
    if is_duplicate or GatewayKey.objects.filter(fingerprint=text.fingerprint).exists():
        raise KeyUsedBefore(field="public_key")
    key = AppKey.objects.create(
        app=app,
        public_key=text.pem,
        fingerprint=text.fingerprint,
        bits=text.bits,
        sign_types=",".join(sorted(sign_types)),
        state=KeyState.ACTIVE,
    )
    record_key(
        "app_key.added", key, app_number=app.app_number, actor=f"user:{app.merchant.owner_id}"
    )
    announce_change()
    return key


def end_key(key: AppKey) -> None:
    """Revoke a key, in this process at once."""
    key.state = KeyState.REVOKED
    key.revoked_at = clock.now()
    key.save(update_fields=["state", "revoked_at"])
    announce_change()


def record_key(action: str, key: AppKey, *, app_number: str, actor: str) -> None:
    """Write down what happened to a key."""
    record(
        action=action,
        actor=actor,
        target=f"app:{app_number}",
        purpose="keys of the gateway",
        after={"fingerprint": key.fingerprint, "state": key.state},
    )
