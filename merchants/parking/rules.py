"""Rules of parking: plates, and what a gate may say of one. Pure."""

from config.kernel.errors import Conflict, NotFound

PLATE = r"^[A-Z0-9\u4e00-\u9fff-]{4,12}\Z"


class PlateTaken(Conflict):
    """The plate is another owner's, or another agreement's of this merchant."""

    code = "plate_taken"
    message = "This plate is registered already."


class VehicleUnknown(NotFound):
    """The merchant has no agreement for this plate, or the caller no such vehicle."""

    code = "vehicle_unknown"
    message = "There is no such vehicle."


class AlreadyInside(Conflict):
    """The plate has entered and not left."""

    code = "vehicle_inside"
    message = "This vehicle is inside already."


class NotInside(Conflict):
    """The plate has not entered."""

    code = "vehicle_not_inside"
    message = "This vehicle is not inside."


class StayPriced(Conflict):
    """The gate has said another price of this stay before."""

    code = "stay_priced"
    message = "This stay has another price."


class OwnerOwes(Conflict):
    """The owner owes us for an earlier use; nothing is guaranteed before that is repaid."""

    code = "arrears_open"
    message = "The owner owes for an earlier use."
