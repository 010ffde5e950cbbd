"""Registers the health_appeals slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, Slice, Table


class HealthAppealsConfig(AppConfig):
    """The health code: appeals."""

    name = "healthcode.appeals"
    label = "health_appeals"
    verbose_name = "health corrections"
    slice = Slice(
        tables=(Table(Area.HEALTH, "Appeals", "gavel", "Appeal"),),
        viewers=(*HEALTH, "clinician"),
        rights={"change_appeal": ("health_officer",)},
        urls="api/v1/health/",
    )
