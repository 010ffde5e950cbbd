"""Registers the payments slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, Ending, FourEyes, Slice, Table
from wallet.payments.values import CODE_RETENTION


class PaymentsConfig(AppConfig):
    """The payments, payment codes, refunds and transfers."""

    name = "wallet.payments"
    label = "payments"
    slice = Slice(
        tables=(
            Table(Area.PAYMENTS, "Payments", "payments", "Payment", searched=True),
            Table(Area.PAYMENTS, "Refunds", "undo", "Refund"),
            Table(Area.PAYMENTS, "Transfers", "swap_horiz", "Transfer"),
            Table(Area.PAYMENTS, "Payment codes", "barcode", "PaymentCode"),
        ),
        viewers=(*MONEY, "risk_analyst", "risk_approver", "support"),
        rights={"change_payment": ("payments_ops",)},
        four_eyes=(
            FourEyes(
                ("payments.refund",),
                asks=("payments_ops", "risk_analyst"),
                approves=("finance_approver",),
            ),
        ),
        urls="api/v1/",
        tags={
            "payment codes": "The codes a payer shows.",
            "payments": "Payments that wait for the payer, and those that were made.",
            "transfers": "Money from one person to another.",
        },
        enum_names={
            "ConfirmationKind": "values.ConfirmationKind",
            "PaymentStatus": "values.PaymentStatus",
            "PaymentMethod": "values.Method",
            "PaymentCloseReason": "values.CloseReason",
        },
        books={Books.PAYMENTS: ("Payment", "Refund", "Transfer", "PayerActivity", "BadCodeCount")},
        endings=(
            Ending(
                "PaymentCode",
                "expires_at",
                CODE_RETENTION.days,
                "payment codes that ran out",
                "codes de paiement expirés",
                "过期的付款码",
                by_own_job=True,
            ),
        ),
    )
