"""Addresses of the payments API."""

from django.urls import path

from wallet.payments import views

urlpatterns = [
    path("payment-codes", views.PaymentCodesView.as_view()),
    path("payment-codes/aliases", views.AliasesView.as_view()),
    path("payments", views.PaymentsView.as_view()),
    path("payments/<uuid:payment_id>", views.PaymentView.as_view()),
    path("payments/<uuid:payment_id>/confirm", views.ConfirmView.as_view()),
    path("payments/<uuid:payment_id>/refuse", views.RefuseView.as_view()),
    path("transfers", views.TransfersView.as_view()),
    path("transfers/<uuid:transfer_id>", views.TransferView.as_view()),
    path("transfers/<uuid:transfer_id>/cancel", views.CancelTransferView.as_view()),
]
