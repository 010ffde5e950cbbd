"""Registers the coupons slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, FourEyes, Slice, Table


class CouponsConfig(AppConfig):
    """Platform coupons and their campaigns."""

    name = "wallet.coupons"
    label = "coupons"
    slice = Slice(
        tables=(
            Table(Area.PAYMENTS, "Campaigns", "local_activity", "Campaign"),
            Table(Area.PAYMENTS, "Coupons", "confirmation_number", "Coupon"),
        ),
        viewers=MONEY,
        four_eyes=(
            FourEyes(("coupons.*",), asks=("finance_ops",), approves=("finance_approver",)),
        ),
        urls="api/v1/",
        tags={"coupons": "What the house pays of a purchase."},
        enum_names={"CouponState": "values.CouponState"},
        books={Books.SERVICES: ("Coupon",)},
    )
