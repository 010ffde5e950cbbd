"""Nothing needs the lab: without it in the settings its addresses are gone and all else stays."""

import importlib
from collections.abc import Iterator

import pytest
from django.urls import Resolver404, clear_url_caches, resolve
from pytest_django.fixtures import Settings

from config import urls


@pytest.fixture
def without_lab(settings: Settings) -> Iterator[None]:
    usual = settings.INSTALLED_APPS
    settings.INSTALLED_APPS = [name for name in usual if name != "lab"]
    importlib.reload(urls)
    clear_url_caches()
    yield
    settings.INSTALLED_APPS = usual
    importlib.reload(urls)
    clear_url_caches()


@pytest.mark.parametrize("path", ["/", "/lab/api/clock", "/lessons/", "/story/"])
def test_the_labs_addresses_are_gone(without_lab: None, path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path)


@pytest.mark.parametrize("path", ["/gateway.do", "/api/v1/me", "/health/", "/console/", "/admin/"])
def test_all_other_addresses_stay(without_lab: None, path: str) -> None:
    assert not resolve(path).func.__module__.startswith("lab")
