"""Registers the health_tracing slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, Slice, Table


class HealthTracingConfig(AppConfig):
    """The health code: tracing."""

    name = "healthcode.tracing"
    label = "health_tracing"
    verbose_name = "health tracing"
    slice = Slice(
        tables=(Table(Area.HEALTH, "Tracing", "travel_explore", "TraceCase"),),
        viewers=HEALTH,
        rights={"change_tracecase": ("health_officer",)},
    )
