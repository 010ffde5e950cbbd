"""URLs of the gateway: one address for every method."""

from django.urls import path

from merchants.gateway.views import gateway

urlpatterns = [path("gateway.do", gateway, name="gateway")]
