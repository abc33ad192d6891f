"""The practice's addresses, and a client's own page."""

from django.urls import path

from referrals import views

urlpatterns = [
    path("verwijzingen/nieuw/", views.refer, name="refer"),
    path("verwijzingen/", views.referrals, name="referrals"),
    path("verwijzingen/<uuid:reference>/", views.referral, name="referral"),
]
