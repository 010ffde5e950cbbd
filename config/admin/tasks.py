"""Loaded in every process: roles and rights of one person are kept apart by these rules."""

from config.admin.roles import check_power
from config.kernel.access import guard

guard.separate_by(check_power)
