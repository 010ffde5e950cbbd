"""An app's public keys: upload, rotate with overlap, revoke, retire; make a pair."""

import uuid
from datetime import datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.claims import claim
from config.kernel.errors import Conflict, InvalidRequest
from merchants.onboarding import queries, rules
from merchants.onboarding.models import App, AppKey, GatewayKey
from merchants.onboarding.values import KeyPair, KeyState, SignType

OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=30)
BATCH = 100


class KeyAlreadyActive(Conflict):
    """The app has an active key: a new one takes its place by rotation."""

    code = "key_already_active"
    message = "The app already has an active key; rotate it to put another in its place."


class KeyUsedBefore(Conflict):
    """The key was uploaded before and is no longer active, or it is the gateway's own."""

    code = "key_used_before"
    message = "This key was used before and cannot be used again."


class OverlapOutOfRange(InvalidRequest):
    """The overlap of a rotation lies outside zero to thirty days."""

    code = "overlap_out_of_range"
    message = "Old and new key may be valid together for 0 to 720 hours."


@transactions.atomic_retry
def upload_key(
    *, app_id: str, public_key: str, sign_types: tuple[SignType, ...] = (SignType.RSA2,)
) -> AppKey:
    """Give an app its first key. The same key again is returned unchanged.

    Raises:
        queries.AppNotFound: there is no such app.
        rules.KeyUnreadable, rules.KeyTooWeak, rules.PrivateKeyPasted: not a fit key.
        KeyAlreadyActive: another key is active.
        KeyUsedBefore: it was retired or revoked, or it is the gateway's.

    Locks: the app.
    """
    app = _locked_app(app_id)
    active = AppKey.objects.filter(app=app, state=KeyState.ACTIVE).first()
    text = rules.public_key_text(public_key)
    if active is not None and active.fingerprint != text.fingerprint:
        raise KeyAlreadyActive(fingerprint=active.fingerprint)
    return active or _add(app, text.pem, text.fingerprint, text.bits, sign_types)


@transactions.atomic_retry
def rotate_key(
    *,
    app_id: str,
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
    app = _locked_app(app_id)
    text = rules.public_key_text(public_key)
    active = AppKey.objects.filter(app=app, state=KeyState.ACTIVE).first()
    if active is not None and active.fingerprint == text.fingerprint:
        return active
    if active is not None:
        active.state = KeyState.RETIRING
        active.retires_at = clock.now() + overlap
        active.save(update_fields=["state", "retires_at"])
    return _add(app, text.pem, text.fingerprint, text.bits, sign_types)


@transactions.atomic_retry
def revoke_key(*, app_id: str, key_id: uuid.UUID, actor: str) -> AppKey:
    """End a key at once, because it may be in wrong hands. Again changes nothing.

    Raises:
        queries.AppNotFound: there is no such app.
        queries.KeyNotFound: the app has no such key.

    Locks: the app.
    """
    app = _locked_app(app_id)
    key = AppKey.objects.filter(app=app, id=key_id).first()
    if key is None:
        raise queries.KeyNotFound()
    if key.state != KeyState.REVOKED:
        _revoke(key)
        _record("app_key.revoked", key, app_id=app_id, actor=actor)
    return key


@transactions.atomic_retry
def revoke_retired_keys(*, now: datetime) -> int:
    """Revoke RETIRING keys whose overlap is over; returns how many. Safe to repeat.

    Locks: up to a hundred such keys, skipping those another worker holds.
    """
    rows = AppKey.objects.filter(state=KeyState.RETIRING, retires_at__lte=now).select_related("app")
    due = claim(rows.order_by("retires_at", "id"), BATCH)
    for key in due:
        _revoke(key)
        _record("app_key.retired", key, app_id=key.app.app_id, actor="system:timetable")
    return len(due)


def generate_key_pair() -> KeyPair:
    """Make a key pair for a merchant who has none. The private half is kept nowhere."""
    return rules.new_key_pair()


def _locked_app(app_id: str) -> App:
    rows = App.objects.select_for_update(of=("self",)).select_related("merchant")
    app = rows.filter(app_id=app_id).first()
    if app is None:
        raise queries.AppNotFound()
    return app


def _add(
    app: App, pem: str, fingerprint: str, bits: int, sign_types: tuple[SignType, ...]
) -> AppKey:
    taken = AppKey.objects.filter(app=app, fingerprint=fingerprint).exists()
    if taken or GatewayKey.objects.filter(fingerprint=fingerprint).exists():
        raise KeyUsedBefore(field="public_key")
    key = AppKey.objects.create(
        app=app,
        public_key=pem,
        fingerprint=fingerprint,
        bits=bits,
        sign_types=",".join(sorted(sign_types)),
        state=KeyState.ACTIVE,
    )
    _record("app_key.added", key, app_id=app.app_id, actor=f"user:{app.merchant.owner_id}")
    _forget()
    return key


def _revoke(key: AppKey) -> None:
    key.state = KeyState.REVOKED
    key.revoked_at = clock.now()
    key.save(update_fields=["state", "revoked_at"])
    _forget()


def _forget() -> None:
    queries.forget_credentials()
    transactions.on_commit(queries.forget_credentials)


def _record(action: str, key: AppKey, *, app_id: str, actor: str) -> None:
    record(
        action=action,
        actor=actor,
        target=f"app:{app_id}",
        purpose="keys of the gateway",
        after={"fingerprint": key.fingerprint, "state": key.state},
    )
