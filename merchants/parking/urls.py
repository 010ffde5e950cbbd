"""Addresses of the parking API."""

from django.urls import URLPattern, path

from merchants.parking import views

_MERCHANT = "api/v1/merchants/<str:merchant_number>/parking"

urlpatterns: list[URLPattern] = [
    path("api/v1/vehicles", views.Vehicles.as_view(), name="vehicles"),
    path("api/v1/vehicles/<uuid:vehicle_id>", views.VehicleDetail.as_view(), name="vehicle"),
    path(f"{_MERCHANT}/entries", views.Entries.as_view(), name="parking-entries"),
    path(f"{_MERCHANT}/exits", views.Exits.as_view(), name="parking-exits"),
]
