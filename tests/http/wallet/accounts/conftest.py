"""Customers and their API clients."""

import pytest
from rest_framework.test import APIClient

from tests.factories.accounts import client_of, make_user
from wallet.accounts.models import WalletUser


@pytest.fixture
def user() -> WalletUser:
    return make_user(name="Li Hua", phone="13800138000", kyc_tier=2, balance_minor=500_00)


@pytest.fixture
def client(user: WalletUser) -> APIClient:
    return client_of(user)


@pytest.fixture
def anybody() -> APIClient:
    """A client without a session."""
    return APIClient()
