"""Addresses of the API of settlement terms."""

from django.urls import URLPattern, re_path

from merchants.terms import views

_MERCHANT = r"^api/v1/merchants/(?P<merchant_number>[0-9]{16})"

urlpatterns: list[URLPattern] = [
    re_path(_MERCHANT + "/settlement-terms$", views.Terms.as_view(), name="settlement-terms"),
    re_path(_MERCHANT + "/bank-account-change$", views.BankAccountChangeView.as_view()),
]
