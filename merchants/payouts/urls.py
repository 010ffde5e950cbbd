"""Addresses of payouts."""

from django.urls import path

from merchants.payouts import views

urlpatterns = [path("api/v1/bank/payout-messages", views.BankMessages.as_view())]
