"""Set where an app's notifications go."""

from config.kernel import transactions
from config.kernel.audit.chain import record
from merchants.onboarding import queries
from merchants.onboarding.models import App
from merchants.onboarding.usecases.announce_change import announce_change
from merchants.onboarding.usecases.register_app import check_notify_url


@transactions.atomic_retry
def set_notify_url(*, app_number: str, notify_url: str) -> App:
    """Set where an app's notifications go when a request names no address of its own.

    Raises:
        queries.AppNotFound: there is no such app.
        NotifyUrlInvalid: this is no URL; the empty text is allowed and means nowhere.
    """
    check_notify_url(notify_url)
    app = queries.app(app_number)
    before = app.notify_url
    app.notify_url = notify_url
    app.save(update_fields=["notify_url"])
    record(
        action="app.notify_url_set",
        actor=f"user:{app.merchant.owner_id}",
        target=f"app:{app.app_number}",
        purpose="merchant onboarding",
        before={"notify_url": before},
        after={"notify_url": notify_url},
    )
    announce_change()
    return app
