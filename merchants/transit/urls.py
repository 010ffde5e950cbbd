"""Addresses of transit."""

from django.urls import URLPattern, path

from merchants.transit import views

BASE = "api/v1/transit"
urlpatterns: list[URLPattern] = [
    path(f"{BASE}/operators/<str:app_number>", views.Operators.as_view(), name="transit-operator"),
    path(
        f"{BASE}/operators/<str:app_number>/gates/<str:serial>",
        views.Gates.as_view(),
        name="transit-gate",
    ),
    path(f"{BASE}/trust", views.Trust.as_view(), name="transit-trust"),
    path(f"{BASE}/certificates", views.Certificates.as_view(), name="transit-certificates"),
    path(f"{BASE}/gates/<str:serial>/taps", views.Uploads.as_view(), name="transit-uploads"),
    path(f"{BASE}/rides", views.Rides.as_view(), name="transit-rides"),
]
