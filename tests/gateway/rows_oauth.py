"""The rows of the authorisation methods, and how tests come by codes and tokens."""

from typing import Any

from merchants.consents.models import Grant
from merchants.consents.usecases.give_consent import give_consent
from merchants.consents.usecases.give_mandate import give_mandate
from merchants.consents.usecases.revoke_consent import revoke_consent
from merchants.consents.values import Scope
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser

TOKEN = "alipay.system.oauth.token"
MANDATE = "alipay.open.auth.token.app"
USER = (Scope.IDENTITY, Scope.PROFILE)
NEVER = "NEVER"


def consented(shop: Shop, citizen: WalletUser, *scopes: Scope) -> str:
    """A code as it comes back after a citizen's consent."""
    return give_consent(
        app_number=shop.app.app_number, user_id=citizen.id, scopes=scopes or (Scope.IDENTITY,)
    )


def tokens(shop: Shop, citizen: WalletUser, *scopes: Scope) -> dict[str, Any]:
    """A citizen's tokens."""
    code = consented(shop, citizen, *scopes)
    return shop.ask(TOKEN, grant_type="authorization_code", code=code).node


def mandated(shop: Shop, subject: Shop) -> str:
    """A code as it comes back after a merchant's mandate."""
    return give_mandate(
        app_number=shop.app.app_number,
        subject_app_number=subject.app.app_number,
        user_id=subject.merchant.owner_id,
    )


def app_token(shop: Shop, subject: Shop) -> str:
    """A token with which a shop's app acts for another."""
    code = mandated(shop, subject)
    answer = shop.ask(MANDATE, grant_type="authorization_code", code=code)
    return str(answer.node["app_auth_token"])


def taken_back(shop: Shop, _: Content) -> None:
    """Everybody takes back what they allowed the shop's app."""
    for grant in Grant.objects.filter(app=shop.app):
        revoke_consent(grant_id=grant.id, user_id=grant.user_id)


def by_code(shop: Shop, buyer: WalletUser) -> Content:
    """An exchange of a fresh code of a citizen's."""
    return {"grant_type": "authorization_code", "code": consented(shop, buyer)}


def by_token(shop: Shop, buyer: WalletUser) -> Content:
    """A question about a citizen who let their name be known."""
    return {"auth_token": tokens(shop, buyer, *USER)["access_token"]}


def by_mandate_code(shop: Shop, _: WalletUser) -> Content:
    """An exchange of a fresh code of a merchant's."""
    return {"grant_type": "authorization_code", "code": mandated(shop, make_shop("Noodle Bar"))}


def by_mandate(shop: Shop, _: WalletUser) -> Content:
    """A question about a mandate."""
    return {"app_auth_token": app_token(shop, make_shop("Noodle Bar"))}


def _row(content: Any, repeat: str, unknown: str, wrong: str | None, stranger: str) -> Row:
    return Row(
        content,
        repeat,
        {},
        None,
        unknown,
        wrong,
        OK,
        empty="isv.missing-parameter",
        stranger={stranger: NEVER},
        spoil=taken_back,
    )


USED = "isv.code-invalid"
ROWS = {
    TOKEN: _row(by_code, USED, USED, USED, "code"),
    "alipay.user.info.share": _row(
        by_token, OK, "aop.invalid-auth-token", "aop.invalid-auth-token", "auth_token"
    ),
    MANDATE: _row(by_mandate_code, USED, USED, USED, "code"),
    f"{MANDATE}.query": _row(
        by_mandate, OK, "aop.invalid-app-auth-token", "aop.invalid-app-auth-token", "app_auth_token"
    ),
}
