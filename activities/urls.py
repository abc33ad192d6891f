"""The sociale kaart's addresses: inside, for anybody in the region, and for who keeps it."""

from django.urls import path

from activities.views import answers, finding, imports, keeping, machines, provider_link, providers, reports

urlpatterns = [
    # For who is signed in
    path("sociale-kaart/", finding.directory, name="directory"),
    path("sociale-kaart/afdrukken/", finding.directory_print, name="directory_print"),
    path("sociale-kaart/doelgroepenkaart/", finding.target_map_page, name="target_map"),
    path("sociale-kaart/voorstellen/", keeping.add_activity, name="add_activity"),
    path("sociale-kaart/<uuid:reference>/", finding.activity, name="activity"),
    path("sociale-kaart/<uuid:reference>/afdrukken/", finding.activity_print, name="activity_print"),
    path("sociale-kaart/<uuid:reference>/melden/", finding.report_activity, name="report_activity"),
    # For anybody
    path("r/<slug:region>/sociale-kaart/", finding.public_directory, name="public_directory"),
    path("r/<slug:region>/sociale-kaart/afdrukken/", finding.public_directory_print, name="public_directory_print"),
    path("r/<slug:region>/sociale-kaart/doelgroepenkaart/", finding.public_target_map, name="public_target_map"),
    path("r/<slug:region>/sociale-kaart/<uuid:reference>/", finding.public_activity, name="public_activity"),
    path(
        "r/<slug:region>/sociale-kaart/<uuid:reference>/afdrukken/",
        finding.public_activity_print,
        name="public_activity_print",
    ),
    path(
        "r/<slug:region>/sociale-kaart/<uuid:reference>/melden/",
        finding.public_report_activity,
        name="public_report_activity",
    ),
    path(
        "r/<slug:region>/sociale-kaart/<uuid:reference>/gemeld/", finding.public_report_sent, name="public_report_sent"
    ),
    # For a provider, through its mail
    path("r/<slug:region>/a/bedankt/", provider_link.provider_thanks, name="provider_thanks"),
    path("r/<slug:region>/a/<str:token>/", provider_link.provider_page, name="provider_page"),
    path("r/<slug:region>/sitemap.xml", machines.public_sitemap, name="public_sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    # For who keeps it
    path("beheer/sociale-kaart/", keeping.kept_activities, name="kept_activities"),
    path("beheer/sociale-kaart/meldingen/", reports.activity_reports, name="activity_reports"),
    path("beheer/sociale-kaart/meldingen/<uuid:reference>/", reports.handle_report, name="handle_report"),
    path("beheer/sociale-kaart/aanbieders/<uuid:reference>/vragen/", answers.ask_provider, name="ask_provider"),
    path("beheer/sociale-kaart/aanbieders/<uuid:reference>/intrekken/", answers.revoke_links, name="revoke_links"),
    path("beheer/sociale-kaart/antwoorden/", answers.provider_answers, name="provider_answers"),
    path("beheer/sociale-kaart/antwoorden/<uuid:reference>/zo-laten/", answers.keep_answer, name="keep_answer"),
    path(
        "beheer/sociale-kaart/antwoorden/<uuid:reference>/terugzetten/",
        answers.put_back_answer,
        name="put_back_answer",
    ),
    path("beheer/sociale-kaart/bestanden/", imports.imports, name="imports"),
    path("beheer/sociale-kaart/bestanden/activiteiten/", imports.import_activities, name="import_activities"),
    path("beheer/sociale-kaart/bestanden/postcodes/", imports.import_postcodes, name="import_postcodes"),
    path("beheer/sociale-kaart/bestanden/voorbeeld/<slug:name>.csv", imports.import_template, name="import_template"),
    path("beheer/sociale-kaart/bestanden/<uuid:reference>/", imports.import_file, name="import_file"),
    path("beheer/sociale-kaart/bestanden/<uuid:reference>/verwerken/", imports.apply_import, name="apply_import"),
    path("beheer/sociale-kaart/bestanden/<uuid:reference>/weggooien/", imports.cancel_import, name="cancel_import"),
    path("beheer/sociale-kaart/aanbieders/", providers.providers, name="providers"),
    path("beheer/sociale-kaart/aanbieders/nieuw/", providers.add_provider, name="add_provider"),
    path("beheer/sociale-kaart/aanbieders/<uuid:reference>/", providers.provider, name="provider"),
    path(
        "beheer/sociale-kaart/aanbieders/<uuid:reference>/wijzigen/", providers.change_provider, name="change_provider"
    ),
    path("beheer/sociale-kaart/<uuid:reference>/", keeping.keep_activity, name="keep_activity"),
    path("beheer/sociale-kaart/<uuid:reference>/wijzigen/", keeping.change_activity, name="change_activity"),
    path("beheer/sociale-kaart/<uuid:reference>/bevestigen/", keeping.confirm_activity, name="confirm_activity"),
    path("beheer/sociale-kaart/<uuid:reference>/zichtbaar/", keeping.publish_activity, name="publish_activity"),
    path("beheer/sociale-kaart/<uuid:reference>/tijdelijk-niet/", keeping.pause_activity, name="pause_activity"),
    path("beheer/sociale-kaart/<uuid:reference>/stoppen/", keeping.retire_activity, name="retire_activity"),
]
