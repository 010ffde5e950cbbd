"""Addresses of the coupons API."""

from django.urls import path

from wallet.coupons import views

urlpatterns = [path("coupons", views.CouponsView.as_view())]
