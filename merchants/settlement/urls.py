"""Addresses of the settlement API."""

from django.urls import path, re_path

from merchants.settlement import views

urlpatterns = [
    path("api/v1/settlements", views.SettlementList.as_view()),
    path("api/v1/settlements/<uuid:settlement_id>", views.SettlementDetail.as_view()),
    path("api/v1/settlements/<uuid:settlement_id>/lines.csv", views.SettlementLines.as_view()),
    re_path(
        r"^api/v1/merchants/(?P<merchant_number>[0-9]{16})/payouts$", views.PayoutDemand.as_view()
    ),
    path("api/v1/statements", views.StatementList.as_view()),
    path("api/v1/statements.csv", views.StatementFile.as_view()),
]
