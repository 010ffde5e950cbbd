"""The key that signs answers, on an installation of any age."""

from merchants.onboarding.queries import GatewayKeyMissing, gateway_signer
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.values import GatewaySigner


def our_signer() -> GatewaySigner:
    """Give the installation's key; the first answer of a fresh one makes it.

    Nobody has been onboarded there, and a caller is still to hear a signed refusal.
    """
    try:
        return gateway_signer()
    except GatewayKeyMissing:
        ensure_gateway_key()
        return gateway_signer()
