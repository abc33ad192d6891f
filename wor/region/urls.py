"""Pages of the region's administrator, and who takes part."""

from django.urls import path

from wor.region import views

urlpatterns = [
    path("wie-doet-mee/", views.taking_part, name="taking_part"),
    path("beheer/mensen/", views.people, name="people"),
    path("beheer/organisaties/", views.organisations, name="organisations"),
    path("beheer/regio/", views.region_settings, name="region_settings"),
    path("beheer/logboek/", views.access_log, name="access_log"),
    path("beheer/e-mail/", views.deliveries, name="deliveries"),
]
