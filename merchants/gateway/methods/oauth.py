"""Authorisation: tokens of citizens who let an app know them, and of merchants it acts for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from config.kernel import clock
from config.kernel.errors import InvalidRequest
from merchants.consents import queries, rules
from merchants.consents.usecases.exchange_code import exchange_code
from merchants.consents.usecases.refresh_tokens import refresh_tokens
from merchants.consents.values import GrantKind, Issued, Scope
from merchants.gateway.methods.oauth_codes import MANDATES, OAUTH
from merchants.gateway.schema import Answer, BareAnswer, Call, FieldMissing, Form, Method, text
from merchants.onboarding.queries import app as app_by_number
from merchants.onboarding.values import PersonNaming
from merchants.protocol.formats import beijing
from wallet import public as wallet

TOKEN: Final = "alipay.system.oauth.token"  # noqa: S105
_BY_CODE: Final = "authorization_code"
_BY_REFRESH: Final = "refresh_token"


class GrantTypeUnknown(InvalidRequest):
    """`grant_type` is neither of the two ways to come by tokens."""

    code = "grant_type_unknown"
    message = "grant_type is authorization_code or refresh_token."


@dataclass(kw_only=True, slots=True)
class TokenForm(Form):
    """Both token methods: a code, or a refresh token."""

    grant_type: str = text(required=True, longest=32)
    code: str = text(longest=64)
    refresh_token: str = text(longest=128)


@dataclass(kw_only=True, slots=True)
class TokenAnswer(BareAnswer):
    """A citizen's tokens; success shows no code."""

    access_token: str
    auth_start: str
    expires_in: int
    open_id: str
    re_expires_in: int
    refresh_token: str
    user_id: str | None


@dataclass(kw_only=True, slots=True)
class ShareForm(Form):
    """alipay.user.info.share: whom the token is about."""

    auth_token: str = text(required=True, longest=128)


@dataclass(kw_only=True, slots=True)
class ShareAnswer(Answer):
    """What a citizen lets the app know; we keep neither portrait nor gender."""

    nick_name: str
    open_id: str
    user_id: str | None


@dataclass(kw_only=True, slots=True)
class MandateAnswer(Answer):
    """A merchant's tokens."""

    app_auth_token: str
    app_refresh_token: str
    auth_app_id: str
    expires_in: int
    re_expires_in: int
    tokens: list[dict[str, object]]
    user_id: str


@dataclass(kw_only=True, slots=True)
class MandateForm(Form):
    """alipay.open.auth.token.app.query: which mandate."""

    app_auth_token: str = text(required=True, longest=128)


@dataclass(kw_only=True, slots=True)
class MandateQueryAnswer(Answer):
    """How a mandate stands."""

    auth_app_id: str
    auth_end: str
    auth_start: str
    expires_in: int
    status: str
    user_id: str


def token(call: Call, form: TokenForm) -> TokenAnswer:
    """Give a citizen's tokens for a code, or new ones for a refresh token."""
    issued = _issued(call, form, GrantKind.CITIZEN)
    return TokenAnswer(
        access_token=issued.access_token,
        auth_start=beijing(issued.issued_at),
        expires_in=_seconds(issued.expires_at - issued.issued_at),
        open_id=issued.open_id,
        re_expires_in=_seconds(issued.refresh_expires_at - issued.issued_at),
        refresh_token=issued.refresh_token,
        user_id=_number(call, wallet.user(issued.user_id).user_number),
    )


def share(call: Call, form: ShareForm) -> ShareAnswer:
    """Say who a citizen is, as far as they let this app know.

    Raises:
        ScopeMissing: they allowed no more than being recognised.
    """
    grant = queries.grant_of_token(
        form.auth_token, app_number=call.app.app_number, kind=GrantKind.CITIZEN
    )
    if Scope.PROFILE not in rules.scopes_of(grant.scopes):
        raise rules.ScopeMissing()
    user = wallet.user(grant.grant.user_id)
    return ShareAnswer(
        nick_name=user.name,
        open_id=grant.grant.open_id,
        user_id=_number(call, user.user_number),
    )


def mandate(call: Call, form: TokenForm) -> MandateAnswer:
    """Give a merchant's tokens for a code, or new ones for a refresh token."""
    issued = _issued(call, form, GrantKind.MERCHANT)
    fields: dict[str, object] = {
        "app_auth_token": issued.access_token,
        "app_refresh_token": issued.refresh_token,
        "auth_app_id": issued.subject_app_number,
        "expires_in": _seconds(issued.expires_at - issued.issued_at),
        "re_expires_in": _seconds(issued.refresh_expires_at - issued.issued_at),
        "user_id": _seller(issued.subject_app_number),
    }
    values: dict[str, Any] = {**fields, "tokens": [fields]}
    return MandateAnswer(**values)


def mandate_query(call: Call, form: MandateForm) -> MandateQueryAnswer:
    """Say whose a mandate is and how long it lasts."""
    grant = queries.grant_of_token(
        form.app_auth_token, app_number=call.app.app_number, kind=GrantKind.MERCHANT
    )
    subject = grant.grant.subject_app.app_number if grant.grant.subject_app else ""
    return MandateQueryAnswer(
        auth_app_id=subject,
        auth_end=beijing(grant.expires_at),
        auth_start=beijing(grant.issued_at),
        expires_in=_seconds(grant.expires_at - clock.now()),
        status="valid",
        user_id=_seller(subject),
    )


def _issued(call: Call, form: TokenForm, kind: GrantKind) -> Issued:
    if form.grant_type == _BY_CODE:
        if not form.code:
            raise FieldMissing(field="code")
        return exchange_code(app_number=call.app.app_number, code=form.code, kind=kind)
    if form.grant_type == _BY_REFRESH:
        if not form.refresh_token:
            raise FieldMissing(field="refresh_token")
        return refresh_tokens(
            app_number=call.app.app_number, refresh_token=form.refresh_token, kind=kind
        )
    raise GrantTypeUnknown(field="grant_type")


def _number(call: Call, number: str) -> str | None:
    """A user's number, for an app that is told of numbers; its own id it always gets here."""
    return None if call.app.person_naming is PersonNaming.OPEN_ID_ONLY else number


def _seller(app_number: str) -> str:
    """The number of the merchant whose app this is."""
    return app_by_number(app_number).merchant.merchant_number


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


_TOKEN_PARAMETERS: Final = ("grant_type", "code", "refresh_token")
METHODS: Final[tuple[Method[Any], ...]] = (
    Method(TOKEN, TokenForm, token, OAUTH, None, beside=_TOKEN_PARAMETERS, errors_apart=True),
    Method("alipay.user.info.share", ShareForm, share, OAUTH, None, beside=("auth_token",)),
    Method(
        "alipay.open.auth.token.app", TokenForm, mandate, MANDATES, None, beside=_TOKEN_PARAMETERS
    ),
    Method("alipay.open.auth.token.app.query", MandateForm, mandate_query, MANDATES, None),
)
