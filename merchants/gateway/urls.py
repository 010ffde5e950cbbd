"""URLs of the gateway: the REST face; the other is `notifications.views.gateway`."""

from django.urls import URLPattern, path

from merchants.gateway import v3

urlpatterns: list[URLPattern] = [
    path("gateway.do/v3/<path:path>", v3.wrong_base, name="v3-wrong-base"),
    path("v3/<path:path>", v3.v3, name="v3"),
]
