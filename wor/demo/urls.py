"""Addresses that exist in the demo only."""

from django.urls import path

from wor.demo import views

urlpatterns = [
    path("demo/aanmelden/<slug:region>/<slug:who>/", views.sign_in, name="demo_sign_in"),
]
