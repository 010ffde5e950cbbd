"""Addresses of the disputes API."""

from django.urls import URLPattern, path

from merchants.disputes import views

ONE = "api/v1/disputes/<uuid:dispute_id>"
urlpatterns: list[URLPattern] = [
    path("api/v1/disputes", views.Disputes.as_view(), name="disputes"),
    path(ONE, views.OneDispute.as_view(), name="dispute"),
    path(f"{ONE}/evidence", views.DisputeEvidence.as_view(), name="dispute-evidence"),
    path(f"{ONE}/accept", views.AcceptDispute.as_view(), name="dispute-accept"),
    path(f"{ONE}/challenge", views.ChallengeDispute.as_view(), name="dispute-challenge"),
    path(f"{ONE}/cancel", views.CancelDispute.as_view(), name="dispute-cancel"),
    path(f"{ONE}/appeal", views.AppealDispute.as_view(), name="dispute-appeal"),
]
