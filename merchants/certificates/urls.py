"""Addresses of the certificates API."""

from django.urls import URLPattern, re_path

from merchants.certificates import views

urlpatterns: list[URLPattern] = [
    re_path(
        r"^api/v1/apps/(?P<app_number>[0-9]{16})/certificates$",
        views.Certificates.as_view(),
        name="certificates",
    ),
]
