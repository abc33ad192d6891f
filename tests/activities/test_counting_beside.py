"""Counting the sociale kaart while somebody changes it, on connections of their own."""

import pytest
from django.db import connection, connections, transaction

from activities.models import FacetNumbers
from activities.search import Criteria, catalogue, search
from tests import factories
from tests.activities.build import make_activity
from wor.tenancy.context import open_region


@pytest.fixture
def region(committed):
    with transaction.atomic():
        world = factories.make_world("rivierenland")
        make_activity(world.region, "Koor")
    return world.region


def everything(region):
    with open_region(region.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")
        return search(region.pk, Criteria(), catalogue(region.pk))


def test_a_visitor_does_not_wait_for_who_changes_something(region):
    """A file of thousands holds the numbers for many seconds. They are counted meanwhile, and not kept."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM activities_facetnumbers WHERE region_id = %s FOR UPDATE", [region.pk])
        found = everything(region)

    assert found.total == 1
    with open_region(region.pk):
        assert FacetNumbers.objects.get(pk=region.pk).numbers is None
    everything(region)
    with open_region(region.pk):
        assert FacetNumbers.objects.get(pk=region.pk).numbers is not None
