"""Capture a merchant's authorisation: sell against what a payer has promised."""

from dataclasses import replace

from config.kernel import clock
from merchants.acceptance import queries
from merchants.acceptance.usecases.judge_sale import judge_sale
from merchants.acceptance.usecases.pay_into_escrow import pay_request
from merchants.acceptance.values import Sale
from wallet import public as wallet

# Captured as what it was authorised as; the newest product fits all of them.
ANY_PRODUCT = "PREAUTH_PAY"


def capture(*, sale: Sale, number: str, complete: bool, buyer: str = "") -> wallet.PayOutcome:
    """Take a sale's amount out of an authorisation; with `complete` free the rest.

    The same sale again gives the first payment.

    Args:
        sale: what is sold; its product must be the authorisation's.
        number: our number of the authorisation.
        complete: whether nothing more will be captured.
        buyer: the payer's public number, where the merchant names it.

    Raises:
        the refusals of `judge_sale`.
        wallet.AuthorisationUnknown: there is none, or it is another merchant's.
        wallet.ProductMismatch: it was authorised as another product.
        wallet.PayerMismatch: another payer has it.
        what the wallet's `capture_authorisation` refuses.
    """
    now = clock.now()
    judge_sale(sale, now=now)
    authorisation = queries.authorisation(merchant_id=sale.seller.merchant_id, number=number)
    made_as = authorisation.details.get("product_code", sale.product)
    if sale.product not in {ANY_PRODUCT, made_as} and made_as != ANY_PRODUCT:
        raise wallet.ProductMismatch(field="product_code", made_as=made_as)
    if buyer and buyer != authorisation.payer_number:
        raise wallet.PayerMismatch(field="buyer_id")
    request = pay_request(sale, now=now)
    details = {**request.details, "auth_no": authorisation.number}
    return wallet.capture_authorisation(
        authorisation_id=authorisation.id,
        request=replace(request, details=details),
        complete=complete,
    )
