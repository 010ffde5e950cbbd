"""An alarm is for those who have a right on what it is about; a broken glass for everybody."""

import pytest

from config.kernel.alarms.raise_alarm import raise_alarm
from config.kernel.alarms.readers import visible_to
from tests.factories.operators import make_checker, make_maker, make_operator

pytestmark = pytest.mark.django_db
UNFREEZE = "accounts.unfreeze"


def test_alarms_are_read_by_whoever_has_a_right_on_the_action() -> None:
    raise_alarm(kind="approval_failed", facts={"action": UNFREEZE, "code": "votes_missing"})
    raise_alarm(kind="break_glass", facts={"operator": "nora"})
    readers = {
        "maker": make_maker("mia", UNFREEZE),
        "checker": make_checker("carl", UNFREEZE),
        "superuser": make_operator("root", superuser=True),
        "of another action": make_checker("cleo", "accounts.restore_kyc"),
        "nobody": make_operator("olga"),
    }
    seen = {
        name: sorted(visible_to(operator).values_list("kind", flat=True))
        for name, operator in readers.items()
    }
    both, one = ["approval_failed", "break_glass"], ["break_glass"]
    assert seen == {
        "maker": both,
        "checker": both,
        "superuser": both,
        "of another action": one,
        "nobody": one,
    }
