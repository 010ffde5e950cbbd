"""Register an app of a merchant."""

import uuid
from urllib.parse import urlsplit

from config.kernel import ids, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest
from merchants.onboarding import queries, rules
from merchants.onboarding.models import App
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.values import MerchantState

PREFIX = "2021"
LONGEST_URL = 255


class NotifyUrlInvalid(InvalidRequest):
    """The address is no plain http or https URL."""

    code = "notify_url_invalid"
    message = "A notification address is an http or https URL without user name or fragment."


@transactions.atomic_retry
def register_app(*, merchant_id: uuid.UUID, name: str, notify_url: str = "") -> App:
    """Register an app; it can call the gateway once it has a key and the merchant is approved.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: the merchant is closed.
        NotifyUrlInvalid: `notify_url` is given and is no URL.

    Locks: the merchant.
    """
    check_notify_url(notify_url)
    merchant = queries.merchant_for_update(merchant_id)
    if merchant.state == MerchantState.CLOSED:
        raise rules.MerchantStateForbids(state=merchant.state)
    ensure_gateway_key()
    app = App.objects.create(
        app_number=PREFIX + ids.random_digits(12),
        merchant=merchant,
        name=name,
        notify_url=notify_url,
    )
    record(
        action="app.registered",
        actor=f"user:{merchant.owner_id}",
        target=f"app:{app.app_number}",
        purpose="merchant onboarding",
        after={"merchant": merchant.merchant_number, "notify_url": notify_url},
    )
    return app


def check_notify_url(url: str) -> None:
    """Check the shape of a notification address; the empty text is fine.

    Where it leads is checked when something is sent, because names resolve anew.

    Raises:
        NotifyUrlInvalid: not http or https, no host, a user name, a fragment, letters beyond
            ASCII, too long.
    """
    if not url:
        return
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotifyUrlInvalid(field="notify_url") from error
    good = (
        len(url) <= LONGEST_URL
        and url.isascii()
        and url.isprintable()
        and " " not in url
        and parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and parts.username is None
        and not parts.fragment
        and port != 0
    )
    if not good:
        raise NotifyUrlInvalid(field="notify_url")
