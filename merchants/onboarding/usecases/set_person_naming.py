"""Set how an app is told who paid."""

from config.kernel import transactions
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest
from merchants.onboarding import queries
from merchants.onboarding.models import App
from merchants.onboarding.usecases.announce_change import announce_change
from merchants.onboarding.values import PersonNaming


class PersonNamingUnknown(InvalidRequest):
    """The value is none of the ways to name persons."""

    code = "person_naming_unknown"
    message = "Persons are named by user_id, both or open_id_only."


@transactions.atomic_retry
def set_person_naming(*, app_number: str, naming: str) -> App:
    """Set which ids of a person an app gets in answers, notifications and return addresses.

    Raises:
        queries.AppNotFound: there is no such app.
        PersonNamingUnknown: this is none of the three ways.
    """
    if naming not in set(PersonNaming):
        raise PersonNamingUnknown(field="person_naming")
    app = queries.app(app_number)
    before, app.person_naming = app.person_naming, PersonNaming(naming).value
    app.save(update_fields=["person_naming"])
    record(
        action="app.person_naming_set",
        actor=f"user:{app.merchant.owner_id}",
        target=f"app:{app.app_number}",
        purpose="merchant onboarding",
        before={"person_naming": before},
        after={"person_naming": app.person_naming},
    )
    announce_change()
    return app
