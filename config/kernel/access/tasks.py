"""Loaded in every process: connects the guard of permissions to Django's signals.

Proving the audit log also looks for the guard's triggers in the database.
"""

from config.kernel.access import guard, power_triggers
from config.kernel.audit import witnesses

guard.connect()
witnesses.witness("access", power_triggers.missing)
