"""URLs of the signature tools."""

from django.urls import URLPattern, path

from merchants.diagnosis import views

urlpatterns: list[URLPattern] = [
    path(
        "api/v1/tools/explain-signature",
        views.ExplainSignature.as_view(),
        name="explain-signature",
    ),
    path("api/v1/tools/explain-received", views.ExplainReceived.as_view(), name="explain-received"),
]
