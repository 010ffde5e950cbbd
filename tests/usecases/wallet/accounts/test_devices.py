"""Devices: a secret given once, derived and never stored; revoked for good."""

import pytest

from config.kernel.idempotency.run_idempotent import IdempotencyConflict
from config.kernel.ids import uuid7
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import make_user
from wallet.accounts import queries
from wallet.accounts.models import Device, WalletUser
from wallet.accounts.usecases.register_device import (
    LabelInvalid,
    TooManyDevices,
    register_device,
)
from wallet.accounts.usecases.revoke_device import revoke_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> WalletUser:
    return make_user(kyc_tier=0)


def test_gives_a_key_of_32_bytes_that_can_be_derived_again(user: WalletUser) -> None:
    device, key, _ = register_device(user_id=user.id, label=" my phone ")
    assert (device.label, device.key_version, len(key)) == ("my phone", 1, 32)
    assert key == queries.device_key(device.id, 1)


def test_stores_no_key(user: WalletUser) -> None:
    device, key, _ = register_device(user_id=user.id, label="my phone")
    stored = repr(Device.objects.filter(id=device.id).values().get())
    assert key.hex() not in stored
    assert repr(key) not in stored


def test_every_device_and_version_has_a_key_of_its_own(user: WalletUser) -> None:
    one, *_ = register_device(user_id=user.id, label="one")
    two, *_ = register_device(user_id=user.id, label="two")
    pairs = [(one.id, 1), (one.id, 2), (two.id, 1)]
    assert len({queries.device_key(*pair) for pair in pairs}) == 3


def test_the_same_request_key_gives_the_same_device_and_secret(user: WalletUser) -> None:
    first = register_device(user_id=user.id, label="my phone", key="k1")
    again = register_device(user_id=user.id, label="my phone", key="k1")
    assert again == (*first[:2], True)
    assert Device.objects.count() == 1


def test_keys_of_two_users_never_meet(user: WalletUser) -> None:
    mine, *_ = register_device(user_id=user.id, label="my phone", key="k1")
    theirs, *_ = register_device(user_id=make_user(kyc_tier=0).id, label="my phone", key="k1")
    assert mine != theirs


def test_the_same_request_key_for_another_label_is_a_conflict(user: WalletUser) -> None:
    register_device(user_id=user.id, label="my phone", key="k1")
    with pytest.raises(IdempotencyConflict):
        register_device(user_id=user.id, label="other phone", key="k1")


def test_a_revoked_devices_request_key_gives_no_secret_again(user: WalletUser) -> None:
    device, *_ = register_device(user_id=user.id, label="my phone", key="k1")
    revoke_device(user_id=user.id, device_id=device.id)
    with pytest.raises(IdempotencyConflict):
        register_device(user_id=user.id, label="my phone", key="k1")


def test_the_eleventh_live_device_is_refused(user: WalletUser) -> None:
    devices = [register_device(user_id=user.id, label=f"{n}")[0] for n in range(10)]
    with pytest.raises(TooManyDevices):
        register_device(user_id=user.id, label="one more")
    revoke_device(user_id=user.id, device_id=devices[0].id)
    register_device(user_id=user.id, label="one more")


@pytest.mark.parametrize("label", ["", "  ", "x" * 65])
def test_refuses_a_bad_label(user: WalletUser, label: str) -> None:
    with pytest.raises(LabelInvalid):
        register_device(user_id=user.id, label=label)


def test_revoking_raises_the_key_version_once_and_tells_of_it(user: WalletUser) -> None:
    device, key, _ = register_device(user_id=user.id, label="my phone")
    for _ in range(2):
        device = revoke_device(user_id=user.id, device_id=device.id)
    assert device.key_version == 2
    assert queries.device_key(device.id, device.key_version) != key
    assert list(queries.live_devices(user.id)) == []
    assert OutboxEvent.objects.filter(topic="device.revoked").count() == 1


def test_somebody_elses_device_is_not_found(user: WalletUser) -> None:
    device, *_ = register_device(user_id=user.id, label="my phone")
    stranger = make_user(kyc_tier=0)
    with pytest.raises(queries.ObjectUnknown):
        revoke_device(user_id=stranger.id, device_id=device.id)


def test_nobody_registers_a_device_for_nobody() -> None:
    with pytest.raises(queries.UserUnknown):
        register_device(user_id=uuid7(), label="ghost")
