"""Addresses of the sharing API."""

from django.urls import path

from wallet.sharing import views

urlpatterns = [
    path("split-bills", views.SplitsView.as_view()),
    path("split-bills/<uuid:split_id>", views.SplitView.as_view()),
    path("split-bills/<uuid:split_id>/pay", views.PayShareView.as_view()),
    path("split-bills/<uuid:split_id>/close", views.CloseSplitView.as_view()),
    path("red-packets", views.PacketsView.as_view()),
    path("red-packets/<uuid:packet_id>/claim", views.ClaimView.as_view()),
]
