"""Addresses of the passkeys API."""

from django.urls import path

from wallet.passkeys import views

urlpatterns = [
    path("passkeys/options", views.PasskeyOptionsView.as_view()),
    path("passkeys", views.PasskeysView.as_view()),
    path("passkeys/<uuid:passkey_id>", views.PasskeyView.as_view()),
    path("challenges", views.ChallengesView.as_view()),
    path("challenges/<uuid:challenge_id>/assert", views.AssertView.as_view()),
]
