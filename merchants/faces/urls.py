"""Addresses of the faces API."""

from django.urls import URLPattern, path

from merchants.faces import views

urlpatterns: list[URLPattern] = [
    path("api/v1/face", views.Face.as_view(), name="face"),
    path("api/v1/face-terminals", views.FaceTerminals.as_view(), name="face-terminals"),
    path("api/v1/face-tokens", views.FaceTokens.as_view(), name="face-tokens"),
]
