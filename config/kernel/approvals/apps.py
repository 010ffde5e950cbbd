"""Registers the approvals slice with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from config.kernel.slices import MONEY, Area, FourEyes, Slice, Table


class ApprovalsConfig(AppConfig):
    """The four-eyes approvals."""

    name = "config.kernel.approvals"
    label = "approvals"
    slice = Slice(
        tables=(
            Table(
                Area.CONTROL,
                "Approvals",
                "how_to_reg",
                "ApprovalRequest",
                badge="config.admin.sidebar.approvals_badge",
                searched=True,
            ),
            Table(Area.CONTROL, "Thresholds", "speed", "ThresholdVersion"),
        ),
        viewers=(
            *MONEY,
            "clinician",
            "health_approver",
            "health_officer",
            "iam_approver",
            "merchant_approver",
            "merchant_ops",
            "risk_analyst",
            "risk_approver",
        ),
        four_eyes=(
            FourEyes(("thresholds.*",), asks=("finance_ops",), approves=("finance_approver",)),
        ),
    )

    def ready(self) -> None:
        """Let every slice register its actions, jobs and consumers in every process."""
        autodiscover_modules("tasks")
