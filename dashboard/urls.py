"""Addresses of the figures."""

from django.urls import path

from dashboard import views

urlpatterns = [
    path("cijfers/", views.dashboard, name="dashboard"),
    path("cijfers/<uuid:unit>/", views.unit_dashboard, name="unit_dashboard"),
    path("cijfers/<uuid:unit>/<slug:figure>/", views.figure, name="figure"),
    path("cijfers/antwoord/<uuid:reference>/wijzigen/", views.change_answer, name="change_answer"),
]
