"""Addresses of the consents API."""

from django.urls import URLPattern, path, re_path

from merchants.consents import views

urlpatterns: list[URLPattern] = [
    path("api/v1/consents", views.Consents.as_view(), name="consents"),
    path("api/v1/consents/<uuid:grant_id>", views.Consent.as_view(), name="consent"),
    path("api/v1/consented-history", views.History.as_view(), name="consented-history"),
    re_path(
        r"^api/v1/apps/(?P<app_number>[0-9]{16})/return-addresses$",
        views.ReturnAddresses.as_view(),
        name="return-addresses",
    ),
]
