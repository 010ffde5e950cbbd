"""issue_aliases and issue_fresh_code: numbers lent to phones."""

import pytest

from config.kernel import ids
from tests.factories.accounts import make_user
from tests.factories.clock import later
from tests.factories.payments import Shop, make_phone, pay
from wallet.accounts.usecases.revoke_device import revoke_device
from wallet.payments.models import PaymentCode
from wallet.payments.rules import DeviceNotOwned
from wallet.payments.usecases.issue_codes import (
    CodesExhausted,
    issue_aliases,
    issue_fresh_code,
)
from wallet.qr.paycode import CodeKind, parse_code

pytestmark = pytest.mark.django_db


def test_lends_ten_aliases_and_the_same_again() -> None:
    phone = make_phone()
    again = issue_aliases(device_id=phone.device.id, user_id=phone.user.id)
    assert [grant.alias for grant in again] == phone.aliases
    assert len(set(phone.aliases)) == 10


def test_replaces_an_alias_that_was_used() -> None:
    phone = make_phone()
    pay(Shop(), phone.code())
    again = {grant.alias for grant in issue_aliases(device_id=phone.device.id)}
    assert len(again) == 10
    assert len(again & set(phone.aliases)) == 9


def test_replaces_aliases_that_are_about_to_end() -> None:
    phone = make_phone()
    later(hours=23, minutes=1)
    again = {grant.alias for grant in issue_aliases(device_id=phone.device.id)}
    assert not again & set(phone.aliases)


def test_sees_the_device() -> None:
    phone = make_phone()
    before = phone.device.last_seen_at
    later(minutes=10)
    issue_aliases(device_id=phone.device.id)
    phone.device.refresh_from_db()
    assert phone.device.last_seen_at > before


def test_refuses_another_users_or_a_revoked_device() -> None:
    phone = make_phone()
    with pytest.raises(DeviceNotOwned):
        issue_aliases(device_id=phone.device.id, user_id=make_user().id)
    revoke_device(user_id=phone.user.id, device_id=phone.device.id)
    with pytest.raises(DeviceNotOwned):
        issue_aliases(device_id=phone.device.id, user_id=phone.user.id)


def test_makes_a_whole_code_for_a_client_without_a_key() -> None:
    user = make_user()
    fresh = issue_fresh_code(user_id=user.id)
    parsed = parse_code(fresh.code, prefix="28")
    assert parsed.kind is CodeKind.RANDOM
    assert PaymentCode.objects.get(token=parsed.token).user_id == user.id


def test_tries_another_number_when_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    taken = parse_code(issue_fresh_code(user_id=user.id).code, prefix="28").token
    numbers = iter([taken, taken, "1234567890123456"])
    monkeypatch.setattr(ids, "random_digits", lambda count: next(numbers))
    fresh = issue_fresh_code(user_id=user.id)
    assert parse_code(fresh.code, prefix="28").token == "1234567890123456"


def test_says_when_no_number_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    taken = parse_code(issue_fresh_code(user_id=user.id).code, prefix="28").token
    monkeypatch.setattr(ids, "random_digits", lambda count: taken)
    with pytest.raises(CodesExhausted):
        issue_fresh_code(user_id=user.id)
