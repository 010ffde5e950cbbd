"""Addresses of the funding API."""

from django.urls import path

from wallet.funding import views

urlpatterns = [
    path("funding-order", views.OrderView.as_view()),
    path("savings", views.SavingsView.as_view()),
    path("savings/deposit", views.DepositView.as_view()),
    path("savings/redeem", views.RedeemView.as_view()),
    path("credit", views.CreditView.as_view()),
    path("credit/applications", views.ApplicationsView.as_view()),
    path("credit/bills", views.BillsView.as_view()),
    path("credit/repay", views.RepayView.as_view()),
    path("marketing-consent", views.ConsentView.as_view()),
    path("funding-offers", views.OffersView.as_view()),
]
