"""Registers the audit slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Area, Slice, Table


class AuditConfig(AppConfig):
    """The hash-chained audit log."""

    name = "config.kernel.audit"
    label = "audit"
    slice = Slice(
        tables=(
            Table(Area.CONTROL, "Audit log", "history", "AuditEvent"),
            Table(Area.CONTROL, "Audit roots", "fingerprint", "AuditRoot"),
        ),
        viewers=("auditor", "privacy_officer", "teacher"),
    )
