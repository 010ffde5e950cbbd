"""Whoever withdraws consent loses the waiver and nothing else."""

import pytest

from config.kernel.audit.models import AuditEvent
from tests.factories.accounts import client_of, make_user
from wallet.authorisations import rules
from wallet.authorisations.usecases.choose_consent import choose_consent
from wallet.authorisations.values import Record, TrustConsent

TRUSTED = Record(paid=20, kept=2, late=0, open=0)


def test_consent_takes_nothing_from_the_figure() -> None:
    given, withdrawn = (rules.trust(TRUSTED, consent) for consent in TrustConsent)
    assert (given.points, given.may_waive) == (680, True)
    assert (withdrawn.points, withdrawn.factors, withdrawn.may_waive) == (680, given.factors, False)


@pytest.mark.django_db
def test_a_choice_is_kept_with_a_receipt_and_again_changes_nothing() -> None:
    user = make_user()
    assert client_of(user).get("/api/v1/trust").json()["consent"] == "GIVEN"
    for _ in range(2):
        answer = client_of(user).delete("/api/v1/trust/consent")
        assert (answer.status_code, answer.json()["consent"]) == (200, "WITHDRAWN")
    assert AuditEvent.objects.filter(action="trust.consent_changed").count() == 1
    assert choose_consent(user_id=user.id, consent=TrustConsent.GIVEN).consent == "GIVEN"
