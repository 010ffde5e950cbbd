"""The panel's door in a lab offers its logins; elsewhere it names nobody."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import Settings

from tests.factories.operators import give_roles, make_operator

pytestmark = pytest.mark.django_db
DOOR = "/admin/login/"


def test_a_lab_offers_each_login_with_its_roles(client: Client) -> None:
    Group.objects.bulk_create([Group(name="support")])
    give_roles(make_operator("mia"), "support")
    page = client.get(DOOR).content.decode()
    assert 'href="?user=mia"' in page
    assert "support" in page
    assert 'value="mia"' in client.get(DOOR, {"user": "mia"}).content.decode()


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_it_speaks_the_readers_language(client: Client, language: str) -> None:
    make_operator("mia")
    page = client.get(DOOR, headers={"Accept-Language": language}).content.decode()
    assert "Logins of this lab" not in page
    assert 'href="?user=mia"' in page


def test_outside_the_lab_nobody_is_named(client: Client, settings: Settings) -> None:
    settings.LAB_MODE = False
    make_operator("mia")
    page = client.get(DOOR, {"user": "mia"}).content.decode()
    assert "demo-logins" not in page
    assert 'value="mia"' not in page
