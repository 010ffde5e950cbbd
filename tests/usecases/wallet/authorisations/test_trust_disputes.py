"""A late mark can be disputed once; two operators decide, and the debt stays what it is."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Status
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import client_of, make_user, post
from tests.factories.approvals import REASON
from tests.factories.authorisations import late_arrears
from tests.factories.operators import make_checker, make_maker
from tests.factories.threads import at_once
from wallet.accounts import queries as accounts
from wallet.authorisations import queries, rules
from wallet.authorisations.approvals import DECIDE
from wallet.authorisations.models import Arrears, TrustDispute
from wallet.authorisations.usecases.decide_trust_dispute import decide_trust_dispute
from wallet.authorisations.usecases.dispute_trust import dispute_trust
from wallet.authorisations.values import TrustDisputeState

GROUNDS = "the reminder never came"
BY = {"finding": "the message bounced", "actor": "operator:mia, operator:wu"}
DISPUTES = "trust/disputes"


def disputed(arrears: Arrears) -> TrustDispute:
    """A dispute of a late mark, by its debtor."""
    return dispute_trust(user_id=arrears.payer_id, arrears_id=arrears.id, grounds=GROUNDS)[0]


def late_points(user_id: uuid.UUID) -> int:
    """What lateness costs somebody now."""
    factors = {factor.name: factor.points for factor in queries.trust_of(user_id).factors}
    return factors["arrears_late"]


@pytest.mark.django_db
@pytest.mark.parametrize(("uphold", "points"), [(True, 0), (False, rules.LATE_POINTS)])
def test_only_an_upheld_dispute_gives_the_points_back_and_the_debt_stays(
    uphold: bool, points: int
) -> None:
    arrears = late_arrears()
    dispute = disputed(arrears)
    assert late_points(arrears.payer_id) == rules.LATE_POINTS
    for _ in range(2):
        decide_trust_dispute(dispute_id=dispute.id, uphold=uphold, **BY)
    assert late_points(arrears.payer_id) == points
    assert queries.owes_arrears(arrears.payer_id)
    assert OutboxEvent.objects.filter(topic="trust.dispute_decided").count() == 1


@pytest.mark.django_db
def test_a_mark_is_disputed_once_and_a_decision_stays() -> None:
    arrears = late_arrears()
    dispute = disputed(arrears)
    assert disputed(arrears) == dispute
    with pytest.raises(rules.TrustDisputeTaken):
        dispute_trust(user_id=arrears.payer_id, arrears_id=arrears.id, grounds="other words")
    decide_trust_dispute(dispute_id=dispute.id, uphold=False, **BY)
    with pytest.raises(rules.TrustDisputeDecided):
        decide_trust_dispute(dispute_id=dispute.id, uphold=True, **BY)


@pytest.mark.django_db
def test_nobody_disputes_other_peoples_marks_or_one_that_is_not_there() -> None:
    arrears = late_arrears()
    with pytest.raises(rules.ArrearsUnknown):
        dispute_trust(user_id=make_user().id, arrears_id=arrears.id, grounds=GROUNDS)
    Arrears.objects.update(late=False)
    with pytest.raises(rules.ArrearsNotLate):
        disputed(arrears)


@pytest.mark.django_db
def test_what_the_decision_will_do_to_the_figure_is_foretold() -> None:
    arrears = late_arrears()
    before = queries.trust_of(arrears.payer_id).points
    assert queries.trust_without_mark(arrears).points == before - rules.LATE_POINTS
    Arrears.objects.update(created_at=clock.now() - rules.LATE_FOR - timedelta(days=1))
    arrears.refresh_from_db()
    old = queries.trust_of(arrears.payer_id).points
    assert queries.trust_without_mark(arrears).points == old


@pytest.mark.django_db
def test_two_operators_decide_and_the_customer_reads_what_they_found() -> None:
    arrears = late_arrears()
    customer = client_of(accounts.user(arrears.payer_id))
    body = {"arrears_id": str(arrears.id), "grounds": GROUNDS}
    first, again = (post(customer, DISPUTES, body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    parameters = {"dispute": first.json()["dispute_id"], "uphold": True}
    request = request_approval(
        action=DECIDE, parameters=parameters, reason=REASON, maker=make_maker("maker", DECIDE)
    )
    executed = approve_request(request_id=request.id, checker=make_checker("checker", DECIDE))
    assert executed.status == Status.EXECUTED
    row = customer.get(f"/api/v1/{DISPUTES}").json()["results"][0]
    assert (row["state"], row["finding"]) == ("UPHELD", REASON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"arrears_id": "x", "grounds": GROUNDS}, 400),
        ({"arrears_id": str(uuid.uuid4()), "grounds": GROUNDS}, 404),
        ({"arrears_id": str(uuid.uuid4()), "grounds": ""}, 400),
        ({"arrears_id": str(uuid.uuid4()), "grounds": "x" * 501}, 400),
        ({"arrears_id": str(uuid.uuid4()), "grounds": "a\x00b"}, 400),
        ({"arrears_id": str(uuid.uuid4()), "grounds": GROUNDS, "state": "UPHELD"}, 400),
    ],
)
def test_a_dispute_that_cannot_be_read_says_why(body: dict[str, str], status: int) -> None:
    answer = post(client_of(make_user()), DISPUTES, body)
    assert answer.status_code == status
    assert answer.json()["code"]
    assert not TrustDispute.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="threads write at once here only")
def test_of_opposite_decisions_at_once_one_stands() -> None:
    dispute = disputed(late_arrears())

    def decide(number: int) -> str:
        try:
            return decide_trust_dispute(dispute_id=dispute.id, uphold=number % 2 == 0, **BY).state
        except rules.TrustDisputeDecided as refusal:
            return refusal.code

    answers = at_once([partial(decide, number) for number in range(8)])
    states = {TrustDisputeState.UPHELD, TrustDisputeState.DISMISSED} & set(answers)
    assert states == {TrustDispute.objects.get().state}
    assert OutboxEvent.objects.filter(topic="trust.dispute_decided").count() == 1
