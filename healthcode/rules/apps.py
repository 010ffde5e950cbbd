"""Registers the health_rules slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, Slice, Table


class HealthRulesConfig(AppConfig):
    """The health code: rules."""

    name = "healthcode.rules"
    label = "health_rules"
    verbose_name = "health rules"
    slice = Slice(tables=(Table(Area.HEALTH, "Rules", "gavel", "RuleSetVersion"),), viewers=HEALTH)
