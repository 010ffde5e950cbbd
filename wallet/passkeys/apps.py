"""Registers the passkeys slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Ending, Slice, Table
from wallet.passkeys.values import PasskeyState


class PasskeysConfig(AppConfig):
    """Passkeys, and the challenges they sign."""

    name = "wallet.passkeys"
    label = "passkeys"
    slice = Slice(
        tables=(Table(Area.WALLETS, "Passkeys", "passkey", "Passkey"),),
        viewers=SERVICES,
        urls="api/v1/",
        tags={
            "passkeys": "Keys on a person's devices that sign what is agreed to, in a PIN's place."
        },
        enum_names={"PasskeyState": "values.PasskeyState"},
        endings=(
            Ending(
                "PasskeyChallenge",
                "expires_at",
                28,
                "what a passkey was asked to sign and did not",
                "ce qu’une clé d’accès n’a pas signé",
                "通行密钥未签署的内容",
                where={"used_at__isnull": True},
            ),
            Ending(
                "Passkey",
                "expires_at",
                28,
                "passkeys that were never set up",
                "clés d’accès jamais configurées",
                "未完成设置的通行密钥",
                where={"state": PasskeyState.PENDING.value},
            ),
        ),
    )
