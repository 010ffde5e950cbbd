"""Addresses of the health code."""

from django.urls import URLPattern, URLResolver, include, path

SLICES = ("subjects", "decisions", "passes", "verification", "appeals")

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("api/v1/health/", include(f"healthcode.{name}.urls")) for name in SLICES),
    path("api/v1/city/", include("healthcode.footfall.urls")),
    path("", include("healthcode.pages.urls")),
]
