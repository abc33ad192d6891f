from django.urls import path

from wor.inbox import views

urlpatterns = [
    path("berichten/", views.notices, name="notices"),
    path("berichten/alles-gelezen/", views.read_all, name="notices_read_all"),
    path("berichten/ongelezen/<int:stamp>/", views.unread_again, name="notices_unread_again"),
]
