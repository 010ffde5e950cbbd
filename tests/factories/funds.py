"""Merchants with a balance, topped up as an owner does it."""

import itertools

from config.kernel.ids import uuid7
from merchants.funds.models import MerchantTransfer
from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.usecases.top_up_balance import top_up_balance
from merchants.funds.values import Order, Payee, PayeeNamedBy, TransferKind
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import balance_id
from tests.factories.accounts import PIN, fund
from wallet.accounts.models import WalletUser
from wallet.ledger import queries as ledger

_references = itertools.count(1)


def give_balance(merchant: Merchant, amount_minor: int) -> None:
    """Bring money from the owner's bank, through the owner's wallet, to the balance."""
    fund(WalletUser.objects.get(id=merchant.owner_id), amount_minor)
    top_up_balance(merchant_id=merchant.id, key=str(uuid7()), amount_minor=amount_minor, pin=PIN)


def balance_minor(merchant: Merchant) -> int:
    """What the books say is in a merchant's balance, in fen."""
    return ledger.balance(balance_id(merchant.id)).posted_minor


def send_to_card(merchant: Merchant, amount_minor: int) -> MerchantTransfer:
    """A transfer of the merchant's to a card, with the bank."""
    payee = Payee(PayeeNamedBy.CARD, "6222020200011191")
    order = Order(f"CARD{next(_references)}", TransferKind.BANK_CARD, payee, amount_minor)
    transfer, _ = send_transfer(merchant_id=merchant.id, order=order)
    return transfer
