"""Registers the health_footfall slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, Slice, Table


class HealthFootfallConfig(AppConfig):
    """The health code: footfall."""

    name = "healthcode.footfall"
    label = "health_footfall"
    verbose_name = "health footfall"
    slice = Slice(
        tables=(
            Table(Area.HEALTH, "Footfall", "bar_chart", "Dataset"),
            Table(Area.HEALTH, "Privacy accounts", "account_balance", "PrivacyAccount"),
        ),
        viewers=HEALTH,
        urls="api/v1/city/",
        tags={"city": "Figures about places, never about people."},
    )
