"""Questions about merchants, and the gateway's fast look-up of an app.

`app_credentials` is asked for every request at the gateway. It answers from this
process's memory. Whoever changes a merchant, an app or a key leaves a new mark in the
database (`usecases/announce_change.py`): it shows in its own process at once, in others
when they next look at the mark, every LOOK_EVERY_S, or at once for a caller that asks with
`fresh=True` (the gateway does so before it calls a signature wrong: a key uploaded a
moment ago must work). One look serves all apps, so remembering thousands of them costs
nothing more. After KEPT_S everything is read again whatever the mark says.
"""

import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import Error
from django.db.models import Prefetch, Q, QuerySet

from config.kernel import clock, keys, transactions
from config.kernel.due_times import Earliest
from config.kernel.errors import NotFound, Unavailable
from merchants.onboarding import rules
from merchants.onboarding.models import (
    App,
    AppKey,
    CredentialsChange,
    GatewayKey,
    Merchant,
    Store,
    Till,
)
from merchants.onboarding.values import (
    KEYS_AT_REST,
    AppCredentials,
    AppPublicKey,
    AppState,
    GatewaySigner,
    KeyState,
    MerchantState,
    PersonNaming,
    PlaceState,
)

LOOK_EVERY_S = 2.0
KEPT_S = 60.0
NAME_KEPT_S = 5.0
KEPT_APPS = 10_000
KEYS_TRIED = 50

_credentials: dict[str, tuple[float, AppCredentials]] = {}
_signers: dict[str, tuple[float, GatewaySigner]] = {}
_store_names: dict[tuple[uuid.UUID, str], tuple[float, str | None]] = {}
_ACTIVE = "active"


@dataclass(slots=True)
class _Mark:
    """The mark of the last change that this process has seen, and when to look again."""

    seen: uuid.UUID | None = None
    look_at: float = 0.0


_mark = _Mark()


class MerchantNotFound(NotFound):
    """There is no such merchant, or it is somebody else's."""

    code = "merchant_not_found"
    message = "There is no such merchant."


class AppNotFound(NotFound):
    """There is no such app, or it is somebody else's."""

    code = "app_not_found"
    message = "There is no such app."


class StoreNotFound(NotFound):
    """There is no such store, or it is somebody else's."""

    code = "store_not_found"
    message = "There is no such store."


class TillNotFound(NotFound):
    """There is no such till, or it is somebody else's."""

    code = "till_not_found"
    message = "There is no such till."


class KeyNotFound(NotFound):
    """The app has no such key."""

    code = "key_not_found"
    message = "There is no such key."


class GatewayKeyMissing(Unavailable):
    """The installation has no key of its own yet: nothing has been onboarded."""

    code = "gateway_key_missing"
    message = "This installation has no gateway key yet."


def merchant(merchant_id: uuid.UUID) -> Merchant:
    """The merchant with this internal id.

    Raises:
        MerchantNotFound: there is none.
    """
    row = Merchant.objects.filter(id=merchant_id).first()
    if row is None:
        raise MerchantNotFound()
    return row


def merchants_by_id(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Merchant]:
    """Merchants by their internal ids; unknown ones are left out."""
    return Merchant.objects.in_bulk(list(ids))


def merchant_by_number(merchant_number: str, *, owner_id: uuid.UUID | None = None) -> Merchant:
    """The merchant with this public number; with an owner, only if it is theirs.

    Raises:
        MerchantNotFound: there is none, or another wallet user owns it.
    """
    rows = Merchant.objects.filter(merchant_number=merchant_number)
    row = (rows if owner_id is None else rows.filter(owner_id=owner_id)).first()
    if row is None:
        raise MerchantNotFound()
    return row


def merchant_for_update(merchant_id: uuid.UUID) -> Merchant:
    """The merchant, locked for the caller's transaction.

    Raises:
        MerchantNotFound: there is none.

    Locks: the merchant.
    """
    transactions.require()
    row = Merchant.objects.select_for_update().filter(id=merchant_id).first()
    if row is None:
        raise MerchantNotFound()
    return row


