"""Questions about consents and tokens."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet

from config.kernel import clock, keys
from config.kernel.errors import required
from merchants.consents import rules
from merchants.consents.models import Grant, GrantToken, ReturnAddress, ShownOpenId
from merchants.consents.values import GrantKind, Scope
from merchants.onboarding.models import App


def grant_of_token(access_token: str, *, app_number: str | None, kind: GrantKind) -> GrantToken:
    """The token an app shows, with its grant; None for an app that the token alone names.

    Raises:
        rules.TokenRefused: it is unknown, revoked, or not this app's.
        rules.TokenExpired: its time is over.
    """
    rows = GrantToken.objects.select_related("grant__app", "grant__subject_app")
    grant = rows.filter(access_hash=rules.fingerprint(access_token)).first()
    if grant is None or grant.grant.kind != kind:
        raise rules.TokenRefused()
    if app_number is not None and grant.grant.app.app_number != app_number:
        raise rules.TokenRefused()
    if grant.revoked_at is not None or grant.grant.revoked_at is not None:
        raise rules.TokenRefused()
    if clock.now() >= grant.expires_at:
        raise rules.TokenExpired()
    return grant


def acted_for(access_token: str, *, app_number: str) -> tuple[str, frozenset[Scope]]:
    """The number of the merchant's app that this app may act for by its token, and in what.

    Raises:
        rules.TokenRefused, rules.TokenExpired: see `grant_of_token`.
    """
    grant = grant_of_token(access_token, app_number=app_number, kind=GrantKind.MERCHANT)
    subject = required(grant.grant.subject_app, "a merchant's grant names its app")
    return subject.app_number, rules.mandate_scopes(grant.grant.scopes, grant.scopes)


def is_granted(
    *, app_number: str, user_id: uuid.UUID, scopes: Iterable[Scope], purpose: str = ""
) -> bool:
    """Whether a citizen has already allowed an app all of this, for this purpose."""
    grant = citizens_grants().filter(app__app_number=app_number, user_id=user_id).first()
    return (
        grant is not None
        and set(scopes) <= rules.scopes_of(grant.scopes)
        and purpose in {"", grant.purpose}
    )


def grant_by_id(grant_id: uuid.UUID) -> Grant:
    """A consent or mandate, in force or revoked, with its app."""
    return Grant.objects.select_related("app", "subject_app").get(id=grant_id)


def user_of_open_id(open_id: str, *, app_number: str) -> uuid.UUID | None:
    """The citizen an app means; None where it was never told of anybody by this id."""
    grant = (
        Grant.objects.filter(open_id=open_id, app__app_number=app_number)
        .exclude(open_id="")
        .first()
    )
    if grant is not None:
        return grant.user_id
    row = ShownOpenId.objects.filter(open_id=open_id, app_number=app_number).first()
    return None if row is None else row.user_id


def open_id_of(user_id: uuid.UUID, *, app_number: str) -> str:
    """What an app knows a citizen by, whether or not it has been told yet."""
    key = keys.derive("consents/pairwise", 32)
    return rules.pairwise_id(key, app_number=app_number, user_id=user_id)


def citizens_grants() -> QuerySet[Grant]:
    """Consents of citizens that are in force."""
    return Grant.objects.filter(kind=GrantKind.CITIZEN, revoked_at__isnull=True)


def grants_of(user_id: uuid.UUID) -> QuerySet[Grant]:
    """All that a person allows at present, for themselves and for their merchants."""
    rows = Grant.objects.filter(user_id=user_id, revoked_at__isnull=True)
    return rows.select_related("app__merchant", "subject_app")


def grant(grant_id: uuid.UUID, *, user_id: uuid.UUID) -> Grant:
    """One consent of a person's, in force or revoked.

    Raises:
        rules.GrantNotFound: there is none, or it is somebody else's.
    """
    row = Grant.objects.filter(id=grant_id, user_id=user_id).select_related("app").first()
    if row is None:
        raise rules.GrantNotFound()
    return row


def return_addresses(app_number: str) -> list[str]:
    """Where an app's codes may be sent."""
    return list(
        ReturnAddress.objects.filter(app__app_number=app_number).values_list("url", flat=True)
    )


def check_return_address(app_number: str, url: str) -> None:
    """Check an address against the app's own; loopback will do in the sandbox.

    Raises:
        rules.ReturnAddressRefused: it may not be used.
    """
    rules.check_return_address(
        url, registered=return_addresses(app_number), allow_loopback=settings.LAB_MODE
    )


def apps_owned_by(user_id: uuid.UUID) -> QuerySet[App]:
    """The apps of a person's merchants, for whom they may let others act."""
    return App.objects.filter(Q(merchant__owner_id=user_id)).select_related("merchant")
