"""Registers the health_evidence slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, Slice, Table


class HealthEvidenceConfig(AppConfig):
    """The health code: evidence."""

    name = "healthcode.evidence"
    label = "health_evidence"
    verbose_name = "health evidence"
    slice = Slice(
        tables=(
            Table(Area.HEALTH, "Evidence", "science", "Evidence"),
            Table(Area.HEALTH, "Risk areas", "map", "RiskArea"),
        ),
        viewers=(*HEALTH, "clinician"),
    )
