"""Addresses of bills."""

from django.urls import path

from merchants.bills import views

urlpatterns = [path("bills/<str:token>", views.bill, name="bill")]
