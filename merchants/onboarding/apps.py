"""Registers the onboarding slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Area, FourEyes, Slice, Table


class OnboardingConfig(AppConfig):
    """The merchants, stores, tills, apps and keys."""

    name = "merchants.onboarding"
    label = "onboarding"
    slice = Slice(
        tables=(
            Table(Area.MERCHANTS, "Merchants", "storefront", "Merchant", searched=True),
            Table(Area.MERCHANTS, "Stores", "store", "Store"),
            Table(Area.MERCHANTS, "Tills", "point_of_sale", "Till"),
            Table(Area.MERCHANTS, "Apps", "apps", "App"),
            Table(Area.MERCHANTS, "Keys", "key", "AppKey"),
            Table(Area.MERCHANTS, "Our own keys", "encrypted", "GatewayKey"),
        ),
        viewers=(
            "auditor",
            "finance_approver",
            "finance_ops",
            "merchant_approver",
            "merchant_ops",
            "support",
            "teacher",
        ),
        rights={"change_merchant": ("merchant_ops",)},
        four_eyes=(
            FourEyes(("merchants.*",), asks=("merchant_ops",), approves=("merchant_approver",)),
        ),
        urls="",
        tags={"merchants": "Merchants, their stores, tills, apps and keys."},
        enum_names={
            "MerchantState": "values.MerchantState",
            "PlaceState": "values.PlaceState",
            "AppState": "values.AppState",
            "KeyState": "values.KeyState",
            "SignType": "values.SignType",
        },
    )
