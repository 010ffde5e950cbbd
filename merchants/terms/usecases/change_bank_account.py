"""Give a merchant's payouts another bank account, after a cooling period."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchant_for_money
from merchants.onboarding.usecases.move_merchant import merchant_target
from merchants.terms import queries, rules
from merchants.terms.models import BankAccountChange
from wallet.public import send_notice

SHOWN = 4
LONGEST = {"bank": 64, "account": 34, "holder": 64}
NOTICE = (
    "From {on} UTC payouts of {merchant} go to {bank} ...{account}. "
    "If this was not you, cancel it in the app or call us."
)


@transactions.atomic_retry
def change_bank_account(
    *, merchant_id: uuid.UUID, bank: str, account: str, holder: str, actor: str
) -> BankAccountChange:
    """Write another bank account down; it takes effect after the cooling period.

    The owner is told at once on the phone that the house has had so far. Until it takes effect
    payouts go to the old account, and the owner or an operator may cancel it. Only an approval
    calls it.

    Raises:
        MerchantNotFound: there is no such merchant.
        rules.AccountChangeWaiting: another change waits.
        rules.TermsInvalid: something is empty.

    Locks: the merchant's version, then the merchant.
    """
    check_bank_account(bank=bank, account=account, holder=holder)
    targets.moved(merchant_target(merchant_id), actor=actor)
    merchant = merchant_for_money(merchant_id)
    if queries.waiting_changes().filter(merchant=merchant).exists():
        raise rules.AccountChangeWaiting()
    now = clock.now()
    change = BankAccountChange.objects.create(
        merchant=merchant,
        bank=bank,
        account=account,
        holder=holder,
        decided_by=actor,
        created_at=now,
        takes_effect_at=now + timedelta(hours=settings.SAOMA_BANK_ACCOUNT_COOLING_HOURS),
    )
    send_notice(
        user_id=merchant.owner_id,
        text=NOTICE.format(
            on=f"{change.takes_effect_at:%Y-%m-%d %H:%M}",
            merchant=merchant.short_name,
            bank=bank[:20],
            account=account[-SHOWN:],
        ),
    )
    _record("merchant.bank_account_change_decided", change, actor)
    return change


def check_bank_account(*, bank: str, account: str, holder: str) -> None:
    """Check that an account can be paid to.

    Raises:
        rules.TermsInvalid: something is empty or too long.
    """
    for field, value, longest in (
        ("bank", bank, 64),
        ("account", account, 34),
        ("holder", holder, 64),
    ):
        if not value.strip() or len(value) > longest:
            raise rules.TermsInvalid(field=field, expected=f"1 to {longest} characters")


@transactions.atomic_retry
def cancel_change(*, merchant_id: uuid.UUID, actor: str) -> BankAccountChange:
    """Drop a change of the bank account that has not taken effect: the old one stays.

    Raises:
        MerchantNotFound: there is no such merchant.
        rules.AccountChangeNotFound: none waits.

    Locks: the merchant's version, then the merchant.
    """
    targets.moved(merchant_target(merchant_id), actor=actor)
    merchant = merchant_for_money(merchant_id)
    change = queries.waiting_changes().filter(merchant=merchant).first()
    if change is None:
        raise rules.AccountChangeNotFound()
    change.cancelled_at = clock.now()
    change.save(update_fields=["cancelled_at"])
    _record("merchant.bank_account_change_cancelled", change, actor)
    return change


def apply_changes(*, now: datetime) -> int:
    """Let the changes take effect whose cooling period is over; returns how many did."""
    due = queries.waiting_changes().filter(takes_effect_at__lte=now)
    return sum(_apply(change.id, change.merchant_id) for change in due)


@transactions.atomic_retry
def _apply(change_id: uuid.UUID, merchant_id: uuid.UUID) -> bool:
    targets.moved(merchant_target(merchant_id), actor="system:terms")
    merchant = merchant_for_money(merchant_id)
    change = queries.waiting_changes().filter(id=change_id).first()
    if change is None:
        return False
    merchant.payout_bank, merchant.payout_account = change.bank, change.account
    merchant.payout_holder = change.holder
    merchant.save(update_fields=["payout_bank", "payout_account", "payout_holder"])
    change.applied_at = clock.now()
    change.save(update_fields=["applied_at"])
    _record("merchant.bank_account_changed", change, "system:terms")
    return True


def _record(action: str, change: BankAccountChange, actor: str) -> None:
    record(
        action=action,
        actor=actor,
        target=f"merchant:{change.merchant_id}",
        after={"change": str(change.id), "account": f"...{change.account[-SHOWN:]}"},
    )


def masked_account(merchant: Merchant) -> str:
    """A merchant's present bank account as people may see it."""
    return f"{merchant.payout_bank} ...{merchant.payout_account[-SHOWN:]}"
