"""Registers the health_verification slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, Slice, Table


class HealthVerificationConfig(AppConfig):
    """The health code: verification."""

    name = "healthcode.verification"
    label = "health_verification"
    verbose_name = "health gates"
    slice = Slice(
        tables=(
            Table(Area.HEALTH, "Venues", "meeting_room", "Venue"),
            Table(Area.HEALTH, "Gates", "door_open", "Terminal"),
            Table(Area.HEALTH, "Gate rules", "tune", "VenuePolicy"),
            Table(Area.HEALTH, "Verifications", "fact_check", "Verification"),
            Table(Area.HEALTH, "Check-ins", "login", "CheckIn"),
            Table(Area.HEALTH, "Access log", "visibility", "AccessLogEntry"),
        ),
        viewers=(*HEALTH, "privacy_officer"),
        rights={
            "add_venue": ("health_officer",),
            "change_venue": ("health_officer",),
            "add_venuepolicy": ("health_officer",),
            "change_venuepolicy": ("health_officer",),
            "change_terminal": ("health_officer",),
            "delete_accesslogentry": ("privacy_officer",),
        },
        urls="api/v1/health/",
        enum_names={"VisitDirection": "values.Direction", "CheckInMethod": "values.Method"},
    )
