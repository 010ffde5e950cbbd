"""Bring up a merchant for the sandbox in one call: approved, with a store, a till, a key."""

import uuid

from config.kernel import transactions
from merchants.onboarding.models import App, Merchant
from merchants.onboarding.usecases.add_store import add_store
from merchants.onboarding.usecases.add_till import add_till
from merchants.onboarding.usecases.apply_for_merchant import Application, apply_for_merchant
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.onboarding.usecases.generate_key_pair import generate_key_pair
from merchants.onboarding.usecases.register_app import register_app
from merchants.onboarding.usecases.upload_key import upload_key
from merchants.onboarding.values import SignType

MAKER = "operator:sandbox-maker"
CHECKER = "operator:sandbox-checker"


@transactions.atomic_retry
def onboard_sandbox_merchant(
    *,
    name: str,
    short_name: str,
    mcc: str,
    city: str,
    owner_id: uuid.UUID,
    zone: str = "Asia/Shanghai",
    cutoff_hour: int = 0,
    fee_bps: int = 60,
    notify_url: str = "",
    store_code: str = "S1",
    till_code: str = "T1",
    payout_account: str = "6222020200000000000",
) -> tuple[Merchant, App, str]:
    """Take a merchant through the whole of onboarding, by the ordinary use cases.

    Returns:
        The merchant, its app and the app's private key (PKCS#1 PEM), which is kept
        nowhere else. The key may sign with RSA2 and with RSA, so that old SDKs work.

    Raises:
        FieldInvalid: a field has a value that cannot be.
    """
    application = Application(
        name=name,
        short_name=short_name,
        mcc=mcc,
        city=city,
        zone=zone,
        cutoff_hour=cutoff_hour,
        payout_bank="Sandbox Bank",
        payout_account=payout_account,
        payout_holder=name,
    )
    merchant = apply_for_merchant(owner_id=owner_id, application=application)
    merchant = approve_merchant(
        merchant_id=merchant.id, requested_by=MAKER, approved_by=CHECKER, fee_bps=fee_bps
    )
    store = add_store(merchant_id=merchant.id, code=store_code, name=name)
    add_till(store_id=store.id, code=till_code)
    app = register_app(merchant_id=merchant.id, name=f"{short_name} till", notify_url=notify_url)
    pair = generate_key_pair()
    upload_key(
        app_number=app.app_number,
        public_key=pair.public_base64,
        sign_types=(SignType.RSA2, SignType.RSA),
    )
    return merchant, app, pair.private_pkcs1_pem
