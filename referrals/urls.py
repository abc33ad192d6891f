"""The practice's addresses, and a client's own page."""

from django.urls import path

from referrals import views
from referrals.views import lists

urlpatterns = [
    path("verwijzingen/nieuw/", views.refer, name="refer"),
    path("verwijzingen/nieuw/plek/", views.refer_capacity, name="refer_capacity"),
    path("verwijzingen/nieuw/bekend/", views.refer_known, name="refer_known"),
    path("verwijzingen/nieuw/invullen/", views.refer_fill, name="refer_fill"),
    path("verwijzingen/concept/bewaren/", views.draft_save, name="draft_save"),
    path("verwijzingen/concept/<uuid:reference>/", views.draft, name="draft"),
    path("verwijzingen/concept/<uuid:reference>/wissen/", views.draft_delete, name="draft_delete"),
    path("verwijzingen/concept/<uuid:reference>/terugzetten/", views.draft_restore, name="draft_restore"),
    path("verwijzingen/", views.referrals, name="referrals"),
    path("verwijzingen/zoeken/", views.referrals_search, name="referrals_search"),
    path("verwijzingen/<uuid:reference>/", views.referral, name="referral"),
    path("verwijzingen/<uuid:reference>/verstuurd/", views.referral_sent, name="referral_sent"),
    path("verwijzingen/<uuid:reference>/z68/", views.referral_z68, name="referral_z68"),
    path("verwijzingen/<uuid:reference>/overdragen/", views.referral_warm, name="referral_warm"),
    path("verwijzingen/<uuid:reference>/folder/", views.referral_leaflet, name="referral_leaflet"),
    path(
        "verwijzingen/<uuid:reference>/terugkoppeling/<uuid:feedback>/lezen/", views.feedback_read, name="feedback_read"
    ),
    path("verwijzingen/<uuid:reference>/vragen/", views.referral_ask, name="referral_ask"),
    path(
        "verwijzingen/<uuid:reference>/vragen/<uuid:question>/beantwoorden/",
        views.question_answer,
        name="question_answer",
    ),
    path("verwijzingen/<uuid:reference>/aanvullen/", views.referral_supplement, name="referral_supplement"),
    path("verwijzingen/<uuid:reference>/intrekken/", views.referral_withdraw, name="referral_withdraw"),
    path("verwijzingen/<uuid:reference>/vergissing/", views.referral_error, name="referral_error"),
    path("verwijzingen/<uuid:reference>/stoppen/", views.referral_consent, name="referral_consent"),
    path("verwijzingen/<uuid:reference>/overleden/", views.referral_deceased, name="referral_deceased"),
    path("verwijzingen/<uuid:reference>/opnieuw/", views.referral_again, name="referral_again"),
    path("clienten/<uuid:reference>/gegevens/", views.client_edit, name="client_edit"),
    path("clienten/<uuid:reference>/inzage/", views.client_access, name="client_access"),
    path("doelgroepenkaart/", lists.target_card, name="target_card"),
    path("beheer/lijsten/", lists.region_lists, name="region_lists"),
    path("beheer/lijsten/<slug:name>/", lists.region_list, name="region_list"),
    path("beheer/lijsten/<slug:name>/toevoegen/", lists.list_add, name="list_add"),
    path("beheer/lijsten/<slug:name>/van-ons/", lists.list_adopt, name="list_adopt"),
    path("beheer/lijsten/<slug:name>/<uuid:reference>/wijzigen/", lists.list_item, name="list_item"),
    path("beheer/lijsten/<slug:name>/<uuid:reference>/niet-meer/", lists.list_retire, name="list_retire"),
    path("beheer/lijsten/<slug:name>/<uuid:reference>/weer/", lists.list_restore, name="list_restore"),
    path("r/<slug:region>/l/<str:token>/", views.client_page, name="client_page"),
    path("r/<slug:region>/l/<str:token>/stoppen/", views.client_page_stop, name="client_page_stop"),
]
