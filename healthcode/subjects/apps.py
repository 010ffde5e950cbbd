"""Registers the health_subjects slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, FourEyes, Slice, Table


class HealthSubjectsConfig(AppConfig):
    """The health code: subjects."""

    name = "healthcode.subjects"
    label = "health_subjects"
    verbose_name = "health subjects"
    slice = Slice(
        tables=(
            Table(Area.HEALTH, "Subjects", "health_and_safety", "Subject"),
            Table(Area.HEALTH, "Guardianships", "family_restroom", "Guardianship"),
        ),
        viewers=(*HEALTH, "clinician", "privacy_officer"),
        rights={"change_guardianship": ("health_officer",), "change_device": ("health_officer",)},
        four_eyes=(
            FourEyes(
                ("health.*",), asks=("health_officer",), approves=("health_approver",), reads=()
            ),
        ),
        urls="api/v1/health/",
        tags={"health": "The health code: evidence, colour, signed codes, gates and venues."},
    )
