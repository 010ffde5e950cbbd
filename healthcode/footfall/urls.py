"""Addresses of the footfall slice, below /api/v1/city/."""

from django.urls import path

from healthcode.footfall import views

urlpatterns = [path("footfall", views.Footfall.as_view())]
