"""Rules of acceptance: who may ask for money, how much, until when. Pure."""

from datetime import datetime, timedelta

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    InvariantBroken,
    NotFound,
    NotPermitted,
    Refused,
)
from merchants.acceptance.values import Deposit, Payee, Sale
from merchants.onboarding.values import AppCredentials, MerchantState

MINIMUM_MINOR = 1
MAXIMUM_MINOR = 100_000_000_00
LONGEST_LIFE = timedelta(days=15)
CANCEL_WITHIN = timedelta(days=1)
CODE_LIFE = timedelta(hours=2)
STATIC_LIFE = timedelta(minutes=15)
LONGEST_REFERENCE = 64
LONGEST_SUBJECT = 256


class MerchantNotActive(NotPermitted):
    """The merchant, or the app that asks, may not take payments now."""

    code = "merchant_not_active"
    message = "This merchant cannot take payments."


class MerchantSuspended(MerchantNotActive):
    """The merchant is suspended; its refunds go on."""

    code = "merchant_suspended"
    message = "This merchant is suspended."


class PlaceClosed(Refused):
    """The store or till takes no payments any more."""

    code = "place_closed"
    message = "This store or till is closed."


class AmountOutOfRange(InvalidRequest):
    """The amount lies outside 0.01 to 100,000,000.00."""

    code = "amount_out_of_range"
    message = "The amount must lie between 0.01 and 100000000.00."


class CurrencyNotTaken(InvalidRequest):
    """The merchant takes another currency."""

    code = "currency_unsupported"
    message = "This merchant does not take this currency."


class ReferenceInvalid(InvalidRequest):
    """The merchant's order number is empty or too long."""

    code = "reference_invalid"
    message = "An order number has 1 to 64 characters."


class SubjectInvalid(InvalidRequest):
    """The subject is empty or too long."""

    code = "subject_invalid"
    message = "A subject has 1 to 256 characters."


class ExpiryInvalid(InvalidRequest):
    """The trade would close before it opens, or after more than fifteen days."""

    code = "expiry_invalid"
    message = "A trade stays open for at most 15 days, and must not be over already."


class TradeNotFound(NotFound):
    """The merchant has no such trade; an order that nobody scanned is none yet."""

    code = "trade_not_found"
    message = "There is no such trade."


class OrderConflict(Conflict):
    """The order number belongs to an order of other content."""

    code = "order_conflict"
    message = "This order number has been used for another order."


class OrderClosed(Gone):
    """The merchant has withdrawn the order, or its payment was closed."""

    code = "order_closed"
    message = "This order is closed."


class OrderPaid(Conflict):
    """Somebody has paid the order."""

    code = "order_paid"
    message = "This order has been paid."


class BeingPaid(Conflict):
    """Another payer scanned the code first and holds the order."""

    code = "being_paid"
    message = "Somebody else is paying this order."


class CodeUnknown(NotFound):
    """The code leads to no order and no till of ours."""

    code = "code_unknown"
    message = "This code leads to no merchant here."


class CancelTooLate(Conflict):
    """A paid trade can be cancelled for a day; afterwards it is refunded."""

    code = "cancel_too_late"
    message = "A paid trade can be cancelled within 24 hours; refund it instead."


class NoEscrowHere(InvalidRequest):
    """An agreement names the account that is paid, so its sales cannot be guaranteed ones."""

    code = "escrow_unsupported"
    message = "Payments under an agreement go to the merchant at once."


class AgreementOfOtherProduct(Conflict):
    """The agreement was signed as another product than the sale names."""

    code = "agreement_of_other_product"
    message = "The agreement was signed as another product."


class CodeUnreadable(InvalidRequest):
    """The payload is broken, or contradicts the server's record; `errors` says where."""

    code = "code_unreadable"
    message = "This code cannot be read."


class NetworkUnsupported(Refused):
    """The code is sound and belongs to another payment network; `profile` names it."""

    code = "network_unsupported"
    message = "This code belongs to another payment network."


class OrderCodeExpired(Gone):
    """The code was not scanned in time."""

    code = "code_expired"
    message = "This code has expired; ask for a new one."


class AmountNeeded(InvalidRequest):
    """The payer has to say how much."""

    code = "amount_needed"
    message = "This code names no amount; type one."


class AmountFixed(Conflict):
    """The order names its amount; the payer cannot choose another."""

    code = "amount_fixed"
    message = "The amount of this order is fixed."


class RefundNumberNeeded(InvalidRequest):
    """A partial refund must carry its own request number."""

    code = "refund_number_needed"
    message = "A partial refund needs a request number."


