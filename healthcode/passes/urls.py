"""Addresses of the passes slice, below /api/v1/health/."""

from django.urls import path

from healthcode.passes import views

urlpatterns = [
    path("code-grants", views.CodeGrants.as_view()),
    path("codes/specimen", views.Specimen.as_view()),
    path("codes/papers/revoke", views.PaperRevocation.as_view()),
    path("codes/papers", views.Papers.as_view()),
    path("codes", views.Codes.as_view()),
    path("certificates/exports", views.CertificateExports.as_view()),
    path("certificates/revocations", views.Revocations.as_view()),
    path("certificates", views.Certificates.as_view()),
    path("trust-list", views.TrustList.as_view()),
    path("deny-list", views.DenyList.as_view()),
]
