"""Addresses of the balance API."""

from django.urls import path

from merchants.funds import bank_view, receipt_view, views

urlpatterns = [
    path("api/v1/bank/card-answers", bank_view.CardAnswers.as_view()),
    path("api/v1/merchants/<str:merchant_number>/balance", views.MerchantBalance.as_view()),
    path(
        "api/v1/merchants/<str:merchant_number>/balance/topups",
        views.MerchantBalanceTopups.as_view(),
    ),
    path("receipts/<str:token>", receipt_view.receipt, name="receipt"),
]
