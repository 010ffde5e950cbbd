"""The first merchant of an installation, before there is anything to look at in a panel."""

from dataclasses import dataclass

from config.kernel import transactions
from config.kernel.actors import operator_actor
from config.kernel.errors import Conflict, NotPermitted
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.apply_for_merchant import Application, apply_for_merchant
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.usecases.register_app import register_app
from merchants.onboarding.usecases.upload_key import upload_key
from wallet import public as wallet


class MerchantsExist(Conflict):
    """There is a merchant already."""

    code = "merchants_exist"
    message = "This installation has merchants; new ones apply and two operators approve them."


class OperatorsNotTwo(NotPermitted):
    """One person cannot ask and approve."""

    code = "operators_not_two"
    message = "Whoever asks for a merchant and whoever approves it are two operators."


@dataclass(frozen=True, slots=True)
class FirstMerchant:
    """What the merchant's program is set up with; its private key never was here."""

    merchant_number: str
    app_number: str
    gateway_public_key: str


@transactions.atomic_retry
def onboard_first_merchant(
    *,
    owner_phone: str,
    application: Application,
    app_public_key: str,
    requested_by: str,
    approved_by: str,
) -> FirstMerchant:
    """Apply for, approve and equip the first merchant in one step.

    Args:
        owner_phone: of the wallet user whose shop it is.
        application: what the merchant tells of itself.
        app_public_key: in any form that a key is taken in.
        requested_by, approved_by: login names of two operators.

    Raises:
        MerchantsExist: there is one already; nothing was written.
        OperatorsNotTwo: the two are one.
        wallet.UserUnknown, FieldInvalid, KeyUnreadable and the like: an input is wrong.

    Locks: what the four use cases lock.
    """
    if Merchant.objects.exists():
        raise MerchantsExist
    if requested_by == approved_by:
        raise OperatorsNotTwo(field="approved_by")
    owner = wallet.user_by_login(owner_phone)
    merchant = apply_for_merchant(owner_id=owner.id, application=application)
    approve_merchant(
        merchant_id=merchant.id,
        requested_by=operator_actor(requested_by),
        approved_by=operator_actor(approved_by),
    )
    app = register_app(merchant_id=merchant.id, name=application.short_name)
    upload_key(app_number=app.app_number, public_key=app_public_key)
    return FirstMerchant(merchant.merchant_number, app.app_number, ensure_gateway_key().public_key)
