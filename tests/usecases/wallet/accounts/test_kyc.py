"""KYC: apply, wait for the decision, hold the tier; suspend and restore."""

import pytest

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from config.kernel.ids import uuid7
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import id_number, make_user, serial_of, verify
from tests.factories.clock import advance
from wallet.accounts import queries
from wallet.accounts.models import KycApplication, WalletUser
from wallet.accounts.rules import IdentityInvalid
from wallet.accounts.usecases.apply_for_kyc import (
    ApplicationPending,
    KycSuspended,
    TierHeld,
    TierInvalid,
    apply_for_kyc,
)
from wallet.accounts.usecases.decide_kyc import decide_due_applications
from wallet.accounts.usecases.suspend_kyc import restore_kyc, suspend_kyc
from wallet.accounts.values import ApplicationState, KycState

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> WalletUser:
    return make_user(kyc_tier=0)


def apply(user: WalletUser, tier: int = 1, **change: str) -> KycApplication:
    given = {"legal_name": "Li Hua", "id_number": id_number(), **change}
    return apply_for_kyc(user_id=user.id, tier=tier, **given)


def state_of(user: WalletUser) -> KycState:
    return queries.kyc_state(queries.user(user.id))


def test_goes_from_none_over_pending_to_the_tier(user: WalletUser) -> None:
    assert state_of(user) == KycState.NONE
    application = apply(user, tier=2)
    assert state_of(user) == KycState.PENDING
    advance(seconds=3)
    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED
    assert state_of(user) == KycState.L2


def test_is_not_decided_before_its_time(user: WalletUser) -> None:
    apply(user)
    assert decide_due_applications(now=clock.now()) == 0
    assert state_of(user) == KycState.PENDING


def test_keeps_the_identity_number_masked_and_as_a_digest(user: WalletUser) -> None:
    application = apply(user)
    stored = repr(KycApplication.objects.filter(id=application.id).values().get())
    assert id_number() not in stored
    assert id_number()[4:16] not in stored
    assert application.id_number_masked.startswith("110****")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"id_number": id_number("20201231")}, "under_age", id="a child"),
        pytest.param({"legal_name": "Sanctioned Person"}, "sanctioned", id="sanctioned"),
    ],
)
def test_rejects_and_tells_why(user: WalletUser, change: dict[str, str], reason: str) -> None:
    application = apply(user, 1, **change)
    advance(seconds=3)
    application.refresh_from_db()
    assert (application.state, application.reason) == (ApplicationState.REJECTED, reason)
    assert state_of(user) == KycState.NONE
    event = OutboxEvent.objects.get(topic="kyc.decided")
    assert event.payload["code"] == "kyc_rejected"


def test_may_apply_again_after_a_rejection(user: WalletUser) -> None:
    apply(user, id_number=id_number("20201231"))
    advance(seconds=3)
    apply(user)
    advance(seconds=3)
    assert state_of(user) == KycState.L1


def test_the_same_application_twice_is_one(user: WalletUser) -> None:
    assert apply(user, tier=2) == apply(user, tier=2)


@pytest.mark.parametrize(
    ("tier", "number"), [(3, id_number()), (2, id_number("19851224"))], ids=["tier", "identity"]
)
def test_another_application_while_one_is_pending_is_refused(
    user: WalletUser, tier: int, number: str
) -> None:
    apply(user, tier=2)
    with pytest.raises(ApplicationPending):
        apply(user, tier=tier, id_number=number)


@pytest.mark.parametrize("tier", [1, 2])
def test_applies_only_upwards(user: WalletUser, tier: int) -> None:
    verify(user, 2)
    with pytest.raises(TierHeld):
        apply(user, tier=tier)


def test_an_upgrade_leaves_the_old_tier_in_force_until_decided(user: WalletUser) -> None:
    verify(user, 1)
    apply(user, tier=3, id_number=id_number(serial=serial_of(user)))
    assert state_of(user) == KycState.L1
    advance(seconds=3)
    assert state_of(user) == KycState.L3


@pytest.mark.parametrize("tier", [0, 4, -1, 10**30])
def test_refuses_a_tier_that_is_none(user: WalletUser, tier: int) -> None:
    with pytest.raises(TierInvalid):
        apply(user, tier=tier)


def test_refuses_a_wrong_identity_number(user: WalletUser) -> None:
    with pytest.raises(IdentityInvalid):
        apply(user, id_number="110105194912310021")


def test_takes_a_small_x_as_check_character(user: WalletUser) -> None:
    assert apply(user, id_number="11010519491231002x").birth_date.year == 1949


def test_suspending_takes_the_tier_and_restoring_gives_it_back(user: WalletUser) -> None:
    verify(user, 2)
    for _ in range(2):
        suspend_kyc(user_id=user.id, actor="operator:wu", reason="forged document")
    assert state_of(user) == KycState.SUSPENDED
    assert queries.user(user.id).kyc_tier == 0
    for _ in range(2):
        restore_kyc(user_id=user.id, actor="operator:xu", reason="document was genuine")
    assert state_of(user) == KycState.L2


def test_both_are_audited_once(user: WalletUser) -> None:
    verify(user, 2)
    for _ in range(2):
        suspend_kyc(user_id=user.id, actor="operator:wu", reason="forged document")
        restore_kyc(user_id=user.id, actor="operator:xu", reason="document was genuine")
        restore_kyc(user_id=user.id, actor="operator:xu", reason="document was genuine")
    actions = AuditEvent.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["accounts.suspend_kyc", "accounts.restore_kyc"] * 2


def test_a_suspended_user_cannot_apply(user: WalletUser) -> None:
    suspend_kyc(user_id=user.id, actor="operator:wu", reason="forged document")
    with pytest.raises(KycSuspended):
        apply(user)


def test_an_application_is_rejected_when_the_user_was_suspended_meanwhile(
    user: WalletUser,
) -> None:
    application = apply(user)
    suspend_kyc(user_id=user.id, actor="operator:wu", reason="forged document")
    advance(seconds=3)
    application.refresh_from_db()
    assert application.reason == "kyc_suspended"
    assert queries.user(user.id).kyc_tier == 0


def test_nobody_cannot_apply() -> None:
    with pytest.raises(queries.UserUnknown):
        apply_for_kyc(user_id=uuid7(), tier=1, legal_name="Ghost", id_number=id_number())
