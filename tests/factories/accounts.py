"""Customers for tests: registered, verified and funded by the real use cases."""

import itertools
from typing import Any

from rest_framework.test import APIClient

from config.kernel.ids import uuid7
from wallet.accounts.models import Topup, WalletUser
from wallet.accounts.rules import check_character
from wallet.accounts.usecases.apply_for_kyc import apply_for_kyc
from wallet.accounts.usecases.decide_kyc import decide_due_applications
from wallet.accounts.usecases.open_session import open_session
from wallet.accounts.usecases.register_user import register_user
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.settle_topup import settle_topup
from wallet.accounts.values import TOPUP_MAXIMUM_MINOR, BankResult
from wallet.ledger import queries as ledger

ADDRESS = "192.0.2.1"
PASSWORD = "a long enough password"
PIN = "135790"
_phones = itertools.count(13_800_001_000)


def make_user(
    *, name: str = "Li Hua", phone: str = "", kyc_tier: int = 2, balance_minor: int = 0
) -> WalletUser:
    """A customer with PASSWORD and PIN, verified for a tier, with so many fen."""
    user = register_user(phone=phone or str(next(_phones)), name=name, password=PASSWORD, pin=PIN)
    if kyc_tier:
        verify(user, kyc_tier)
    fund(user, balance_minor)
    return user


def verify(user: WalletUser, kyc_tier: int, *, born: str = "19900307") -> None:
    """Apply for a tier and let the decision fall."""
    application = apply_for_kyc(
        user_id=user.id,
        tier=kyc_tier,
        legal_name=user.person.legal_name or user.name,
        id_number=id_number(born, serial=serial_of(user)),
    )
    decide_due_applications(now=application.due_at)
    user.refresh_from_db()


def fund(user: WalletUser, amount_minor: int) -> None:
    """Top up by so many fen, the bank agreeing at once."""
    while amount_minor:
        part_minor = min(amount_minor, TOPUP_MAXIMUM_MINOR)
        settle_topup(subject_id=make_topup(user, part_minor).id, result=BankResult.SUCCEEDED)
        amount_minor -= part_minor


def make_topup(user: WalletUser, amount_minor: int) -> Topup:
    """A top-up the bank has not heard of yet."""
    topup, _ = request_topup(user_id=user.id, key=str(uuid7()), amount_minor=amount_minor)
    return topup


def available_minor(user: WalletUser) -> int:
    """What the books say the customer can spend, in fen."""
    return ledger.balance(user.available_account_id).available_minor


def id_number(born: str = "19900307", *, serial: int = 110_105_002) -> str:
    """A resident identity number with a right check character, one for each serial."""
    digits = f"{serial // 1000:06d}{born}{serial % 1000:03d}"
    return digits + check_character(digits)


def serial_of(user: WalletUser) -> int:
    """Nine digits of a customer's own, so that each customer is another person."""
    return 120_000_000 + user.id.int % 700_000_000


def token_of(user: WalletUser) -> str:
    """A fresh session token."""
    return open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)[1]


def client_of(user: WalletUser) -> APIClient:
    """An API client that is logged in as the customer."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(user)}")
    return client


def post(client: APIClient, path: str, body: Any, key: str | None = None) -> Any:
    """POST JSON under /api/v1/, with an Idempotency-Key if one is given."""
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(f"/api/v1/{path}", body, format="json", headers=headers)
