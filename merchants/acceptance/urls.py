"""Addresses of acceptance: scans, orders by token, and the key that signs them."""

from django.urls import URLPattern, path, re_path

from merchants.acceptance import views

urlpatterns: list[URLPattern] = [
    path("api/v1/scans", views.Scans.as_view(), name="scans"),
    path("api/v1/scans/<uuid:scan_id>", views.ScanDetail.as_view(), name="scan"),
    path("api/v1/scans/<uuid:scan_id>/amount", views.ScanAmount.as_view(), name="scan-amount"),
    re_path(r"^[qQ]/(?P<token>[0-9A-Za-z]{26})/?$", views.order_page, name="order-page"),
    re_path(
        r"^api/v1/merchants/(?P<merchant_number>[0-9]{16})/agreements/(?P<number>[0-9]{20})/plan$",
        views.AgreementPlan.as_view(),
        name="agreement-plan",
    ),
    path(".well-known/jwks.json", views.jwks, name="jwks"),
]
