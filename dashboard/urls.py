"""Addresses of the figures."""

from django.urls import path

from dashboard import report_views, views

urlpatterns = [
    path("cijfers/", views.dashboard, name="dashboard"),
    path("cijfers/begrippen/", report_views.figure_words, name="figure_words"),
    path("cijfers/<uuid:unit>/", views.unit_dashboard, name="unit_dashboard"),
    path("cijfers/<uuid:unit>/mensen/", views.unit_people, name="unit_people"),
    path("cijfers/<uuid:unit>/<slug:figure>/", views.figure, name="figure"),
    path("cijfers/antwoord/<uuid:reference>/wijzigen/", views.change_answer, name="change_answer"),
    path("rapporten/", report_views.reports, name="reports"),
    path("rapporten/maken/", report_views.order_report, name="order_report"),
    path("rapporten/<uuid:reference>/", report_views.report, name="report"),
    path("rapporten/<uuid:reference>/bestand/", report_views.report_file, name="report_file"),
]
