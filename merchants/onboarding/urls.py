"""Addresses of the onboarding API."""

from django.urls import URLPattern, path, re_path

from merchants.onboarding import views

_MERCHANT = r"^api/v1/merchants/(?P<merchant_number>[0-9]{16})"
_APP = r"^api/v1/apps/(?P<app_number>[0-9]{16})"
_KEY = _APP + r"/keys/(?P<key_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"

urlpatterns: list[URLPattern] = [
    path("api/v1/merchants", views.MerchantList.as_view(), name="merchants"),
    re_path(_MERCHANT + "$", views.MerchantDetail.as_view(), name="merchant"),
    re_path(_MERCHANT + "/submission$", views.MerchantSubmission.as_view()),
    re_path(_MERCHANT + "/apps$", views.AppList.as_view(), name="apps"),
    path("api/v1/stores", views.StoreList.as_view(), name="stores"),
    path("api/v1/stores/<uuid:store_id>", views.StoreDetail.as_view(), name="store"),
    path("api/v1/terminals", views.TerminalList.as_view(), name="terminals"),
    path("api/v1/terminals/<uuid:terminal_id>", views.TerminalDetail.as_view(), name="terminal"),
    re_path(_APP + "$", views.AppDetail.as_view(), name="app"),
    re_path(_APP + "/keys$", views.KeyList.as_view(), name="keys"),
    re_path(_KEY, views.KeyDetail.as_view(), name="key"),
    path("api/v1/key-pairs", views.KeyPair.as_view(), name="key-pairs"),
    path("api/v1/gateway-key", views.GatewayPublicKey.as_view(), name="gateway-key"),
]
