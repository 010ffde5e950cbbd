"""Addresses of the appeals slice, below /api/v1/health/."""

from django.urls import path

from healthcode.appeals import views

urlpatterns = [
    path("corrections", views.Corrections.as_view()),
    path("privacy", views.Privacy.as_view()),
    path("erasures", views.Erasures.as_view()),
]
