"""Addresses of the world control, all under `/lab/api/`."""

from typing import Any

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from lab.api import views
from lab.views import LabOnly

_STEERING: list[Any] = [
    path("lab/api/world", views.World.as_view()),
    path("lab/api/clock", views.Clock.as_view()),
    path("lab/api/clock/advance", views.ClockAdvance.as_view()),
    path("lab/api/snapshots", views.Snapshots.as_view()),
    path("lab/api/snapshots/<slug:name>/restore", views.SnapshotRestore.as_view()),
    path("lab/api/reset", views.Reset.as_view()),
    path("lab/api/seed", views.Seed.as_view()),
    path("lab/api/codes", views.Codes.as_view()),
    path("lab/api/payments", views.Payments.as_view()),
    path("lab/api/topups", views.Topups.as_view()),
    path("lab/api/notifications/sign", views.Signatures.as_view()),
    path("lab/api/notifications", views.Notifications.as_view()),
    path("lab/api/notifications/<uuid:notification_id>/form", views.NotificationForm.as_view()),
    path("lab/api/marks", views.Marks.as_view()),
    path("lab/api/trigger", views.Triggers.as_view()),
    path("lab/api/stream", views.Stream.as_view()),
    path("lab/api/events", views.Events.as_view()),
]


class LabSchema(LabOnly, SpectacularAPIView):
    """The world control's OpenAPI document."""


class LabDocs(LabOnly, SpectacularSwaggerSplitView):
    """The world control's page."""


urlpatterns = [
    *_STEERING,
    path(
        "lab/api/schema/",
        LabSchema.as_view(
            patterns=_STEERING,
            custom_settings={
                "TITLE": "Saoma lab: world control",
                "DESCRIPTION": "Clock, snapshots, seed, people's acts. Lab mode only, no login.",
                "SCHEMA_PATH_PREFIX": "/lab/api",
                "PREPROCESSING_HOOKS": [],
                "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
                "ENUM_NAME_OVERRIDES": {},
            },
        ),
        name="lab_schema",
    ),
    path("lab/api/docs/", LabDocs.as_view(url_name="lab_schema"), name="lab_docs"),
]
