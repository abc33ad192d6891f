"""Pages of the region's administrator, and who takes part."""

from django.urls import path

from wor.region.views import log, organisations, people, settings, taking_part

urlpatterns = [
    path("wie-doet-mee/", taking_part.taking_part, name="taking_part"),
    # People
    path("beheer/mensen/", people.people, name="people"),
    path("beheer/mensen/uitnodigen/", people.invite, name="invite"),
    path("beheer/mensen/<uuid:reference>/", people.person, name="person"),
    path("beheer/mensen/<uuid:reference>/wijzigen/", people.change_person, name="change_person"),
    path("beheer/mensen/<uuid:reference>/rol/", people.change_role, name="change_role"),
    path("beheer/mensen/<uuid:reference>/beeindigen/", people.end_person, name="end_person"),
    path("beheer/mensen/<uuid:reference>/heropenen/", people.reopen_person, name="reopen_person"),
    path("beheer/uitnodigingen/<uuid:reference>/", people.invited, name="invited"),
    path("beheer/uitnodigingen/<uuid:reference>/opnieuw/", people.resend, name="resend_invitation"),
    path("beheer/uitnodigingen/<uuid:reference>/intrekken/", people.revoke, name="revoke_invitation"),
    # Organisations
    path("beheer/organisaties/", organisations.organisations, name="organisations"),
    path("beheer/organisaties/nieuw/<slug:kind>/", organisations.add_organisation, name="add_organisation"),
    path("beheer/organisaties/<uuid:reference>/", organisations.organisation, name="organisation"),
    path(
        "beheer/organisaties/<uuid:reference>/wijzigen/", organisations.change_organisation, name="change_organisation"
    ),
    path("beheer/organisaties/<uuid:reference>/pauzeren/", organisations.pause_organisation, name="pause_organisation"),
    path(
        "beheer/organisaties/<uuid:reference>/aanzetten/", organisations.resume_organisation, name="resume_organisation"
    ),
    path("beheer/organisaties/<uuid:reference>/werkgebied/", organisations.served_areas, name="served_areas"),
    # The region
    path("beheer/regio/", settings.region_settings, name="region_settings"),
    path("beheer/regio/uiterlijk/", settings.region_look, name="region_look"),
    path("beheer/regio/werkwijze/", settings.region_care, name="region_care"),
    path("beheer/regio/bewaren/", settings.region_retention, name="region_retention"),
    path("beheer/regio/afspraken/", settings.region_agreements, name="region_agreements"),
    path("beheer/regio/aanmelden/", settings.region_provider, name="region_provider"),
    path("beheer/e-mail/", settings.deliveries, name="deliveries"),
    path("beheer/e-mail/<uuid:reference>/opnieuw/", settings.deliver_again, name="deliver_again"),
    path("beheer/logboek/", log.access_log, name="access_log"),
]
