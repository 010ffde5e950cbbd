"""Addresses of the subjects slice, below /api/v1/health/."""

from django.urls import path

from healthcode.subjects import views

urlpatterns = [
    path("guardianships", views.Guardianships.as_view()),
    path("guardianships/<uuid:guardianship_id>/consent", views.GuardianshipConsent.as_view()),
    path("guardianships/<uuid:guardianship_id>/end", views.GuardianshipEnd.as_view()),
    path("devices", views.Devices.as_view()),
    path("devices/<uuid:device_id>/revoke", views.DeviceRevocation.as_view()),
]
