"""Addresses of the coach and the coordinator. In a case's address stands the referral's reference."""

from django.urls import path

from coaches import views

urlpatterns = [
    path("werkvoorraad/", views.worklist, name="worklist"),
    path("clienten/<uuid:reference>/", views.case, name="case"),
    # Until the pages for dividing and planning are there, their names lead to the worklist.
    path("verdelen/", views.to_worklist, name="assign"),
    path("werkvoorraad/uren/", views.to_worklist, name="own_hours"),
    path("verdelen/uren/", views.to_worklist, name="hours"),
]