def merchant_for_money(merchant_id: uuid.UUID) -> Merchant:
    """The merchant, locked against other work on its money; payments to it go on.

    Raises:
        MerchantNotFound: there is none.

    Locks: the merchant, after a payment and before ledger accounts.
    """
    transactions.require()
    row = Merchant.objects.select_for_update(no_key=True).filter(id=merchant_id).first()
    if row is None:
        raise MerchantNotFound()
    return row


def merchants_of(owner_id: uuid.UUID) -> QuerySet[Merchant]:
    """All merchants that a wallet user owns, oldest first."""
    return Merchant.objects.filter(owner_id=owner_id)


def stores_of(owner_id: uuid.UUID) -> QuerySet[Store]:
    """All stores of the owner's merchants, oldest first."""
    return Store.objects.filter(merchant__owner_id=owner_id).select_related("merchant")


def tills_of(owner_id: uuid.UUID) -> QuerySet[Till]:
    """All tills of the owner's merchants, oldest first."""
    return Till.objects.filter(merchant__owner_id=owner_id).select_related("merchant", "store")


def store(store_id: uuid.UUID, *, owner_id: uuid.UUID) -> Store:
    """One store of the owner's.

    Raises:
        StoreNotFound: there is none, or another wallet user owns it.
    """
    row = stores_of(owner_id).filter(id=store_id).first()
    if row is None:
        raise StoreNotFound()
    return row


def till(till_id: uuid.UUID, *, owner_id: uuid.UUID) -> Till:
    """One till of the owner's.

    Raises:
        TillNotFound: there is none, or another wallet user owns it.
    """
    row = tills_of(owner_id).filter(id=till_id).first()
    if row is None:
        raise TillNotFound()
    return row


def app(app_number: str, *, owner_id: uuid.UUID | None = None) -> App:
    """The app with this public number; with an owner, only if its merchant is theirs.

    Raises:
        AppNotFound: there is none, or another wallet user owns it.
    """
    rows = App.objects.filter(app_number=app_number).select_related("merchant")
    row = (rows if owner_id is None else rows.filter(merchant__owner_id=owner_id)).first()
    if row is None:
        raise AppNotFound()
    return row


def apps_of(merchant_id: uuid.UUID) -> QuerySet[App]:
    """All apps of a merchant, oldest first."""
    return App.objects.filter(merchant_id=merchant_id).select_related("merchant")


def keys_of(app_id: uuid.UUID) -> QuerySet[AppKey]:
    """All keys of an app, oldest first."""
    return AppKey.objects.filter(app_id=app_id)


def other_keys_of_owner(app_number: str, *, owner_id: uuid.UUID) -> QuerySet[AppKey]:
    """Keys that an app's request may have been signed with by mistake, newest first.

    They are the app's own revoked ones and those of the owner's other apps.
    """
    own = AppKey.objects.filter(app__merchant__owner_id=owner_id).select_related("app")
    in_force = Q(app__app_number=app_number) & ~Q(state=KeyState.REVOKED)
    return own.exclude(in_force).order_by("-created_at")[:KEYS_TRIED]


# When the next RETIRING key ends.
next_retirement = Earliest(lambda: AppKey.objects.filter(state=KeyState.RETIRING), "retires_at")


def app_credentials(app_number: str, *, fresh: bool = False) -> AppCredentials | None:
    """What the gateway must know of an app; None if no app has this number.

    Args:
        app_number: the number as it was sent, unchecked.
        fresh: read the database even if this process remembers an answer.

    Raises:
        GatewayKeyMissing: the installation has no key to sign with.
    """
    _notice_changes()
    entry = None if fresh else _credentials.get(app_number)
    if entry is not None and time.monotonic() < entry[0]:
        good_until = entry[1].good_until
        if good_until is None or clock.now() < good_until:
            return entry[1]
    return _read_credentials(app_number)


def gateway_signer() -> GatewaySigner:
    """The installation's active key, ready to sign; remembered as the apps are.

    While the database is away, the key that was read last goes on signing.

    Raises:
        GatewayKeyMissing: there is none yet.
    """
    entry = _signers.get(_ACTIVE)
    try:
        _notice_changes()
        return _active_signer()
    except Error:
        if entry is None:
            raise
        return entry[1]


