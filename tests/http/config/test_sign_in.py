"""The panel's doors: tries are counted, locked and written down."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.kernel.audit.models import AuditEvent
from tests.factories.clock import advance
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db
PASSWORD = "long enough a word"
NEW = "another good long word"


@pytest.fixture(autouse=True)
def olga() -> User:
    return make_operator("olga")


def sign_in(name: str, password: str, address: str = "203.0.113.9") -> int:
    answer = Client(REMOTE_ADDR=address).post(
        "/admin/login/", {"username": name, "password": password}
    )
    return answer.status_code


def test_five_wrong_passwords_lock_a_name_even_for_the_right_one() -> None:
    assert [sign_in("olga", f"wrong {n}") for n in range(60)] == [200] * 5 + [429] * 55
    assert sign_in("olga", PASSWORD, "198.51.100.7") == 429
    advance(minutes=15)
    assert sign_in("olga", PASSWORD) == 302


def test_a_locked_door_says_when_to_come_again() -> None:
    for number in range(5):
        sign_in("olga", f"wrong {number}")
    answer = Client().post("/admin/login/", {"username": "olga", "password": PASSWORD})
    assert answer.headers["Retry-After"] == "900"
    assert "Try again in 15 minutes" in answer.content.decode()


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::{n:x}"])
def test_thirty_wrong_passwords_lock_an_address_for_all_names(address: str) -> None:
    for n in range(30):
        assert sign_in(f"nobody{n}", "wrong", address.format(n=n + 1)) == 200
    assert sign_in("olga", PASSWORD, address.format(n=99)) == 429
    assert sign_in("olga", PASSWORD, "198.51.100.7") == 302


def test_a_right_password_begins_anew() -> None:
    for _ in range(3):
        assert [sign_in("olga", "wrong") for _ in range(4)] == [200] * 4
        assert sign_in("OLGA", PASSWORD) == 200
        assert sign_in("olga", PASSWORD) == 429
        advance(minutes=16)
        assert sign_in("olga", PASSWORD) == 302


def test_sign_ins_and_failures_are_written_down_without_what_was_typed() -> None:
    sign_in("olga", "a secret")
    sign_in("a password in the wrong field", "x")
    sign_in("olga", PASSWORD)
    rows = AuditEvent.objects.order_by("seq").values_list("action", "actor", "target")
    assert list(rows) == [
        ("access.sign_in_failed", "operator:olga", "address:203.0.113.9"),
        ("access.sign_in_failed", "operator:unknown", "address:203.0.113.9"),
        ("access.signed_in", "operator:olga", "address:203.0.113.9"),
    ]


def change_password(client: Client, old: str, new: str = NEW) -> int:
    passwords = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", passwords).status_code


def test_an_operator_changes_the_own_password_and_it_is_written_down(
    client: Client, olga: User
) -> None:
    client.force_login(olga)
    assert client.get("/admin/password_change/").status_code == 200
    assert change_password(client, PASSWORD) == 302
    assert User.objects.get(username="olga").check_password(NEW)
    event = AuditEvent.objects.get(action="access.operator_changed")
    assert (event.actor, event.target, event.purpose) == (
        "operator:olga",
        "operator:olga",
        "own password",
    )


def test_the_old_password_is_not_guessed_there_either(client: Client, olga: User) -> None:
    client.force_login(olga)
    assert [change_password(client, f"wrong {n}") for n in range(7)] == [200] * 5 + [429] * 2
    assert change_password(client, PASSWORD) == 429


@pytest.mark.parametrize("new", ["short", "elevenchars", "123456789012"])
def test_a_weak_password_is_refused(client: Client, olga: User, new: str) -> None:
    client.force_login(olga)
    assert change_password(client, PASSWORD, new) == 200
    assert User.objects.get(username="olga").check_password(PASSWORD)


def iam_admin() -> Client:
    client = Client()
    client.force_login(make_operator("ida", "auth.view_user", "auth.add_user", "auth.change_user"))
    return client


def test_who_gives_out_rights_sees_neither_superusers_nor_rights_beside_a_role(
    olga: User,
) -> None:
    make_operator("root", superuser=True)
    client = iam_admin()
    root = User.objects.get(username="root")
    page = client.get(f"/admin/auth/user/{root.pk}/change/").content.decode()
    assert "root" in page
    assert "uperuser" not in page
    assert "beside" not in page


@pytest.mark.parametrize("address", ["add/", "{pk}/change/", "{pk}/password/", "{pk}/delete/"])
def test_no_form_of_the_panel_changes_an_operator(olga: User, address: str) -> None:
    before = User.objects.filter(pk=olga.pk).values().get()
    fields = {
        "username": "olga",
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "on",
        "password1": NEW,
        "password2": NEW,
        "post": "yes",
    }
    superuser = Client()
    superuser.force_login(make_operator("root", superuser=True))
    for client in (iam_admin(), superuser):
        answer = client.post(f"/admin/auth/user/{address.format(pk=olga.pk)}", fields)
        assert answer.status_code in (302, 403, 404)
    assert User.objects.filter(pk=olga.pk).values().get() == before
    assert User.objects.count() == 3
