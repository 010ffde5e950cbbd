"""Addresses of scan and go."""

from django.urls import URLPattern, path

from merchants.selfscan import views

STORE = "api/v1/selfscan/stores/<uuid:store_id>"
TRIP = "api/v1/selfscan/trips/<uuid:trip_id>"
urlpatterns: list[URLPattern] = [
    path(STORE, views.Stores.as_view(), name="selfscan-store"),
    path(f"{STORE}/products/<str:barcode>", views.Products.as_view(), name="selfscan-product"),
    path(f"{STORE}/trips", views.Trips.as_view(), name="selfscan-trips"),
    path(f"{STORE}/exits", views.Exits.as_view(), name="selfscan-exits"),
    path(TRIP, views.OneTrip.as_view(), name="selfscan-trip"),
    path(f"{TRIP}/lines/<str:barcode>", views.Lines.as_view(), name="selfscan-line"),
    path(
        f"{TRIP}/lines/<str:barcode>/approve", views.ApproveLine.as_view(), name="selfscan-approve"
    ),
    path(f"{TRIP}/checkout", views.Checkout.as_view(), name="selfscan-checkout"),
    path(f"{TRIP}/pay", views.Pay.as_view(), name="selfscan-pay"),
    path(f"{TRIP}/exit-code", views.ExitCode.as_view(), name="selfscan-exit-code"),
    path(f"{TRIP}/audit", views.Audit.as_view(), name="selfscan-audit"),
]
