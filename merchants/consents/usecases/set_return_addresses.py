"""Say where an app's codes may be sent."""

import uuid
from collections.abc import Sequence

from config.kernel import transactions
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest
from merchants.consents import rules
from merchants.consents.models import ReturnAddress
from merchants.onboarding.queries import app as app_by_number


class TooManyAddresses(InvalidRequest):
    """More return addresses than an app may have."""

    code = "too_many_return_addresses"
    message = "An app has at most ten return addresses."


@transactions.atomic_retry
def set_return_addresses(*, app_number: str, owner_id: uuid.UUID, urls: Sequence[str]) -> list[str]:
    """Put these addresses in the place of the app's earlier ones.

    Raises:
        AppNotFound: there is no such app, or it is somebody else's.
        rules.ReturnAddressRefused: one of them is no web address.
        TooManyAddresses: there are more than ten.
    """
    app = app_by_number(app_number, owner_id=owner_id)
    if len(urls) > rules.MOST_ADDRESSES:
        raise TooManyAddresses(field="urls")
    addresses = list(dict.fromkeys(urls))
    for url in addresses:
        rules.place_of(url)
    ReturnAddress.objects.filter(app=app).delete()
    ReturnAddress.objects.bulk_create(ReturnAddress(app=app, url=url) for url in addresses)
    record(
        action="app.return_addresses_set",
        actor=f"user:{owner_id}",
        target=f"app:{app_number}",
        purpose="where codes of consents are sent",
        after={"urls": addresses},
    )
    return addresses
