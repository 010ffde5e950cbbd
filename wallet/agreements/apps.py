"""Registers the agreements slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, Slice, Table


class AgreementsConfig(AppConfig):
    """Agreements and the deductions made under them."""

    name = "wallet.agreements"
    label = "agreements"
    slice = Slice(
        tables=(Table(Area.PAYMENTS, "Agreements", "event_repeat", "Agreement"),),
        viewers=(*MONEY, "support"),
        rights={"change_agreement": ("payments_ops",)},
        urls="api/v1/",
        tags={"agreements": "Consent to later debits."},
        enum_names={
            "AgreementStatus": "values.AgreementStatus",
            "DeductionStatus": "values.DeductionStatus",
        },
        books={Books.PAYMENTS: ("Agreement",)},
    )
