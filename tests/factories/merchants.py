"""Merchants for tests, brought up by the real use cases.

Key pairs are made once a process: an RSA-2048 pair costs a tenth of a second, and which
pair an app has is nothing a test depends on.
"""

import itertools
import uuid
from datetime import timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from config.kernel import clock, keys
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.values import Sale
from merchants.onboarding import queries, rules
from merchants.onboarding.models import App, GatewayKey, Merchant, Store, Till
from merchants.onboarding.usecases.add_store import add_store
from merchants.onboarding.usecases.add_till import add_till
from merchants.onboarding.usecases.apply_for_merchant import Application, apply_for_merchant
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.onboarding.usecases.register_app import register_app
from merchants.onboarding.usecases.upload_key import upload_key
from merchants.onboarding.values import KEYS_AT_REST, AppCredentials, KeyPair, KeyState, SignType
from tests.factories.accounts import make_user
from wallet import public as wallet

BAOZI = Application(name="包子铺", short_name="Baozi House", mcc="5812", city="Nanjing")
_orders = itertools.count(1)


@cache
def _pair(number: int) -> KeyPair:
    return rules.new_key_pair()


@cache
def _private_key(number: int) -> RSAPrivateKey:
    return rules.load_private_key(_pair(number).private_pkcs8_pem.encode())


def key_pair(number: int = 0) -> KeyPair:
    """The same pair for the same number; 0 is the usual app's, -1 the gateway's."""
    return _pair(number)


def private_key(number: int = 0) -> RSAPrivateKey:
    """The private half of `key_pair`, parsed."""
    return _private_key(number)


def make_gateway_key() -> GatewayKey:
    """The installation's key; the same pair in each test."""
    known = GatewayKey.objects.filter(state=KeyState.ACTIVE).first()
    if known is not None:
        return known
    key_id, pair = uuid.uuid4(), key_pair(-1)
    queries.forget_credentials()
    return GatewayKey.objects.create(
        id=key_id,
        public_key=pair.public_pem,
        fingerprint=rules.public_key_text(pair.public_pem).fingerprint,
        sealed_private_key=keys.seal(
            pair.private_pkcs8_pem.encode(),
            purpose=KEYS_AT_REST,
            bound_to=f"gateway-key:{key_id}",
        ),
    )


def make_merchant(
    *, owner_id: uuid.UUID | None = None, approved: bool = True, **changes: Any
) -> Merchant:
    """A merchant, approved by two operators unless said otherwise."""
    fields = {name: getattr(BAOZI, name) for name in Application.__dataclass_fields__}
    merchant = apply_for_merchant(
        owner_id=owner_id or make_user(name="Owner").id,
        application=Application(**{**fields, **changes}),
    )
    if not approved:
        return merchant
    return approve_merchant(
        merchant_id=merchant.id, requested_by="operator:mia", approved_by="operator:carl"
    )


def make_store(merchant: Merchant, code: str = "S1") -> Store:
    """A store of the merchant."""
    return add_store(merchant_id=merchant.id, code=code, name="Gulou")


def make_till(merchant: Merchant, code: str = "T1") -> Till:
    """A till in the merchant's first store."""
    return add_till(store_id=make_store(merchant).id, code=code)


def make_app(merchant: Merchant, *, notify_url: str = "") -> App:
    """An app of the merchant that signs with `private_key()`, RSA2 or RSA."""
    make_gateway_key()
    app = register_app(merchant_id=merchant.id, name="till", notify_url=notify_url)
    upload_key(
        app_number=app.app_number,
        public_key=key_pair().public_base64,
        sign_types=(SignType.RSA2, SignType.RSA),
    )
    return app


def make_seller(*, notify_url: str = "", **changes: Any) -> AppCredentials:
    """The credentials of a new, approved merchant's app."""
    app = make_app(make_merchant(**changes), notify_url=notify_url)
    return credentials(app)


def credentials(app: App) -> AppCredentials:
    """An app's credentials as the database has them now."""
    found = queries.app_credentials(app.app_number, fresh=True)
    assert found is not None
    return found


def make_sale(seller: AppCredentials, amount_minor: int = 12_00, **changes: Any) -> Sale:
    """A sale of the seller's with an order number of its own."""
    fields: dict[str, Any] = {
        "seller": seller,
        "reference": f"ORDER{next(_orders):06d}",
        "subject": "breakfast",
        "amount_minor": amount_minor,
        "expires_at": clock.now() + timedelta(minutes=5),
    }
    return Sale(**{**fields, **changes})


def code_of(payer: wallet.WalletUser) -> str:
    """A fresh payment code of the payer's."""
    return wallet.issue_fresh_code(user_id=payer.id).code


def make_paid_trade(
    seller: AppCredentials, *, amount_minor: int = 12_00, **changes: Any
) -> wallet.PaymentView:
    """A trade that a new payer with 100 yuan has paid by code."""
    payer = make_user(balance_minor=100_00)
    sale = make_sale(seller, amount_minor, **changes)
    return pay_by_code(sale=sale, code=code_of(payer)).payment
