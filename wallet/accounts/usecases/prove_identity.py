"""Sign that a user's verified identity has a document, and nothing else."""

import uuid
from datetime import datetime

from config.kernel import clock, identity_proofs, keys
from config.kernel.errors import Refused
from wallet.accounts import queries, rules
from wallet.accounts.models import WalletUser

# A resident's identity card, by the number that gates and forms use.
ID_CARD = "10"


class IdentityNotMatched(Refused):
    """No verified identity, or one of another document."""

    code = "identity_not_matched"
    message = "Your verified identity does not have this document."


def prove_identity(*, user_id: uuid.UUID, document_number: str) -> tuple[str, datetime]:
    """A proof for a user's own identity card, and when it ends.

    Only the keyed digest of the number is kept here; it is compared, and one signed bit
    goes out.

    Raises:
        IdentityNotMatched: the user is not verified, is suspended, or the number is another.
        UserUnknown: there is no such user.
    """
    number = document_number.strip().upper()
    user = queries.user(user_id)
    if user.kyc_tier == 0 or not _is_verified(user, number):
        raise IdentityNotMatched(field="document_number")
    return identity_proofs.sign(holder_id=user_id, document=f"{ID_CARD}|{number}", at=clock.now())


def _is_verified(user: WalletUser, number: str) -> bool:
    """Whether a number is the one that a user is verified for.

    Wallets verified before digests were comparable are held to their last application.
    """
    person = user.person
    if person.verified_at is None:
        return False
    if person.identity_digest is not None:
        return person.identity_digest == rules.identity_digest(queries.identity_pepper(), number)
    last = queries.last_approval(user.id)
    digest = rules.peppered(keys.derive("accounts/identity", 32), user.id, number)
    return last is not None and last.id_number_digest == digest
