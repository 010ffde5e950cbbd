"""Addresses of the authorisations API."""

from django.urls import path

from wallet.authorisations import views

urlpatterns = [
    path("authorisations", views.AuthorisationsView.as_view()),
    path("authorisations/<uuid:authorisation_id>", views.AuthorisationView.as_view()),
    path("authorisations/<uuid:authorisation_id>/confirm", views.ConfirmView.as_view()),
    path("authorisations/<uuid:authorisation_id>/refuse", views.RefuseView.as_view()),
    path("arrears", views.ArrearsView.as_view()),
    path("trust", views.TrustView.as_view()),
    path("trust/disputes", views.TrustDisputesView.as_view()),
    path("trust/consent", views.TrustConsentView.as_view()),
]
