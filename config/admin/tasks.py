"""Loaded in every process: what keeps roles apart, what is asked for about operators, and what
wallet and merchants forget.
"""

from config.admin import money_retention, operator_approvals
from config.admin.roles import check_power
from config.kernel.access import guard

__all__ = ["money_retention", "operator_approvals"]

guard.separate_by(check_power)
