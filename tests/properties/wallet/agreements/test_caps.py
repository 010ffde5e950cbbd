"""Whatever happens, debits stay within what was agreed, and the ledger agrees."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel import clock
from config.kernel.errors import SaomaError
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.agreements import debit, let_pass, make_agreement, stored
from tests.factories.payments import Shop
from wallet.accounts.models import WalletUser
from wallet.agreements.usecases.plan_debits import set_plan
from wallet.agreements.usecases.postpone_debit import postpone_debit
from wallet.agreements.usecases.suspend_agreement import resume_agreement, suspend_agreement
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import AgreementView, Party, PeriodType, Terms
from wallet.ledger.queries import trial_balance
from wallet.payments.models import Payment
from wallet.payments.rules import business_date
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import ZONE, PaymentStatus

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HELD_MINOR = 200_00

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["debit", "defer", "wait", "plan", "postpone", "suspend", "resume", "refund", "unsign"]
        ),
        st.integers(1, 40_00),
    ),
    max_size=10,
)
caps = st.fixed_dictionaries(
    {
        "single_minor": st.integers(1_00, 30_00),
        "total_minor": st.none() | st.integers(1_00, 90_00),
        "total_payments": st.none() | st.integers(1, 4),
    }
)


class World:
    """One payer, one payee and one agreement between them."""

    def __init__(self, terms: Terms) -> None:
        self.payer: WalletUser = make_user(balance_minor=HELD_MINOR)
        self.shop = Shop()
        self.agreement: AgreementView = make_agreement(self.shop, self.payer, terms)

    def paid(self) -> QuerySet[Payment]:
        """What this payer has paid; earlier histories are other payers'."""
        return Payment.objects.filter(payer_id=self.payer.id).exclude(paid_at=None)

    def do(self, verb: str, number: int) -> None:
        """Take a step; a refusal is an answer too."""
        agreement_id = self.agreement.id
        try:
            if verb in {"debit", "defer"}:
                debit(self.agreement, number, deferred=verb == "defer")
            elif verb == "wait":
                let_pass(days=number % 9 + 1)
            elif verb == "plan":
                set_plan(agreement_id=agreement_id, amount_minor=number)
            elif verb == "postpone":
                to = business_date(clock.now(), ZONE) + timedelta(days=number % 20)
                postpone_debit(agreement_id=agreement_id, to=to, actor="t")
            elif verb == "suspend":
                suspend_agreement(agreement_id=agreement_id, by=Party.PLATFORM, actor="t")
            elif verb == "resume":
                resume_agreement(agreement_id=agreement_id, payer_id=self.payer.id, pin=PIN)
            elif verb == "unsign":
                unsign_agreement(agreement_id=agreement_id, by=Party.PAYER, actor="t")
            elif (paid := self.paid().filter(status=PaymentStatus.PAID).first()) is not None:
                refund_payment(payment_id=paid.id, request_no=f"R{number}", amount_minor=number)
        except SaomaError:
            return

    def check(self, terms: Terms) -> None:
        """The sum and the number of debits are within the caps, and the books say the same."""
        row = stored(self.agreement)
        paid = self.paid()
        amounts = list(paid.values_list("amount_minor", flat=True))
        refunded = sum(paid.values_list("refunded_minor", flat=True))
        assert (len(amounts), sum(amounts)) == (row.debits, row.debited_minor)
        assert max(amounts, default=0) <= (terms.single_minor or 0)
        assert terms.total_minor is None or sum(amounts) <= terms.total_minor
        assert terms.total_payments is None or len(amounts) <= terms.total_payments
        assert available_minor(self.payer) == HELD_MINOR - sum(amounts) + refunded
        assert set(trial_balance().values()) <= {0}


@given(caps=caps, history=steps, weekly=st.booleans())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_debits_never_pass_the_caps(
    caps: dict[str, int | None], history: list[tuple[str, int]], weekly: bool
) -> None:
    first_on = business_date(clock.now(), ZONE)
    rhythm = {"period_type": PeriodType.DAY, "period": 7, "first_on": first_on} if weekly else {}
    terms = Terms(**caps, **rhythm)  # type: ignore[arg-type]
    world = World(terms)
    for verb, number in history:
        world.do(verb, number)
        world.check(terms)
    world.do("unsign", 1)
