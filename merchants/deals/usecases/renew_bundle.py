"""Begin a bundle's next term: its fee is debited under the buyer's agreement."""

from dataclasses import replace
from datetime import timedelta

from config.kernel import clock, transactions
from config.kernel.errors import SaomaError, required
from merchants.acceptance.usecases.debit_payer import debit_payer
from merchants.deals import rules
from merchants.deals.models import Deal, DealPayment
from merchants.deals.policies import DEBIT, LAPSE, RENEW
from merchants.deals.usecases.move_deal import make_move, note_stage
from merchants.deals.usecases.take_offer import sale_of
from merchants.deals.values import DealParty, DealState


def renew_bundle(deal: Deal) -> None:
    """End a term that is over and debit the next one's fee, once a term; or try it again.

    Part of the caller's transaction, which holds the deal: whoever cancels waits for the
    debit, and a second worker finds nothing due. What is refused is in the timeline under the
    refusal's code, and the bundle is cancelled where no other day changes it, or the days to
    pay are over. Until the fee is paid nothing can be used.

    Locks: as the end of a term does, then the agreement, the payer, the ledger accounts.
    """
    transactions.require()
    policy = rules.policy_of(deal.offer.policy)
    if deal.state == DealState.ACTIVE:
        deal.term_starts_at = deal.due_at
        make_move(deal, rules.find_move(policy, DealState.ACTIVE, RENEW), DealParty.SYSTEM)
        deal.entitlements.update(uses_made=0)
    stage = f"term{deal.payments.count() + 1}"
    starts_at = required(deal.term_starts_at, "a bundle that is past due had a term before")
    late = clock.now() - starts_at
    try:
        if late >= rules.FEE_WITHIN + timedelta(days=1):
            # Nobody was here to ask in time: nobody pays for a term that is going by.
            raise rules.TooLate()
        # The refusal is caught in here, so a verdict of the risk rules is kept with it.
        outcome = debit_payer(
            sale=sale_of(deal, stage, deal.amount_minor), agreement_number=deal.agreement_number
        )
    except SaomaError as refusal:
        over = late >= rules.FEE_WITHIN or refusal.code in rules.FINAL_REFUSALS
        name = LAPSE if over else DEBIT
        move = rules.find_move(policy, DealState.PAST_DUE, name)
        make_move(deal, replace(move, name=refusal.code), DealParty.SYSTEM)
        if not over:
            # At the term's own hour each day, however late a job came.
            deal.due_at = starts_at + timedelta(days=late.days + 1)
            deal.save(update_fields=["due_at"])
        return
    row = DealPayment.objects.create(
        deal=deal, stage=stage, payment_id=outcome.payment.id, amount_minor=deal.amount_minor
    )
    note_stage(deal, row)