def _active_signer() -> GatewaySigner:
    entry = _signers.get(_ACTIVE)
    if entry is not None and time.monotonic() < entry[0]:
        return entry[1]
    row = GatewayKey.objects.filter(state=KeyState.ACTIVE).first()
    if row is None:
        raise GatewayKeyMissing()
    is_current = entry is not None and entry[1].key_id == row.id
    signer = entry[1] if entry is not None and is_current else _open_signer(row)
    _signers[_ACTIVE] = (time.monotonic() + KEPT_S, signer)
    return signer


def store_name(merchant_id: uuid.UUID, code: str) -> str | None:
    """The name of a merchant's store by the merchant's own number; remembered for NAME_KEPT_S.

    None for a number the merchant has not told us of.
    """
    entry = _store_names.get((merchant_id, code))
    if entry is not None and time.monotonic() < entry[0]:
        return entry[1]
    rows = Store.objects.filter(merchant_id=merchant_id, code=code)
    name = rows.values_list("name", flat=True).first()
    if len(_store_names) >= KEPT_APPS:
        _store_names.clear()
    _store_names[(merchant_id, code)] = (time.monotonic() + NAME_KEPT_S, name)
    return name


def forget_credentials() -> None:
    """Drop what this process remembers, because a merchant, an app or a key changed."""
    _credentials.clear()
    _signers.clear()
    _store_names.clear()


def _notice_changes() -> None:
    """Drop what is remembered if another process has left a new mark since the last look."""
    now = time.monotonic()
    if now < _mark.look_at:
        return
    _mark.look_at = now + LOOK_EVERY_S
    mark = CredentialsChange.objects.values_list("mark", flat=True).first()
    if mark != _mark.seen:
        _mark.seen = mark
        forget_credentials()


def _read_credentials(app_number: str) -> AppCredentials | None:
    accepted = AppKey.objects.exclude(state=KeyState.REVOKED).order_by("-created_at", "id")
    row = (
        App.objects.filter(app_number=app_number)
        .select_related("merchant")
        .prefetch_related(Prefetch("keys", queryset=accepted))
        .first()
    )
    if row is None:
        return None
    credentials = _credentials_of(row)
    if len(_credentials) >= KEPT_APPS:
        _credentials.clear()
    _credentials[app_number] = (time.monotonic() + KEPT_S, credentials)
    return credentials


def _credentials_of(row: App) -> AppCredentials:
    now = clock.now()
    keys = tuple(
        _app_key(key) for key in row.keys.all() if key.retires_at is None or key.retires_at > now
    )
    owner = row.merchant
    return AppCredentials(
        app_number=row.app_number,
        app_state=AppState(row.state),
        notify_url=row.notify_url,
        merchant_id=owner.id,
        merchant_number=owner.merchant_number,
        merchant_name=owner.name,
        merchant_state=MerchantState(owner.state),
        merchant_since=owner.approved_at,
        owner_id=owner.owner_id,
        currency=owner.currency,
        zone=owner.zone,
        cutoff_hour=owner.cutoff_hour,
        pending_account_id=owner.pending_account_id,
        payable_account_id=owner.payable_account_id,
        receivable_account_id=owner.receivable_account_id,
        closed_stores=_closed(owner.stores.all()),
        closed_tills=_closed(owner.tills.all()),
        public_keys=keys,
        gateway_key=gateway_signer(),
        person_naming=PersonNaming(row.person_naming),
        good_until=min((key.retires_at for key in keys if key.retires_at), default=None),
    )


def _closed(places: QuerySet[Store] | QuerySet[Till]) -> frozenset[str]:
    return frozenset(places.filter(state=PlaceState.CLOSED).values_list("code", flat=True))


def _app_key(row: AppKey) -> AppPublicKey:
    return AppPublicKey(
        key_id=row.id,
        key=rules.load_public_key(row.public_key),
        sign_types=frozenset(row.sign_types.split(",")),
        retires_at=row.retires_at,
    )


def _open_signer(row: GatewayKey) -> GatewaySigner:
    pem = keys.unseal(
        bytes(row.sealed_private_key), purpose=KEYS_AT_REST, bound_to=f"gateway-key:{row.id}"
    )
    return GatewaySigner(
        key_id=row.id,
        key=rules.load_private_key(pem),
        public_base64=rules.public_base64(row.public_key),
    )
