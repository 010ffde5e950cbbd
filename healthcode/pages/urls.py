"""Addresses of the pages, and of the workers that keep them when the network is away.

A service worker rules what lies below its own address: so each page's stands beside it.
"""

from django.urls import path

from healthcode.pages import views

urlpatterns = [
    path("health/", views.page("citizen"), name="health"),
    path("health/worker.js", views.worker("citizen"), name="health_worker"),
    path("health/privacy/", views.privacy, name="health_privacy"),
    path("guard/", views.page("guard"), name="guard"),
    path("guard/worker.js", views.worker("guard"), name="guard_worker"),
    path("venue/", views.page("venue"), name="venue"),
    path("venue/worker.js", views.worker("venue"), name="venue_worker"),
]
