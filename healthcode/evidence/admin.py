"""What the operators' pages of health data share."""

from config.kernel import panel


class HealthReads(panel.AuditedReads):
    """Health data that somebody opened is in the audit log."""

    audited_action = "health.read"
