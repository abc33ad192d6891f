"""Addresses of the coach and the coordinator. A case stands under its referral's reference, with the worklist."""

from django.urls import include, path

from coaches import views

CASE = "werkvoorraad/<uuid:reference>/"
PLACEMENT = f"{CASE}activiteit/<uuid:placement>/"

urlpatterns = [
    path("werkvoorraad/", views.worklist_page, name="worklist"),
    path("", include("coaches.capacity_urls")),
    path(CASE, views.case, name="case"),
    path(f"{CASE}afspraken/", views.agreed, name="case_agreed"),
    path(f"{CASE}aannemen/", views.accept, name="case_accept"),
    path(f"{CASE}terugsturen/", views.decline, name="case_decline"),
    path(f"{CASE}wachtlijst/", views.waitlist, name="case_waitlist"),
    path(f"{CASE}gesprek-plannen/", views.plan_talk, name="case_plan_talk"),
    path(f"{CASE}collega/", views.name_coach, name="case_name_coach"),
    path(f"{CASE}contact/", views.log_contact, name="case_log_contact"),
    path(f"{CASE}contact/<uuid:contact>/vergissing/", views.contact_in_error, name="case_contact_in_error"),
    path(f"{CASE}eerste-gesprek/", views.first_talk, name="case_first_talk"),
    path(f"{CASE}taak/", views.add_action, name="case_add_action"),
    path(f"{CASE}taak/<uuid:action>/wijzigen/", views.change_action, name="case_change_action"),
    path(f"{CASE}taak/<uuid:action>/afvinken/", views.complete_action, name="case_complete_action"),
    path(f"{CASE}zorgen/", views.concern, name="case_concern"),
    path(f"{CASE}terugkoppeling/", views.feedback, name="case_feedback"),
    path(f"{CASE}vraag/", views.ask, name="case_ask"),
    path(f"{CASE}vraag/<uuid:question>/beantwoorden/", views.answer, name="case_answer"),
    path(f"{CASE}aanbod/", views.suggestions, name="case_suggestions"),
    path(f"{CASE}aanbod/gat/", views.report_gap, name="case_report_gap"),
    path(f"{CASE}aanbod/<uuid:activity>/voorstellen/", views.propose, name="case_propose"),
    path(f"{PLACEMENT}kennismaken/", views.introduce, name="case_introduce"),
    path(f"{PLACEMENT}toestemming-intrekken/", views.withdraw_introduction, name="case_withdraw_introduction"),
    path(f"{PLACEMENT}begonnen/", views.start, name="case_start_activity"),
    path(f"{PLACEMENT}doet-nog-mee/", views.keep_going, name="case_keep_going"),
    path(f"{PLACEMENT}gestopt/", views.stop, name="case_stop_activity"),
    path(f"{PLACEMENT}terugnemen/", views.take_back, name="case_take_back"),
    path(f"{CASE}hoe-gaat-het/", views.check_in, name="case_check_in"),
    path("beheer/sociale-kaart/gaten/", views.gaps, name="gaps"),
    path("beheer/sociale-kaart/gaten/<uuid:reference>/", views.handle_gap, name="handle_gap"),
    path(f"{CASE}pauzeren/", views.pause, name="case_pause"),
    path(f"{CASE}oppakken/", views.resume, name="case_resume"),
    path(f"{CASE}opvolging/", views.follow_up, name="case_follow_up"),
    path(f"{CASE}afsluiten/", views.close, name="case_close"),
    path(f"{CASE}niet-gestart/", views.not_started, name="case_not_started"),
    path(f"{CASE}heropenen/", views.reopen, name="case_reopen"),
    path(f"{CASE}overdragen/", views.transfer, name="case_transfer"),
    path(f"{CASE}bekende/", views.recuse, name="case_recuse"),
    path(f"{CASE}toestemming-ingetrokken/", views.consent_withdrawn, name="case_consent_withdrawn"),
    path(f"{CASE}overlijden/", views.deceased, name="case_deceased"),
    path(f"{CASE}vergissing/", views.entered_in_error, name="case_entered_in_error"),
]
