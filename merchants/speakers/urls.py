"""Addresses of the speakers API."""

from django.urls import URLPattern, path

from merchants.speakers import views

urlpatterns: list[URLPattern] = [
    path("api/v1/speakers", views.Speakers.as_view(), name="speakers"),
    path("api/v1/speakers/<uuid:speaker_id>", views.SpeakerDetail.as_view(), name="speaker"),
    path("api/v1/voice-orders", views.VoiceOrders.as_view(), name="voice-orders"),
    path("api/v1/spoken-orders", views.SpokenOrders.as_view(), name="spoken-orders"),
]
