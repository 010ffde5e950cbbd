"""Addresses of the deals API."""

from django.urls import URLPattern, path

from merchants.deals import views

OFFER = "api/v1/offers/<uuid:offer_id>"
DEAL = "api/v1/deals/<uuid:deal_id>"
urlpatterns: list[URLPattern] = [
    path("api/v1/offers", views.Offers.as_view(), name="offers"),
    path(OFFER, views.OneOffer.as_view(), name="offer"),
    path(f"{OFFER}/cancel-lot", views.CancelLot.as_view(), name="offer-cancel-lot"),
    path("api/v1/deals", views.Deals.as_view(), name="deals"),
    path(DEAL, views.OneDeal.as_view(), name="deal"),
    path(f"{DEAL}/moves", views.DealMoves.as_view(), name="deal-moves"),
    path(f"{DEAL}/balance", views.DealPayments.as_view(), name="deal-balance"),
    path(f"{DEAL}/shipment", views.Shipments.as_view(), name="deal-shipment"),
    path(f"{DEAL}/refund-requests", views.RefundRequests.as_view(), name="deal-refund-requests"),
    path(f"{DEAL}/refunds", views.DealRefunds.as_view(), name="deal-refunds"),
    path(
        "api/v1/refund-requests/<uuid:request_id>/answers",
        views.RefundAnswers.as_view(),
        name="refund-answers",
    ),
    path("api/v1/logistics/events", views.ParcelEvents.as_view(), name="parcel-events"),
    path("api/v1/prescriptions", views.Prescriptions.as_view(), name="prescriptions"),
    path(
        "api/v1/entitlements/<uuid:entitlement_id>/redemptions",
        views.Redemptions.as_view(),
        name="redemptions",
    ),
]
