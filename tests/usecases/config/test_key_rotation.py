"""The master key is changed, and nothing is lost by it."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.models import BinaryField
from pytest_django import Settings

from config.kernel import canary, keys
from config.kernel.audit import chain
from config.kernel.models import MasterKeyCanary
from config.kernel.sealed_columns import sealed_columns
from config.kernel.usecases import reseal_secrets as usecase
from config.kernel.usecases.reseal_secrets import reseal_secrets
from healthcode.subjects.models import Subject
from merchants.certificates.models import Certificate
from merchants.certificates.usecases.ensure_root import ensure_root
from tests.factories.accounts import PIN, make_user
from tests.factories.health import make_person
from tests.factories.merchants import make_gateway_key
from wallet.accounts.usecases.check_pin import check_pin

pytestmark = pytest.mark.django_db
NEW = "the next master key of this installation, long enough"


@pytest.fixture
def secrets() -> None:
    """A row in several of the tables that hold secrets."""
    make_gateway_key()
    ensure_root()
    make_person()


def rotate(settings: Settings) -> str:
    """Put a new key before the old one, as an operator does; gives the old one."""
    old: str = settings.MASTER_KEY
    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = NEW, [old]
    return old


def canary_is_current() -> bool:
    row = MasterKeyCanary.objects.get(id=1)
    return keys.is_current(bytes(row.sealed), purpose=canary.PURPOSE)


def test_every_sealed_column_is_in_the_list() -> None:
    listed = {(model, column.column) for model, column in sealed_columns()}
    sealed = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField) and field.name.startswith("sealed_")
    }
    assert listed == sealed


def test_all_secrets_open_without_the_old_key_afterwards(secrets: None, settings: Settings) -> None:
    rotate(settings)
    report = reseal_secrets()
    settings.MASTER_KEY_FALLBACKS = []

    assert report.resealed == report.read >= 3
    assert report.broken == []
    for model, column in sealed_columns():
        for row in model._default_manager.all():
            if sealed := bytes(getattr(row, column.column) or b""):
                keys.unseal(sealed, purpose=column.purpose, bound_to=column.bound_to(row))


def test_a_second_run_finds_nothing_to_do(secrets: None, settings: Settings) -> None:
    rotate(settings)
    reseal_secrets()

    assert reseal_secrets().resealed == 0


def test_a_run_that_was_stopped_goes_on_where_it_was(
    secrets: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotate(settings)
    monkeypatch.setattr(usecase, "BATCH", 1)

    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal_secrets(progress=stop)
    assert not canary_is_current()

    reseal_secrets()
    assert canary_is_current()


def test_the_old_key_alone_starts_nothing_any_more(secrets: None, settings: Settings) -> None:
    old = rotate(settings)
    reseal_secrets()
    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = old, []

    with pytest.raises(canary.MasterKeyWrong, match="SAOMA_MASTER_KEY"):
        canary.check()


def test_a_forgotten_derivation_key_stops_the_start(settings: Settings) -> None:
    settings.DERIVATION_KEY = NEW

    with pytest.raises(canary.MasterKeyWrong, match="SAOMA_DERIVATION_KEY"):
        canary.check()


def test_a_secret_that_no_key_opens_is_named_and_left(secrets: None, settings: Settings) -> None:
    person = Subject.objects.exclude(sealed_identity=None)[0]
    Subject.objects.filter(id=person.id).update(sealed_identity=b"x" * 40)
    rotate(settings)

    report = reseal_secrets()

    assert report.broken == [f"health_subjects.Subject.sealed_identity {person.id}"]
    assert not canary_is_current()
    with pytest.raises(CommandError, match="1 secrets"):
        call_command("reseal_secrets")


def test_a_pin_set_before_is_right_after(settings: Settings) -> None:
    user = make_user()
    rotate(settings)
    reseal_secrets()

    check_pin(user_id=user.id, pin=PIN)


def test_the_log_holds_over_a_rotation(settings: Settings) -> None:
    chain.record(action="a.b", actor="operator:1", target="x")
    rotate(settings)
    chain.record(action="a.b", actor="operator:1", target="y")

    assert chain.verify().breaks == []


def test_no_row_is_believed_under_an_older_key_than_the_row_before(settings: Settings) -> None:
    chain.record(action="a.b", actor="operator:1", target="x")
    old = rotate(settings)
    newer = chain.record(action="a.b", actor="operator:1", target="y")
    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = old, []
    forged = chain.record(action="a.b", actor="operator:1", target="z")
    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = NEW, [old]

    breaks = chain.verify().breaks

    assert f"row {forged.seq} was edited" in breaks
    assert f"row {newer.seq} was edited" not in breaks


def test_a_root_certificate_changes_in_nothing_but_its_sealed_key(secrets: None) -> None:
    root = Certificate.objects.exclude(sealed_private_key=b"")
    root.update(sealed_private_key=b"sealed anew")
    with pytest.raises(IntegrityError, match="written once"):
        root.update(pem="another")
