"""Addresses that exist in the demo only."""

from django.urls import path

from wor.demo import mailbox, views
from wor.styleguide import styleguide

urlpatterns = [
    path("demo/postvak/", mailbox.mailbox, name="mailbox"),
    path("stijlgids/", styleguide, name="styleguide"),
    path("demo/aanmelden/<slug:region>/<slug:who>/", views.sign_in, name="demo_sign_in"),
]
