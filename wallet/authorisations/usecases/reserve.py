"""Make a hold: reserve the money, guarantee the rest, and write the event."""

from datetime import datetime, timedelta

from django.conf import settings

from config.kernel import transactions
from config.kernel.limits.ceilings import ceiling
from config.kernel.outbox import writes as outbox
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.consume_limit import consume_limit
from wallet.accounts.values import UserState
from wallet.authorisations import queries, rules
from wallet.authorisations.models import Authorisation, Operation
from wallet.authorisations.usecases.guarantee import exposure_minor, guarantee
from wallet.authorisations.usecases.open_hold import event_payload
from wallet.authorisations.values import AuthorisationStatus, OperationStatus
from wallet.ledger.rules import AccountClosed, AccountFrozen
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.usecases.place_hold import place_hold
from wallet.payments import rules as payments
from wallet.payments.values import PresentedKind

# The ledger's own end of a hold is a safety net far behind the authorisation's.
NET = timedelta(days=400)


def reserve(
    *,
    row: Authorisation,
    operation: Operation,
    payer: WalletUser,
    auth: payments.PayerAuth,
    at: datetime,
) -> None:
    """Freeze a waiting operation's amount; both rows are locked, changed and saved.

    What is frozen counts against the payer's limits from now on, and against those of the
    day as a payment agreed to in the same way. A trusted payer's freeze may be waived in
    part or whole where the payee asked for it; otherwise all of it is set aside, which is
    no error.

    Raises:
        PayeeIsPayer, AccountFrozen, AccountClosed: this payer cannot agree.
        KycRequired, KycLimit: the payer's tier does not allow the amount.
        PinRequired, LimitExceeded: a limit of the day does not allow it this way.
        InsufficientFunds: the available balance falls short of what must be set aside.

    Locks: the payer's ledger account, the person's limit usage, then the memo account.
    """
    transactions.require()
    check_payer(row, payer)
    locked_account(payer.available_account_id)
    consume_limit(
        user_id=payer.id,
        amount_minor=operation.amount_minor,
        days=payments.day_limits(auth, PresentedKind.DYNAMIC),
        reserve=True,
        at=at,
    )
    split = rules.hold_split(
        operation.amount_minor,
        waiver_asked=operation.waiver,
        trust=queries.trust_of(payer.id),
        exposure_minor=exposure_minor(payer),
        limit_minor=ceiling(rules.WAIVER) or 0,
    )
    if split.funds_minor:
        operation.hold_id = place_hold(
            key=f"freeze:{operation.id}",
            account_id=payer.available_account_id,
            amount_minor=split.funds_minor,
            expires_at=at + timedelta(days=settings.SAOMA_AUTHORISATION_LIFE_DAYS) + NET,
            reference=row.number,
        )
    guarantee(
        row=row, payer=payer, key=f"vouch:{operation.id}", amount_minor=split.credit_minor, at=at
    )
    operation.funds_minor, operation.credit_minor = split.funds_minor, split.credit_minor
    operation.status, operation.done_at = OperationStatus.SUCCESS, at
    operation.save()
    row.payer_id = payer.id
    row.frozen_funds_minor += split.funds_minor
    row.frozen_credit_minor += split.credit_minor
    row.held_minor += split.funds_minor
    row.waived_minor += split.credit_minor
    if row.status == AuthorisationStatus.INIT:
        row.status, row.authorised_at = AuthorisationStatus.AUTHORISED, at
        row.expires_at = at + timedelta(days=settings.SAOMA_AUTHORISATION_LIFE_DAYS)
    row.save()
    outbox.add(
        topic="authorisation.frozen", aggregate_id=row.id, payload=event_payload(row, operation)
    )


def check_payer(row: Authorisation, payer: WalletUser) -> None:
    """Check that this payer may agree to this authorisation at all.

    Raises:
        PayerDiffers: it is another payer's.
        PayeeIsPayer, AccountFrozen, AccountClosed: they may not.
    """
    if row.payer_id not in {None, payer.id}:
        raise rules.PayerDiffers(authorisation_id=str(row.id))
    same = row.payee_account_id == payer.available_account_id
    if same or payer.id in {row.payee_id, row.payee_owner_id}:
        raise payments.PayeeIsPayer()
    if payer.state == UserState.FROZEN:
        raise AccountFrozen()
    if payer.state == UserState.CLOSED:
        raise AccountClosed()
