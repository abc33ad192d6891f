"""Dividing referrals, hours, presence and absence."""

from django.urls import path

from coaches import capacity_views as views

urlpatterns = [
    path("verdelen/", views.assign_list, name="assign"),
    path("verdelen/samen/", views.assign_several, name="assign_several"),
    path("verdelen/coach/<uuid:reference>/", views.coach_cases, name="coach_cases"),
    path("verdelen/<uuid:reference>/toewijzen/", views.assign_one, name="assign_one"),
    path("verdelen/afwezig/<uuid:reference>/", views.absence, name="absence"),
    path("verdelen/uren/", views.hours, name="hours"),
    path("verdelen/uren/<uuid:coach>/<uuid:practice>/", views.change_hours, name="change_hours"),
    path("verdelen/plek/<uuid:reference>/", views.set_line, name="set_line"),
    path("verdelen/plek/<uuid:reference>/terugnemen/", views.take_back_line, name="take_back_line"),
    path("werkvoorraad/uren/", views.own_hours, name="own_hours"),
    path("werkvoorraad/uren/<uuid:coach>/spreekuur/", views.add_presence, name="add_presence"),
    path("werkvoorraad/uren/<uuid:coach>/spreekuur/terugzetten/", views.restore_presence, name="restore_presence"),
    path("werkvoorraad/uren/spreekuur/<uuid:reference>/", views.change_presence, name="change_presence"),
    path("werkvoorraad/uren/spreekuur/<uuid:reference>/weghalen/", views.remove_presence, name="remove_presence"),
    path("werkvoorraad/uren/<uuid:coach>/afwezig/", views.report_absence, name="report_absence"),
    path("werkvoorraad/uren/afwezig/<uuid:reference>/", views.change_absence, name="change_absence"),
    path("werkvoorraad/uren/afwezig/<uuid:reference>/terug/", views.end_absence, name="end_absence"),
    path("werkvoorraad/uren/afwezig/<uuid:reference>/toch/", views.resume_absence, name="resume_absence"),
]
