"""update_profile: name and zone, each on its own."""

import pytest

from tests.factories.accounts import make_user
from wallet.accounts.rules import NameInvalid
from wallet.accounts.usecases.update_profile import ZoneUnknown, update_profile

pytestmark = pytest.mark.django_db


def test_changes_what_is_given_and_nothing_else() -> None:
    user = make_user(name="Li Hua", kyc_tier=0)
    assert update_profile(user_id=user.id, name=" Li H. ").name == "Li H."
    changed = update_profile(user_id=user.id, zone="Europe/Paris")
    assert (changed.name, changed.zone) == ("Li H.", "Europe/Paris")


@pytest.mark.parametrize("name", ["", "   ", "x" * 65])
def test_refuses_a_bad_name(name: str) -> None:
    user = make_user(kyc_tier=0)
    with pytest.raises(NameInvalid):
        update_profile(user_id=user.id, name=name)


@pytest.mark.parametrize("zone", ["", "Nowhere", "../etc/passwd", "asia/shanghai"])
def test_refuses_a_zone_that_is_none(zone: str) -> None:
    user = make_user(kyc_tier=0)
    with pytest.raises(ZoneUnknown):
        update_profile(user_id=user.id, zone=zone)
