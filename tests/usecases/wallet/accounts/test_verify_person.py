"""One identity number is one person: wallets join, share limits and keep their person."""

from datetime import UTC, datetime

import pytest

from tests.factories.accounts import id_number, make_user
from wallet.accounts import queries
from wallet.accounts.models import LimitUsage, Person, WalletUser
from wallet.accounts.rules import KycLimit
from wallet.accounts.usecases.apply_for_kyc import IdentityDiffers, apply_for_kyc
from wallet.accounts.usecases.consume_limit import consume_limit
from wallet.accounts.usecases.decide_kyc import decide_due_applications
from wallet.accounts.usecases.suspend_kyc import suspend_kyc

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)


def verified(
    user: WalletUser, *, tier: int = 1, name: str = "张三 Zhang San", number: str = ""
) -> str:
    """Apply and let it be decided; gives the reason of a rejection."""
    application = apply_for_kyc(
        user_id=user.id, tier=tier, legal_name=name, id_number=number or id_number()
    )
    decide_due_applications(now=application.due_at)
    application.refresh_from_db()
    user.refresh_from_db()
    return application.reason


def test_two_wallets_of_one_person_share_the_limits() -> None:
    first, second = make_user(kyc_tier=0), make_user(kyc_tier=0)
    assert (verified(first), verified(second, name="张三")) == ("", "")
    assert first.person == second.person
    assert (Person.objects.count(), LimitUsage.objects.count()) == (1, 1)
    consume_limit(user_id=first.id, amount_minor=700_00)
    with pytest.raises(KycLimit) as refusal:
        consume_limit(user_id=second.id, amount_minor=400_00)
    assert refusal.value.fields["remaining_minor"] == 300_00


def test_what_both_had_used_is_added_up() -> None:
    first, second = make_user(kyc_tier=0), make_user(kyc_tier=0)
    for user, minor in ((first, 100_00), (second, 50_00)):
        LimitUsage.objects.filter(person=user.person).update(
            lifetime_minor=minor, year=2026, year_minor=minor, day=NOON.date(), day_pin_minor=minor
        )
    verified(first)
    verified(second)
    usage = queries.usage_of(first.id)
    assert (usage.lifetime_minor, usage.year_minor) == (150_00, 150_00)


def test_a_number_verified_under_one_name_is_not_verified_under_another() -> None:
    first, second = make_user(kyc_tier=0), make_user(kyc_tier=0)
    assert verified(first, name="张三") == ""
    assert verified(second, name="王五") == "name_differs"
    assert (second.kyc_tier, second.person == first.person) == (0, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": "王五"}, "legal_name"), ({"number": id_number("19851224")}, "id_number")],
)
def test_a_wallet_does_not_change_hands(change: dict[str, str], field: str) -> None:
    user = make_user(kyc_tier=0)
    verified(user)
    with pytest.raises(IdentityDiffers) as refusal:
        verified(user, tier=2, **change)
    assert refusal.value.field == field
    assert (user.kyc_tier, user.person.legal_name) == (1, "张三 Zhang San")


def test_a_suspended_person_does_not_come_back_by_another_wallet() -> None:
    first, second = make_user(kyc_tier=0), make_user(kyc_tier=0)
    verified(first)
    suspend_kyc(user_id=first.id, actor="operator:wu", reason="forged document")
    assert verified(second) == "kyc_suspended"


def test_the_digest_of_a_number_is_the_same_for_all_and_keyed() -> None:
    first, second = make_user(kyc_tier=0), make_user(kyc_tier=0)
    verified(first)
    apply_for_kyc(user_id=second.id, tier=1, legal_name="张三", id_number=id_number())
    digests = {row.id_number_digest for user in (first, second) for row in user.applications.all()}
    assert len(digests) == 1
    assert first.person.identity_digest in digests
