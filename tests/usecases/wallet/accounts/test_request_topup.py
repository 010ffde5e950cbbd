"""request_topup: written down once, sent to the bank afterwards."""

import pytest

from tests.factories.accounts import available_minor, make_user

pytestmark = pytest.mark.django_db


def test_smoke() -> None:
    user = make_user(balance_minor=10_000)
    assert available_minor(user) == 10_000
