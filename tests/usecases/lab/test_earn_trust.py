"""`manage.py trust`: both guests of the lesson can be had."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from lab import demo_accounts
from tests.factories.world import bring_on_stage
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db


def trust(*arguments: str) -> dict[str, Any]:
    """Run the command; the object it prints."""
    out = StringIO()
    call_command("trust", *arguments, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_trust_is_earned_by_small_payments_and_no_more_than_asked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bring_on_stage(settings, monkeypatch, tmp_path, "http://127.0.0.1:8000", whole=False)
    buyer = demo_accounts.CITIZENS[0].phone
    assert trust("--buyer", buyer)["points"] == 540
    earned = trust("--buyer", buyer, "--earn", "680")
    assert (earned["points"], earned["may_waive"]) == (680, True)
    assert earned["factors"]["authorisations_kept"] == [2, 40]
    assert trust("--buyer", buyer, "--earn", "600") == earned
    assert verify_ledger().passed
