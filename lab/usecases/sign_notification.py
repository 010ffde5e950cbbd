"""Sign a notification as the gateway would, for trying a merchant with ones that never happened."""

from collections.abc import Mapping

from lab import demo_keys
from merchants.onboarding.queries import gateway_signer
from merchants.onboarding.values import SignType
from merchants.protocol.signing import sign


def sign_notification(*, shop: str, params: Mapping[str, str]) -> dict[str, str]:
    """Complete and sign a notification's fields for a shop's app.

    Neither `sign` nor `sign_type` is part of what is signed; empty fields are not either.

    Raises:
        demo_keys.ShopUnknown: no shop was seeded under this name.
    """
    fields = {
        "app_id": demo_keys.load(shop).app_number,
        "charset": "utf-8",
        "version": "1.0",
        **params,
    }
    fields = {name: text for name, text in fields.items() if name not in {"sign", "sign_type"}}
    message = "&".join(f"{name}={text}" for name, text in sorted(fields.items()) if text)
    signature = sign(gateway_signer().key, message.encode(), SignType.RSA2)
    return {**fields, "sign_type": SignType.RSA2.value, "sign": signature}
