"""Tell an app its own id of a person, and know the person by it afterwards."""

import uuid

from merchants.consents import queries
from merchants.consents.models import ShownOpenId


def show_open_id(*, user_id: uuid.UUID, app_number: str) -> str:
    """Give what an app knows a person by, kept so that it can be looked up again.

    The same person has the same id with an app for ever, and another with every other.
    """
    open_id = queries.open_id_of(user_id, app_number=app_number)
    # Not get_or_create: two at once write the same row, and one of them has nothing to do.
    row = ShownOpenId(open_id=open_id, app_number=app_number, user_id=user_id)
    ShownOpenId.objects.bulk_create([row], ignore_conflicts=True)
    return open_id
