"""Keys: one active, an overlap while they rotate, none that ever comes back."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from config.kernel.ids import uuid7
from merchants.onboarding import queries, rules
from merchants.onboarding.models import App, AppKey, CredentialsChange, GatewayKey
from merchants.onboarding.usecases.announce_change import announce_change
from merchants.onboarding.usecases.close_merchant import close_merchant
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.usecases.generate_key_pair import generate_key_pair
from merchants.onboarding.usecases.key_steps import KeyUsedBefore
from merchants.onboarding.usecases.register_app import NotifyUrlInvalid, register_app
from merchants.onboarding.usecases.revoke_key import revoke_key
from merchants.onboarding.usecases.rotate_key import OverlapOutOfRange, rotate_key
from merchants.onboarding.usecases.set_notify_url import set_notify_url
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.onboarding.usecases.upload_key import KeyAlreadyActive, upload_key
from merchants.onboarding.values import MerchantState
from tests.factories.clock import advance
from tests.factories.merchants import (
    credentials,
    key_pair,
    make_app,
    make_gateway_key,
    make_merchant,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def app() -> App:
    return make_app(make_merchant())


def rotate(app: App, number: int = 1, overlap: timedelta = HOUR) -> AppKey:
    """Put the numbered key in place."""
    return rotate_key(
        app_number=app.app_number, public_key=key_pair(number).public_pem, overlap=overlap
    )


def fingerprints(app: App) -> list[str]:
    """The keys the gateway accepts now, newest first, by the numbers of their pairs."""
    known = [rules.load_public_key(key_pair(number).public_pem) for number in range(3)]
    return [str(known.index(key.key)) for key in credentials(app).public_keys]


def test_accepts_both_keys_during_the_overlap_and_then_the_new_one(app: App) -> None:
    rotate(app)
    assert fingerprints(app) == ["1", "0"]
    advance(minutes=59)
    assert fingerprints(app) == ["1", "0"]
    advance(minutes=1)
    assert fingerprints(app) == ["1"]
    assert sorted(AppKey.objects.values_list("state", flat=True)) == ["ACTIVE", "REVOKED"]


def test_drops_a_retired_key_from_memory_at_its_minute(app: App) -> None:
    rotate(app, overlap=timedelta(seconds=0.5))
    kept = queries.app_credentials(app.app_number)
    assert kept is not None
    assert len(kept.public_keys) == 2
    advance(seconds=1)
    after = queries.app_credentials(app.app_number)
    assert after is not None
    assert len(after.public_keys) == 1


def test_starts_no_second_overlap_when_a_rotation_is_repeated(app: App) -> None:
    first = rotate(app)
    advance(minutes=30)
    assert rotate(app).id == first.id
    advance(minutes=30)
    assert fingerprints(app) == ["1"]


def test_ends_the_old_key_at_once_without_overlap(app: App) -> None:
    rotate(app, overlap=timedelta())
    assert fingerprints(app) == ["1"]


def test_keeps_several_retiring_keys(app: App) -> None:
    rotate(app, 1)
    rotate(app, 2)
    assert fingerprints(app) == ["2", "1", "0"]


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
def test_refuses_an_overlap_out_of_range(app: App, overlap: timedelta) -> None:
    with pytest.raises(OverlapOutOfRange):
        rotate(app, overlap=overlap)


def test_never_takes_a_revoked_key_back(app: App) -> None:
    key = AppKey.objects.get()
    for _ in range(2):
        revoke_key(app_number=app.app_number, key_id=key.id, actor="user:1")
    assert fingerprints(app) == []
    with pytest.raises(KeyUsedBefore):
        rotate(app, 0)
    rotate(app, 1)
    assert fingerprints(app) == ["1"]


def test_uploads_the_first_key_once(app: App) -> None:
    again = upload_key(app_number=app.app_number, public_key=key_pair().public_pem)
    assert again.id == AppKey.objects.get().id
    with pytest.raises(KeyAlreadyActive):
        upload_key(app_number=app.app_number, public_key=key_pair(1).public_pem)


def test_refuses_the_gateways_own_key(app: App) -> None:
    with pytest.raises(KeyUsedBefore):
        rotate(app, -1)


def test_knows_neither_unknown_apps_nor_unknown_keys(app: App) -> None:
    assert queries.app_credentials("2021999999999999") is None
    with pytest.raises(queries.AppNotFound):
        revoke_key(app_number="2021999999999999", key_id=uuid7(), actor="user:1")
    with pytest.raises(queries.KeyNotFound):
        revoke_key(app_number=app.app_number, key_id=uuid7(), actor="user:1")


def test_makes_the_gateways_key_once_and_seals_it() -> None:
    first, again = (ensure_gateway_key() for _ in range(2))
    assert first.id == again.id
    assert b"PRIVATE" not in bytes(first.sealed_private_key)
    signer = queries.gateway_signer()
    assert signer.public_base64 == rules.public_base64(first.public_key)


def test_has_no_signer_before_there_is_a_key() -> None:
    queries.forget_credentials()
    with pytest.raises(queries.GatewayKeyMissing):
        queries.gateway_signer()


def test_remembers_the_signer_and_notices_a_new_one() -> None:
    make_gateway_key()
    # That the key was made may itself be noticed between two of them, and once only.
    first, second, third = (queries.gateway_signer() for _ in range(3))
    assert first is second or second is third
    GatewayKey.objects.update(state="RETIRING")
    queries.forget_credentials()
    ensure_gateway_key()
    assert queries.gateway_signer().key_id != first.key_id


def test_gives_each_pair_once() -> None:
    assert generate_key_pair().public_pem != generate_key_pair().public_pem


def test_shows_a_suspension_at_once(app: App) -> None:
    assert credentials(app).may_take_payments
    suspend_merchant(merchant_id=app.merchant_id, actor="operator:mia", reason="complaints")
    found = queries.app_credentials(app.app_number)
    assert found is not None
    assert found.merchant_state is MerchantState.SUSPENDED
    assert not found.may_take_payments


def test_answers_from_memory_until_told_otherwise(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The mark of other tests' changes is looked at now, and not between the two questions.
    monkeypatch.setattr(queries, "LOOK_EVERY_S", 60.0)
    monkeypatch.setattr(queries._mark, "look_at", 0.0)
    first = queries.app_credentials(app.app_number)
    assert queries.app_credentials(app.app_number) is first
    assert queries.app_credentials(app.app_number, fresh=True) is not first


def test_forgets_rather_than_grow_without_end(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "KEPT_APPS", 1)
    other = make_app(make_merchant())
    for app_number in (app.app_number, other.app_number, app.app_number):
        found = queries.app_credentials(app_number)
        assert found is not None
        assert found.app_number == app_number


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/",
        "shop.example",
        "http://",
        "http://user:pw@shop.example/",
        "http://shop.example/#x",
        "http://shop.example/a b",
        "http://shop.example:0/",
        "http://shop.example:99999/",
        "http://[::1",
        "http://shop.example/" + "x" * 250,
        "http://shop.example/\x07",
    ],
)
def test_refuses_a_notification_address_that_is_none(app: App, url: str) -> None:
    with pytest.raises(NotifyUrlInvalid):
        set_notify_url(app_number=app.app_number, notify_url=url)
    with pytest.raises(NotifyUrlInvalid):
        register_app(merchant_id=app.merchant_id, name="x", notify_url=url)


def test_sets_and_clears_the_notification_address(app: App) -> None:
    for url in ("https://shop.example:8443/n?a=1", ""):
        set_notify_url(app_number=app.app_number, notify_url=url)
        assert credentials(app).notify_url == url


def test_registers_no_app_for_a_closed_merchant(app: App) -> None:
    close_merchant(merchant_id=app.merchant_id, actor="operator:mia", reason="gone")
    with pytest.raises(rules.MerchantStateForbids):
        register_app(merchant_id=app.merchant_id, name="another")


def test_finds_a_merchant_by_its_id_or_says_so(app: App) -> None:
    assert queries.merchant(app.merchant_id).id == app.merchant_id
    with pytest.raises(queries.MerchantNotFound):
        queries.merchant(uuid7())


def change_elsewhere(app: App) -> None:
    """What a use case in another process leaves behind: the change and a new mark."""
    App.objects.filter(id=app.id).update(notify_url="https://elsewhere.example/n")
    CredentialsChange.objects.update_or_create(id=1, defaults={"mark": uuid.uuid4()})


def remembered_address(app: App) -> str:
    """Where notifications go, as the gateway's fast look-up has it."""
    found = queries.app_credentials(app.app_number)
    assert found is not None
    return found.notify_url


def test_notices_a_change_of_another_process_at_the_next_look(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = remembered_address(app)
    change_elsewhere(app)
    assert remembered_address(app) == before
    monkeypatch.setattr(queries._mark, "look_at", 0.0)
    assert remembered_address(app) == "https://elsewhere.example/n"


def test_looks_for_changes_once_for_all_apps(
    app: App, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries._mark, "look_at", 0.0)
    remembered_address(app)
    monkeypatch.setattr(queries._mark, "look_at", 0.0)
    with django_assert_num_queries(1):
        for _ in range(3):
            remembered_address(app)


def test_leaves_one_mark_however_many_changes_there_are(app: App) -> None:
    marks = set()
    for _ in range(3):
        with transaction.atomic():
            announce_change()
        marks.add(CredentialsChange.objects.get().mark)
    assert len(marks) == 3
