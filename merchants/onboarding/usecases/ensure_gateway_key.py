"""The installation's own key pair."""

import uuid

from config.kernel import keys, transactions
from config.kernel.audit.chain import record
from merchants.onboarding import queries, rules
from merchants.onboarding.models import GatewayKey
from merchants.onboarding.values import KEYS_AT_REST, KeyState


@transactions.atomic_retry
def ensure_gateway_key() -> GatewayKey:
    """Give the active gateway key; make one where the installation has none.

    The private half is sealed under a key derived from the master key before it is
    stored. It is never an app's key: Java's SDK refuses to run with one key for both.
    """
    active_key = GatewayKey.objects.filter(state=KeyState.ACTIVE).first()
    if active_key is not None:
        return active_key
    pair = rules.new_key_pair()
    key_id = uuid.uuid4()
    key, created = GatewayKey.objects.get_or_create(
        state=KeyState.ACTIVE,
        defaults={
            "id": key_id,
            "public_key": pair.public_pem,
            "fingerprint": rules.public_key_text(pair.public_pem).fingerprint,
            "sealed_private_key": keys.seal(
                pair.private_pkcs8_pem.encode(),
                purpose=KEYS_AT_REST,
                bound_to=f"gateway-key:{key_id}",
            ),
        },
    )
    if created:
        record(
            action="gateway_key.made",
            actor="system:onboarding",
            target=f"gateway_key:{key.id}",
            purpose="sign the gateway's answers and notifications",
            after={"fingerprint": key.fingerprint},
        )
    queries.forget_credentials()
    return key
