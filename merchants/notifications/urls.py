"""URLs of notifications, and the gateway's own, where an old check of them arrives."""

from django.urls import URLPattern, path

from merchants.notifications import views

urlpatterns: list[URLPattern] = [
    path("gateway.do", views.gateway, name="gateway"),
    path("api/v1/events", views.Events.as_view(), name="events"),
    path("api/v1/events/<uuid:event_id>/resend", views.EventResend.as_view(), name="event-resend"),
]
