"""Pages of the region's administrator, and who takes part."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wor.accounts.models import Membership
from wor.accounts.permissions import Permission, allow
from wor.outbox.models import Effect
from wor.tenancy.models import Organisation


@allow(Permission.FIGURES)
@require_safe
def taking_part(request: HttpRequest) -> HttpResponse:
    return render(request, "region/taking_part.html", {"organisations": Organisation.objects.all()})


@allow(Permission.MANAGE_REGION)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "region/people.html", {"people": Membership.objects.active()[:25]})


@allow(Permission.MANAGE_REGION)
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    return render(request, "region/organisations.html", {"organisations": Organisation.objects.all()})


@allow(Permission.MANAGE_REGION)
@require_safe
def region_settings(request: HttpRequest) -> HttpResponse:
    return render(request, "region/settings.html")


@allow(Permission.MANAGE_REGION)
@require_safe
def access_log(request: HttpRequest) -> HttpResponse:
    return render(request, "region/access_log.html")


@allow(Permission.MANAGE_REGION)
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    failed = Effect.objects.filter(region_id=request.region.pk, failed_at__isnull=False)
    return render(request, "region/deliveries.html", {"failed": failed[:25]})
