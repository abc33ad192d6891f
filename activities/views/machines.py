"""For search engines: where the public pages are."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from activities.models import Activity
from wor.accounts.permissions import public
from wor.accounts.request import Request
from wor.tenancy.models import Region

MOST = 20_000


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; what is not asks to sign in and says noindex itself."""
    slugs = Region.objects.order_by("slug").values_list("slug", flat=True)
    lines = ["User-agent: *", "Disallow: /account/", "Disallow: /aanmelden/"]
    lines += [f"Sitemap: {settings.SITE_URL}{reverse('public_sitemap', args=[slug])}" for slug in slugs]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
@cache_control(public=True, max_age=3600)
def public_sitemap(request: Request, region: str) -> HttpResponse:
    """The public addresses of a region."""
    if request.region is None:
        raise Http404
    names = ("region_page", "public_directory", "public_target_map")
    paths = [reverse(name, args=[region]) for name in names]
    prefix = reverse("public_directory", args=[region])
    found = Activity.objects.public_in(request.region).filter(status__in=Activity.SHOWN).order_by("id")
    paths += [f"{prefix}{reference}/" for reference in found.values_list("reference", flat=True)[:MOST]]
    addresses = [f"{settings.SITE_URL}{path}" for path in paths]
    return render(request, "activities/sitemap.xml", {"addresses": addresses}, content_type="application/xml")
