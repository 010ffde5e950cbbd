"""The sunset: everything goes, and somebody signs for it."""

import json

import pytest
from django.core.management import CommandError, call_command

from config.kernel.audit.models import AuditEvent
from healthcode.appeals.usecases.end_programme import PERSONAL
from healthcode.codec import cose
from healthcode.codec.jws import parse
from healthcode.codec.keys import from_jwk
from healthcode.passes.models import SigningKey
from healthcode.verification.models import Venue
from tests.factories.traces import full_life, whole_database

pytestmark = pytest.mark.django_db(transaction=True)


def sunset(capsys: pytest.CaptureFixture[str], confirm: str) -> dict[str, object]:
    call_command(
        "health_sunset", actor="operator:end", purpose="the epidemic is over", confirm=confirm
    )
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_it_wants_to_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    person = full_life()
    with pytest.raises(CommandError):
        sunset(capsys, "yes")
    assert str(person.subject.pseudonym) in whole_database()


def test_everything_goes_and_the_report_is_signed(capsys: pytest.CaptureFixture[str]) -> None:
    secrets = [str(full_life().subject.pseudonym), "cough", "Li Lei says"]
    report = sunset(capsys, "delete all health data")
    text = whole_database()
    assert [secret for secret in secrets if secret in text] == []
    assert all(model._default_manager.count() == 0 for model in PERSONAL)
    assert report["deleted"]["health_subject"] == 2  # type: ignore[index]
    jws = parse(str(report["jws"]))
    public = from_jwk(report["public_key"]).public  # type: ignore[arg-type]
    assert cose.is_signature(cose.ES256, public, jws.signature, jws.signed_bytes)
    assert SigningKey.objects.get().state == "DESTROYED"
    assert AuditEvent.objects.filter(action="health.sunset").exists()
    assert Venue.objects.exists()


def test_it_can_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        sunset(capsys, "delete all health data")
