"""Registers the authorisations slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import MONEY, Area, Books, FourEyes, Slice, Table


class AuthorisationsConfig(AppConfig):
    """Pre-authorisations, their operations, and arrears."""

    name = "wallet.authorisations"
    label = "authorisations"
    slice = Slice(
        tables=(
            Table(Area.PAYMENTS, "Authorisations", "lock_clock", "Authorisation"),
            Table(Area.PAYMENTS, "Arrears", "money_off", "Arrears"),
            Table(Area.PAYMENTS, "Disputed late marks", "rate_review", "TrustDispute"),
        ),
        viewers=(*MONEY, "risk_analyst", "risk_approver", "support"),
        four_eyes=(
            FourEyes(
                ("authorisations.decide_trust_dispute",),
                asks=("payments_ops",),
                approves=("finance_approver",),
            ),
        ),
        urls="api/v1/",
        tags={"authorisations": "Deposits: promised, held, waived, owed."},
        enum_names={
            "AuthorisationStatus": "values.AuthorisationStatus",
            "AuthorisationEndReason": "values.EndReason",
            "OperationStatus": "values.OperationStatus",
            "OperationKind": "values.OperationKind",
            "TrustDisputeState": "values.TrustDisputeState",
            "ArrearsState": "values.ArrearsState",
            "TrustConsent": "values.TrustConsent",
        },
        books={
            Books.PAYMENTS: ("Authorisation", "Arrears", "TrustDispute"),
            Books.CONSENTS: ("TrustChoice",),
        },
    )
