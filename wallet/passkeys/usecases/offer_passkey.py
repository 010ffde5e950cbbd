"""Offer to register a passkey."""

import uuid

from django.conf import settings

from config.kernel import clock, transactions
from wallet.accounts import queries as accounts
from wallet.passkeys import ceremonies, queries, rules
from wallet.passkeys.models import Passkey


@transactions.atomic_retry
def offer_passkey(*, user_id: uuid.UUID) -> tuple[Passkey, ceremonies.Json]:
    """Open an offer of five minutes and give what the browser makes a passkey of.

    Asking again while it is open gives the same challenge; a person has one offer at most.

    Raises:
        TooManyPasskeys: ten are active already.

    Locks: the user, then the offer.
    """
    user = accounts.locked_user(user_id)
    credentials = queries.active_credentials(user_id)
    if len(credentials) >= rules.PASSKEYS_MAXIMUM:
        raise rules.TooManyPasskeys(maximum=rules.PASSKEYS_MAXIMUM)
    at = clock.now()
    offer = queries.pending_of(user_id) or Passkey(user_id=user_id)
    if not offer.challenge or offer.expires_at <= at:
        offer.challenge = ceremonies.fresh_challenge()
        offer.created_at, offer.expires_at = at, at + rules.OFFER_LIFE
        offer.save()
    options = ceremonies.creation_options(
        rules.relying_party(settings.PUBLIC_URL),
        user=user_id.bytes,
        number=user.user_number,
        name=user.name,
        challenge=offer.challenge,
        credentials=credentials,
    )
    return offer, options
