"""Addresses of the decisions slice, below /api/v1/health/."""

from django.urls import path

from healthcode.decisions import desk_views, views

urlpatterns = [
    path("declarations", views.Declarations.as_view()),
    path("trips", views.Trips.as_view()),
    path("checkins", views.CheckIns.as_view()),
    path("evidence", views.Reports.as_view()),
    path("evidence/<uuid:evidence_id>/clinician-signoff", views.SignOffs.as_view()),
    path("statistics", views.Statistics.as_view()),
    path("me", views.Me.as_view()),
    path("desk/requests", desk_views.DeskRequests.as_view()),
]
