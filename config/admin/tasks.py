"""Loaded in every process: what keeps roles apart, and what is asked for about operators."""

from config.admin import operator_approvals
from config.admin.roles import check_power
from config.kernel.access import guard

__all__ = ["operator_approvals"]

guard.separate_by(check_power)
