"""Who is meant by a field that names a person, and how persons are named in answers.

Every method that takes a person asks here, and every answer and notification that names one
does too: an app's own `open_id` is as good as the user's number wherever one of them is, and
what an app is told follows its own switch. Fields are declared with `schema.person`;
tests/gateway/test_persons.py holds the list of those that are not.
"""

import uuid

from merchants.consents.queries import user_of_open_id
from merchants.consents.usecases.show_open_id import show_open_id
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials, PersonNaming
from wallet import public as wallet


def number_of(app: AppCredentials, *, user_number: str = "", open_id: str = "") -> str:
    """The user's number behind whichever of the two ids is given; "" for neither.

    The number wins. An `open_id` that the app was never told is given back as it is, and is
    then nobody's number.
    """
    if user_number or not open_id:
        return user_number
    person_id = user_of_open_id(open_id, app_number=app.app_number)
    return open_id if person_id is None else wallet.user(person_id).user_number


def person_of(
    app: AppCredentials, *, user_number: str = "", open_id: str = "", logon_id: str = ""
) -> uuid.UUID | None:
    """The user that the first given of three names means; None where none is given.

    Raises:
        UserUnknown, PhoneInvalid: it is nobody's.
    """
    if user_number or open_id:
        person_id = None if user_number else user_of_open_id(open_id, app_number=app.app_number)
        return person_id or wallet.user_by_number(user_number or open_id).id
    return wallet.user_by_login(logon_id).id if logon_id else None


def payee_field(app_number: str, number: str) -> tuple[str, str]:
    """A payee in the one field that names it: how it is named, and by which kind of id.

    Merchants have a number alone; of a person an app hears as its own switch says, and by
    number where it wants both.
    """
    app = app_credentials(app_number) if app_number else None
    if app is None or app.person_naming is not PersonNaming.OPEN_ID_ONLY:
        return number, "userId"
    try:
        person = wallet.user_by_number(number)
    except wallet.UserUnknown:
        return number, "userId"
    return show_open_id(user_id=person.id, app_number=app_number), "openId"


def person_fields(
    app_number: str, person: uuid.UUID | None, number: str, *, user_id: str, open_id: str
) -> dict[str, str]:
    """Name a person as an app wants it: by number, by its own id of them, or by both.

    Args:
        app_number: the app that is told.
        person: the user; None for nobody.
        number: the user's number.
        user_id: what the field with the number is called here.
        open_id: what the field with the app's own id is called here.
    """
    if person is None or not number:
        return {}
    app = app_credentials(app_number) if app_number else None
    naming = PersonNaming.USER_ID if app is None else app.person_naming
    names = {} if naming is PersonNaming.OPEN_ID_ONLY else {user_id: number}
    if naming is not PersonNaming.USER_ID:
        names[open_id] = show_open_id(user_id=person, app_number=app_number)
    return names
