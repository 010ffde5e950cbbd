"""The first merchant of an installation comes by a command, and only the first."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import app_credentials
from tests.factories.accounts import make_user
from tests.factories.merchants import key_pair, make_merchant
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def arguments(tmp_path: Path) -> dict[str, str]:
    make_operator("ana")
    make_operator("ben")
    key = tmp_path / "app.pub"
    key.write_text(key_pair().public_pem, encoding="utf-8")
    return {
        "owner_phone": make_user().phone,
        "name": "Baozi House",
        "short_name": "BAOZI",
        "mcc": "5812",
        "city": "Nanjing",
        "app_public_key": str(key),
        "requested_by": "ana",
        "approved_by": "ben",
    }


def run(arguments: dict[str, str]) -> dict[str, str]:
    out = StringIO()
    call_command("first_merchant", stdout=out, **arguments)
    facts: dict[str, str] = json.loads(out.getvalue())
    return facts


def test_the_first_merchant_can_call_the_gateway(arguments: dict[str, str]) -> None:
    facts = run(arguments)

    assert app_credentials(facts["app_id"]) is not None
    assert "BEGIN PUBLIC KEY" in facts["gateway_public_key"]


def test_a_second_one_is_refused(arguments: dict[str, str]) -> None:
    make_merchant()
    with pytest.raises(CommandError, match="merchants_exist"):
        run(arguments)
    assert Merchant.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"approved_by": "ana"}, "operators_not_two"),
        ({"approved_by": "nobody"}, "nobody is no operator"),
        ({"app_public_key": "/nowhere"}, "cannot be read"),
        ({"owner_phone": "+8613800000000"}, "user_unknown"),
        ({"mcc": "58"}, "mcc"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    arguments: dict[str, str], change: dict[str, str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        run(arguments | change)
    assert not Merchant.objects.exists()
