"""Addresses of the clearing API."""

from django.urls import path

from wallet.clearing import views

urlpatterns = [
    path("unit-transfers", views.UnitTransfersView.as_view()),
    path("unit-transfers/<uuid:transfer_id>", views.UnitTransferView.as_view()),
]
