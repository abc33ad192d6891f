"""Addresses of the coach and the coordinator. In a case's address stands the referral's reference."""

from django.urls import include, path

from coaches import views

urlpatterns = [
    path("werkvoorraad/", views.worklist, name="worklist"),
    path("clienten/<uuid:reference>/", views.case, name="case"),
    path("", include("coaches.capacity_urls")),
]
