"""Addresses of the agreements API."""

from django.urls import path, re_path

from wallet.agreements import views

_OFFER = r"^agreement-offers/(?P<token>[0-9A-Z]{26})"

urlpatterns = [
    re_path(_OFFER + "$", views.OfferView.as_view()),
    re_path(_OFFER + "/sign$", views.SignView.as_view()),
    path("agreements", views.AgreementsView.as_view()),
    path("agreements/<uuid:agreement_id>", views.AgreementView.as_view()),
    path("agreements/<uuid:agreement_id>/unsign", views.UnsignView.as_view()),
    path("agreements/<uuid:agreement_id>/resume", views.ResumeView.as_view()),
]
