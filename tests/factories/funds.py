"""Merchants with a balance, topped up as an owner does it."""

from config.kernel.ids import uuid7
from merchants.funds.usecases.top_up_balance import top_up_balance
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import balance_id
from tests.factories.accounts import PIN, fund
from wallet.accounts.models import WalletUser
from wallet.ledger import queries as ledger


def give_balance(merchant: Merchant, amount_minor: int) -> None:
    """Bring money from the owner's bank, through the owner's wallet, to the balance."""
    fund(WalletUser.objects.get(id=merchant.owner_id), amount_minor)
    top_up_balance(merchant_uuid=merchant.id, key=str(uuid7()), amount_minor=amount_minor, pin=PIN)


def balance_minor(merchant: Merchant) -> int:
    """What the books say is in a merchant's balance, in fen."""
    return ledger.balance(balance_id(merchant.id)).posted_minor
