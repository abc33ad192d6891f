"""Addresses that exist in the demo only."""

from django.urls import path

from wor.demo import views
from wor.styleguide import styleguide

urlpatterns = [
    path("stijlgids/", styleguide, name="styleguide"),
    path("demo/aanmelden/<slug:region>/<slug:who>/", views.sign_in, name="demo_sign_in"),
]
