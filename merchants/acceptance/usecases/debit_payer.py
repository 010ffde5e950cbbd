"""Take a payment under an agreement that the payer has signed."""

from typing import Any

from config.kernel import clock
from config.kernel.errors import required
from merchants.acceptance import rules
from merchants.acceptance.usecases.judge_sale import judge_sale
from merchants.acceptance.usecases.pay_into_escrow import open_escrow
from merchants.acceptance.values import Sale
from merchants.onboarding.queries import app_credentials
from wallet import public as wallet


def debit_payer(
    *,
    sale: Sale,
    agreement_number: str,
    payer_number: str = "",
    deferred: bool = False,
    guaranteed: bool = False,
) -> wallet.PayOutcome:
    """Debit the payer of one of the merchant's agreements; nobody is asked.

    The same sale again is answered as the first time. A guaranteed sale's money goes into
    escrow instead of the agreement's account.

    Args:
        sale: what is sold; its reference is the key of the trade.
        agreement_number: the agreement's 20 digits.
        payer_number: who must be its payer; "" for whoever is.
        deferred: take the money in the background, with tries for a week.
        guaranteed: what the wallet lacks is paid by us and owed to us.

    Raises:
        the refusals of `judge_sale`.
        wallet.AgreementUnknown: the merchant has no such agreement.
        rules.AgreementOfOtherProduct: it was signed as another product than is sold.
        wallet.PayerMismatch: it is another payer's.
        and the other refusals of `wallet.debit_agreement`.
    """
    now = clock.now()
    judge_sale(sale, now=now)
    agreement = wallet.agreement_by_number(
        payee_id=sale.seller.merchant_id, number=agreement_number
    )
    if agreement is None:
        raise wallet.AgreementUnknown()
    made_as = agreement.details.get("product_code", sale.product)
    if sale.product and sale.product != made_as:
        raise rules.AgreementOfOtherProduct(field="product_code", made_as=made_as)
    if payer_number and agreement.payer_number not in {"", payer_number}:
        raise wallet.PayerMismatch(field="buyer_id")
    return wallet.debit_agreement(
        debit=wallet.Debit(
            agreement_id=agreement.id,
            reference=sale.reference,
            description=sale.subject,
            amount_minor=sale.amount_minor,
            expires_at=sale.expires_at or now + rules.LONGEST_LIFE,
            details=rules.details_of(sale),
            payee_since=sale.seller.merchant_since,
            payee_account_id=None
            if sale.escrow_days is None
            else open_escrow(sale.seller.merchant_id, sale.reference, sale.currency),
        ),
        deferred=deferred,
        guarantee=wallet.pay_guaranteed if guaranteed else None,
    )


def sale_under(agreement: wallet.AgreementView, **what: Any) -> Sale:
    """What is sold under an agreement, by the app that offered it; `what` are a sale's facts."""
    app_number = str(agreement.details.get("app_id", ""))
    return Sale(
        seller=required(app_credentials(app_number), "an agreement names the app that offered it"),
        notify_url=str(agreement.details.get("notify_url", "")),
        **what,
    )
