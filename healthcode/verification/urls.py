"""Addresses of the verification slice, below /api/v1/health/."""

from django.urls import path

from healthcode.verification import views

urlpatterns = [
    path("codes/verify", views.CodeVerification.as_view()),
    path("cards/verify", views.CardVerification.as_view()),
    path("terminals", views.Enrolments.as_view()),
    path("venues/current", views.CurrentVenue.as_view()),
    path("terminals/current", views.CurrentTerminal.as_view()),
    path("offline-verdicts", views.OfflineVerdicts.as_view()),
    path("venue-checkins", views.VenueCheckIns.as_view()),
    path("venue-checkins/<uuid:check_in_id>/denial", views.CheckInDenials.as_view()),
    path("access-log", views.AccessLog.as_view()),
]
