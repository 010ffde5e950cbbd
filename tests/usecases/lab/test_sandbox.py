"""`manage.py sandbox`: what it prints is what the gateway goes by."""

import json
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management import call_command
from pytest_django.fixtures import Settings

from lab import demo_accounts
from merchants.funds import rules
from tests.factories.world import bring_on_stage
from wallet import public as wallet

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_buyers_name_is_the_one_that_transfers_are_held_against(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bring_on_stage(settings, monkeypatch, tmp_path, "http://127.0.0.1:8000", whole=False)
    out = StringIO()
    call_command("sandbox", stdout=out)
    facts = json.loads(out.getvalue())
    assert facts["buyer_name"] == demo_accounts.CITIZENS[0].name
    rules.check_name(facts["buyer_name"], wallet.user_by_phone(facts["buyer_login"]).name)


def test_the_private_key_is_given_in_both_forms(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bring_on_stage(settings, monkeypatch, tmp_path, "http://127.0.0.1:8000", whole=False)
    out = StringIO()
    call_command("sandbox", stdout=out)
    facts = json.loads(out.getvalue())
    first = Path(facts["app_private_key_file"])
    second = Path(facts["app_private_key_pkcs8_file"])
    assert first.read_text().startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert second.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert second.stat().st_mode & 0o077 == 0
    one, other = (
        load_pem_private_key(path.read_bytes(), password=None) for path in (first, second)
    )
    assert one.public_key() == other.public_key()
