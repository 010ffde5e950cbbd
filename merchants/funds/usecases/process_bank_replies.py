"""Process the simulated bank's replies about transfers to cards."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.alarms.raise_alarm import raise_alarm
from merchants.funds import queries, rules
from merchants.funds.models import CardAnswer, MerchantTransfer
from merchants.funds.usecases.send_transfer import IN_TRANSIT, write_end_event
from merchants.funds.values import TransferState
from merchants.onboarding.usecases.open_balance import balance_id
from merchants.payouts.values import BankResult
from wallet.public import Draft, account_id, credit, debit, post_journal

CUSTODIAN = "asset:custodian_bank"


def process_due_replies(*, now: datetime) -> int:
    """Take in every answer due by `now`; returns how many."""
    return sum(process_bank_reply(answer_id=answer_id) for answer_id in queries.answers_due(now))


@transactions.atomic_retry
def process_bank_reply(*, answer_id: uuid.UUID) -> bool:
    """Act on one answer and mark it given, in one transaction; False where another worker has.

    Paid: the money leaves the custodian account. Returned before it was paid: FAILED, the
    money goes back to the merchant's balance. Returned after it was paid: RETURNED, the
    bank's money comes back to us and is the merchant's again. A repetition moves nothing, nor
    does another amount than the transfer's: the operators are called.

    Locks: the answer, the transfer, then the ledger accounts.
    """
    rows = CardAnswer.objects.select_for_update(of=("self",))
    answer = rows.filter(id=answer_id, given_at__isnull=True).first()
    if answer is None:
        return False
    answer.given_at = clock.now()
    answer.save(update_fields=["given_at"])
    transfer = MerchantTransfer.objects.select_for_update().get(id=answer.transfer_id)
    if answer.amount_minor is not None and (answer.amount_minor, answer.currency) != (
        transfer.amount_minor,
        transfer.currency,
    ):
        raise_alarm(
            kind="card_answer_mismatched",
            facts={"transfer": transfer.number, "bank_reference": answer.bank_reference or ""},
            actor="system:funds",
        )
        return True
    new_state = _wanted(TransferState(transfer.state), BankResult(answer.result))
    if new_state is not None:
        _end(transfer, new_state, answer.reason)
    return True


def _wanted(state: TransferState, result: BankResult) -> TransferState | None:
    """What the bank's word makes of a transfer; None where it says nothing new."""
    if state is TransferState.PROCESSING:
        paid = result is BankResult.PAID
        return TransferState.SUCCEEDED if paid else TransferState.FAILED
    if state is TransferState.SUCCEEDED and result is BankResult.RETURNED:
        return TransferState.RETURNED
    return None


def _end(transfer: MerchantTransfer, to: TransferState, reason: str) -> None:
    transfer.state = rules.check_transition(transfer.state, to)
    journal_id = _post(transfer, to)
    if to is TransferState.RETURNED:
        transfer.return_journal_id = journal_id
    else:
        transfer.end_journal_id = journal_id
    transfer.reason, transfer.finished_at = reason, clock.now()
    transfer.save(
        update_fields=["state", "end_journal_id", "return_journal_id", "reason", "finished_at"]
    )
    write_end_event(transfer)


def _post(transfer: MerchantTransfer, to: TransferState) -> uuid.UUID:
    own, transit = balance_id(transfer.merchant_id), account_id(IN_TRANSIT)
    source, target = {
        TransferState.SUCCEEDED: (transit, account_id(CUSTODIAN)),
        TransferState.FAILED: (transit, own),
        TransferState.RETURNED: (account_id(CUSTODIAN), own),
    }[to]
    return post_journal(
        Draft(
            key=f"merchant-transfer:{transfer.id}:{to.lower()}",
            kind=f"merchant_transfer_{to.lower()}",
            lines=(
                debit(source, transfer.amount_minor, transfer.currency),
                credit(target, transfer.amount_minor, transfer.currency),
            ),
            posted_at=clock.now(),
            business_date=transfer.business_date,
            reference=transfer.number,
            narrative="said by the bank",
        )
    )
