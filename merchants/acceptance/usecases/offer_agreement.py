"""Propose an agreement to whoever opens its page."""

from collections.abc import Mapping

from merchants.acceptance import rules
from merchants.onboarding.values import AppCredentials
from wallet import public as wallet


def offer_agreement(
    *,
    seller: AppCredentials,
    external_no: str,
    product: str,
    scene: str,
    terms: wallet.Terms,
    details: Mapping[str, object],
) -> wallet.AgreementView:
    """Keep a merchant's offer, which a payer may sign within a day; the same again is the same.

    Args:
        seller: who proposes.
        external_no: the merchant's own number, unique in the merchant, or "".
        product: the merchant's word for the kind of agreement.
        scene: likewise for the business it serves.
        terms: what the payer would consent to.
        details: kept with the agreement unread.

    Raises:
        the refusals of `rules.check_seller`.
        wallet.TermsInvalid, wallet.AgreementConflict, wallet.AgreementSigned,
        wallet.AgreementEnded: it cannot be offered, or not any more.
    """
    rules.check_seller(seller)
    return wallet.offer_agreement(
        offer=wallet.Offer(
            **rules.payee_of(seller),
            currency=seller.currency,
            external_no=external_no,
            product=product,
            scene=scene,
            terms=terms,
            details=details,
        )
    )
