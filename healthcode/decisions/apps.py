"""Registers the health_decisions slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, FourEyes, Slice, Table


class HealthDecisionsConfig(AppConfig):
    """The health code: decisions."""

    name = "healthcode.decisions"
    label = "health_decisions"
    verbose_name = "health decisions"
    slice = Slice(
        tables=(
            Table(Area.HEALTH, "Registered sources", "how_to_reg", "SourceRegistration"),
            Table(Area.HEALTH, "Laboratories", "biotech", "Laboratory"),
            Table(Area.HEALTH, "Reports in quarantine", "inventory", "QuarantinedReport"),
            Table(Area.HEALTH, "Colours", "palette", "Head"),
            Table(Area.HEALTH, "Decisions", "rule_folder", "Decision"),
            Table(Area.HEALTH, "Colours by hand", "pan_tool", "Override"),
            Table(Area.HEALTH, "Lists of people", "groups", "PersonList"),
            Table(Area.HEALTH, "Published counts", "bar_chart", "DayCount"),
            Table(Area.HEALTH, "Alarms", "warning", "Alarm"),
        ),
        viewers=(*HEALTH, "clinician"),
        four_eyes=(
            FourEyes(
                ("health.sign_off_reading",),
                asks=("clinician",),
                approves=("health_approver",),
                reads=(),
            ),
        ),
        urls="api/v1/health/",
    )
