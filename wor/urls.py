"""Every address. Dutch words; ``reference`` (UUID) for objects, never a row number."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from wor import views
from wor.accounts.permissions import public

handler400 = "wor.errors.bad_request"
handler403 = "wor.errors.forbidden"
handler404 = "wor.errors.not_found"
handler429 = "wor.errors.too_many"  # asked for by django-allauth
handler500 = "wor.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("taal/", public(set_language), name="set_language"),
    path("hulp/", views.help_page, name="help"),
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("", include("wor.accounts.urls")),
    path("", include("wor.inbox.urls")),
    path("", include("wor.region.urls")),
    path("", include("activities.urls")),
    path("", include("referrals.urls")),
    path("", include("coaches.urls")),
    path("", include("dashboard.urls")),
    path("r/<slug:region>/", views.region_page, name="region_page"),
    path("r/<slug:region>/kleuren-<slug:version>.css", views.region_css, name="region_css"),
]
if settings.DEMO:
    urlpatterns.append(path("", include("wor.demo.urls")))
