"""A payer's automatic payments over the API: read, sign, see, end."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.factories.accounts import PIN, client_of, make_user, post
from tests.factories.agreements import (
    debit,
    make_agreement,
    make_offer,
    monthly,
    stored,
)
from tests.factories.payments import Shop
from wallet.accounts.models import WalletUser
from wallet.agreements.usecases.suspend_agreement import suspend_agreement
from wallet.agreements.values import AgreementView, Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer() -> WalletUser:
    return make_user(balance_minor=100_00)


@pytest.fixture
def client(payer: WalletUser) -> APIClient:
    return client_of(payer)


def read(client: APIClient, path: str) -> Any:
    """GET under /api/v1/."""
    return client.get(f"/api/v1/{path}")


def sign(client: APIClient, offer: AgreementView, **changes: str) -> Any:
    """Consent to what the offer says."""
    body = {"pin": PIN, "challenge": offer.challenge} | changes
    return post(client, f"agreement-offers/{offer.token}/sign", body)


def test_the_offer_shows_every_term_and_its_challenge(client: APIClient) -> None:
    offer = make_offer(Shop(), monthly(total_payments=3), external_no="CAR1")
    shown = read(client, f"agreement-offers/{offer.token}").json()
    assert (shown["challenge"], shown["external_no"]) == (offer.challenge, "CAR1")
    assert shown["terms"]["single"] == "30.00"
    assert (shown["terms"]["total"], shown["terms"]["total_payments"]) == (None, 3)
    assert (shown["terms"]["period_type"], shown["terms"]["period"]) == ("MONTH", 1)


def test_the_payer_signs_it_and_signing_again_gives_it_again(client: APIClient) -> None:
    offer = make_offer(Shop())
    first, again = sign(client, offer), sign(client, offer)
    assert (first.status_code, first.json()["status"]) == (200, "NORMAL")
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"pin": "000000"}, 422, "pin_wrong"),
        ({"challenge": "0" * 64}, 409, "challenge_mismatch"),
        ({"challenge": "x"}, 400, "invalid_request"),
        ({"pin": "12345"}, 400, "invalid_request"),
    ],
)
def test_consent_that_does_not_fit_is_refused(
    client: APIClient, changes: dict[str, str], status: int, code: str
) -> None:
    answer = sign(client, make_offer(Shop()), **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nobody_signs_without_a_session() -> None:
    assert sign(APIClient(), make_offer(Shop())).status_code == 401


def test_mine_are_listed_with_what_was_taken(client: APIClient, payer: WalletUser) -> None:
    debit(make_agreement(Shop(), payer))
    make_agreement(Shop())
    [listed] = read(client, "agreements").json()["results"]
    assert (listed["debits"], listed["debited"], listed["single"]) == (1, "6.00", "20.00")


def test_one_is_shown_with_its_deductions(client: APIClient, payer: WalletUser) -> None:
    agreement = make_agreement(Shop(), payer)
    paid = debit(agreement).payment
    shown = read(client, f"agreements/{agreement.id}").json()
    [deduction] = shown["deductions"]
    assert (deduction["status"], deduction["amount"]) == ("SUCCEEDED", "6.00")
    assert deduction["payment_id"] == str(paid.id)


def test_other_peoples_are_not_found(client: APIClient) -> None:
    agreement = make_agreement(Shop())
    assert read(client, f"agreements/{agreement.id}").status_code == 404
    for verb, body in (("unsign", {}), ("resume", {"pin": PIN})):
        assert post(client, f"agreements/{agreement.id}/{verb}", body).status_code == 404
    assert read(client, f"agreement-offers/{'0' * 26}").status_code == 404


def test_the_payer_ends_it_and_ending_again_changes_nothing(
    client: APIClient, payer: WalletUser
) -> None:
    agreement = make_agreement(Shop(), payer)
    first, again = (post(client, f"agreements/{agreement.id}/unsign", {}) for _ in range(2))
    assert (first.json()["status"], first.json()["ended_by"]) == ("UNSIGNED", "PAYER")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")


def test_the_payer_resumes_what_was_suspended(client: APIClient, payer: WalletUser) -> None:
    agreement = make_agreement(Shop(), payer)
    suspend_agreement(agreement_id=agreement.id, by=Party.PLATFORM, actor="operator:x")
    wrong = post(client, f"agreements/{agreement.id}/resume", {"pin": "000000"})
    right = post(client, f"agreements/{agreement.id}/resume", {"pin": PIN})
    assert (wrong.status_code, right.json()["status"]) == (422, "NORMAL")
    assert stored(agreement).suspended_at is None
