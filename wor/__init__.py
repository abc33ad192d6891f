"""Welzijn op Recept: from the consulting room to the neighbourhood and back."""

from wor.celery import app as celery_app

__all__ = ["celery_app"]
