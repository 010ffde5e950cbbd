"""Ask a person whom a terminal has recognised for a deposit."""

from config.kernel import transactions
from merchants.acceptance.usecases.hold import request_hold
from merchants.acceptance.values import Deposit
from merchants.faces.rules import fingerprint
from merchants.faces.usecases.claim_token import claim_token
from wallet import public as wallet


@transactions.atomic_retry
def hold_by_face(*, deposit: Deposit, token: str) -> wallet.HoldOutcome:
    """Ask the person behind a face token to authorise a deposit, with the PIN in their wallet.

    A face names the person; a deposit takes their PIN besides. The same request with the
    same token is answered as the first time.

    Args:
        deposit: what is asked for; its two numbers are what the token is used for.
        token: what the terminal gave for the person, `fp…`.

    Raises:
        the refusals of `claim_token` and of `request_hold`.
    """
    claimed = claim_token(
        token=token,
        merchant_id=deposit.seller.merchant_id,
        reference=fingerprint(f"{deposit.reference}/{deposit.request_no}"),
    )
    return request_hold(deposit=deposit, payer_id=claimed.user_id)
