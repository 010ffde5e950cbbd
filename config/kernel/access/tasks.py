"""Loaded in every process: from here on the guard stands before every change.

Proving the audit log also looks for the guard's triggers in the database.
"""

from config.kernel.access import guard, power_triggers
from config.kernel.audit import witnesses

guard.connect()
witnesses.witness("access", power_triggers.missing)
