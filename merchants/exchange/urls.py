"""Addresses of the exchange API."""

from django.urls import URLPattern, path

from merchants.exchange import views

_MERCHANT = "api/v1/merchants/<str:merchant_number>"

urlpatterns: list[URLPattern] = [
    path("api/v1/fx/quotes", views.Quotes.as_view(), name="fx-quotes"),
    path("api/v1/fx/payments", views.Payments.as_view(), name="fx-payments"),
    path(f"{_MERCHANT}/foreign-accounts", views.ForeignAccounts.as_view()),
    path(f"{_MERCHANT}/foreign-accounts/<str:currency>", views.ForeignAccount.as_view()),
    path(f"{_MERCHANT}/foreign-accounts/<str:currency>/payouts", views.ForeignPayouts.as_view()),
    path(f"{_MERCHANT}/fx-payments/<str:order_no>", views.Order.as_view()),
    path(f"{_MERCHANT}/fx-payments/<str:order_no>/refunds", views.Refunds.as_view()),
]
