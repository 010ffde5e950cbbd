"""Registers the risk slice with Django."""

from importlib import import_module

from django.apps import AppConfig

from config.kernel.slices import Area, Books, FourEyes, Slice, Table


class RiskConfig(AppConfig):
    """The risk rules and decisions on movements of money."""

    name = "wallet.risk"
    label = "risk"
    slice = Slice(
        tables=(
            Table(Area.RISK, "Cases", "policy", "RiskCase"),
            Table(Area.RISK, "Decisions", "rule", "RiskDecision"),
            Table(Area.RISK, "Rules", "gavel", "RiskRuleSet"),
            Table(Area.RISK, "Models", "model_training", "RiskModel"),
            Table(Area.RISK, "Lists", "playlist_add_check", "ListEntry"),
        ),
        viewers=("auditor", "risk_analyst", "risk_approver", "teacher"),
        rights={"change_riskcase": ("risk_analyst",)},
        four_eyes=(FourEyes(("risk.*",), asks=("risk_analyst",), approves=("risk_approver",)),),
        books={Books.RISK: ("RiskCase", "RiskDecision", "ListEntry", "PayeeRefund")},
    )

    def ready(self) -> None:
        """Let withdrawals be asked about."""
        import_module("wallet.risk.screens").register()
