"""The product's addresses, and after them the bare views."""

from django.urls import path

from bench import floor
from wor.urls import handler400, handler403, handler404, handler429, handler500
from wor.urls import urlpatterns as of_the_product

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [*of_the_product, path("vloer/<slug:name>/", floor.view)]