def check_seller(seller: AppCredentials) -> None:
    """Check that an app's merchant may take payments.

    Raises:
        MerchantSuspended: the merchant is suspended.
        MerchantNotActive: it is not approved, or closed, or the app is disabled.
    """
    if seller.may_take_payments:
        return
    if seller.merchant_state is MerchantState.SUSPENDED:
        raise MerchantSuspended()
    raise MerchantNotActive(state=seller.merchant_state.value)


def check_standing(sale: Sale, *, now: datetime) -> None:
    """Check that a sale may be made now: by this merchant, in this place, until that time.

    Raises:
        MerchantNotActive, MerchantSuspended, PlaceClosed: who or where is wrong.
        ExpiryInvalid: it ends in the past, or too late.
    """
    check_seller(sale.seller)
    if sale.store_code in sale.seller.closed_stores or sale.till_code in sale.seller.closed_tills:
        raise PlaceClosed(store=sale.store_code, till=sale.till_code)
    if sale.expires_at is not None and not now < sale.expires_at <= now + LONGEST_LIFE:
        raise ExpiryInvalid(field="expires_at")


def check_sale(sale: Sale) -> None:
    """Check what a merchant asks for, before anything is looked up.

    Raises:
        ReferenceInvalid, SubjectInvalid, CurrencyNotTaken, AmountOutOfRange: a value is
            wrong; `field` names it.
    """
    if not 1 <= len(sale.reference) <= LONGEST_REFERENCE:
        raise ReferenceInvalid(field="reference")
    if not 1 <= len(sale.subject) <= LONGEST_SUBJECT:
        raise SubjectInvalid(field="subject")
    if sale.currency != sale.seller.currency:
        raise CurrencyNotTaken(field="currency", currency=sale.currency)
    check_amount(sale.amount_minor)


def check_cancel(created_at: datetime, *, now: datetime) -> None:
    """Check that a paid trade is not too old to be undone as if it had never been.

    Raises:
        CancelTooLate: it is older than a day.
    """
    if now - created_at > CANCEL_WITHIN:
        raise CancelTooLate()


def check_deposit(deposit: Deposit) -> None:
    """Check what a merchant asks to be authorised, before anything is looked up.

    Raises:
        CurrencyNotTaken, AmountOutOfRange: a value is wrong; `field` names it.
    """
    if deposit.currency != deposit.seller.currency:
        raise CurrencyNotTaken(field="currency", currency=deposit.currency)
    check_amount(deposit.amount_minor)


def check_amount(amount_minor: int) -> None:
    """Check an amount in minor units.

    Raises:
        AmountOutOfRange: below 0.01 or above 100,000,000.00.
    """
    if not MINIMUM_MINOR <= amount_minor <= MAXIMUM_MINOR:
        raise AmountOutOfRange(field="amount", amount_minor=amount_minor)


def check_same_order(sale: Sale, *, amount_minor: int | None, subject: str) -> None:
    """Check that a repeated order number asks for the same thing.

    Raises:
        OrderConflict: the amount or the subject differ from what is known.
    """
    if (sale.amount_minor, sale.subject) != (amount_minor, subject):
        raise OrderConflict(field="reference")


def payee_of(seller: AppCredentials) -> Payee:
    """Whom the wallet pays: the merchant's unsettled money, in its own zone."""
    if seller.pending_account_id is None:
        raise InvariantBroken("a merchant that takes payments has its accounts")
    return Payee(
        payee_id=seller.merchant_id,
        payee_account_id=seller.pending_account_id,
        payee_name=seller.merchant_name,
        payee_zone=seller.zone,
        payee_cutoff_hour=seller.cutoff_hour,
        payee_owner_id=seller.owner_id,
    )


def details_of(sale: Sale) -> dict[str, object]:
    """What is kept with the payment for answers, notifications and bills.

    Empty values are left out. The names are the gateway's own where it has one.
    """
    details = {
        "app_id": sale.seller.app_number,
        "auth_app_id": sale.seller.acting_for,
        "store_id": sale.store_code,
        "terminal_id": sale.till_code,
        "operator_id": sale.operator,
        "body": sale.body,
        "notify_url": sale.notify_url or sale.seller.notify_url,
        "passback_params": sale.passback_params,
        "product_code": sale.product,
        "charset": sale.charset,
        "sign_type": sale.sign_type,
    }
    own_details: dict[str, object] = {name: value for name, value in details.items() if value}
    return {**sale.extras, **own_details}


def details_of_deposit(deposit: Deposit) -> dict[str, object]:
    """What is kept with an authorisation for answers and notifications; empties left out."""
    details = {
        "app_id": deposit.seller.app_number,
        "auth_app_id": deposit.seller.acting_for,
        "notify_url": deposit.notify_url or deposit.seller.notify_url,
        "product_code": deposit.product,
        "charset": deposit.charset,
        "sign_type": deposit.sign_type,
    }
    return {name: value for name, value in details.items() if value}
