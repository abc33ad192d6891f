"""Dividing referrals, hours, presence and absence."""

from django.urls import path

from coaches import capacity_views as views

urlpatterns = [
    path("verdelen/", views.assign_list, name="assign"),
    path("verdelen/uren/", views.hours, name="hours"),
    path("werkvoorraad/uren/", views.own_hours, name="own_hours"),
]
