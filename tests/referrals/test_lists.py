"""The region's own lists: renaming, adding, ordering, taking out of use, and saying that they are ours."""

import pytest
from django.urls import reverse

from activities.examples import add_examples as add_map
from activities.models import ActivityIndex, Problem, TargetCell, TargetGroup
from referrals.examples import add_examples as add_reasons
from referrals.forms.refer import ReferralForm
from referrals.lists import LISTS
from referrals.models import ClosingReason, Status
from referrals.services.lists import item_version
from tests.activities.build import make_activity, make_theme
from tests.counting import sql_at_most
from tests.factories import make_referral
from wor.audit.models import Event

EXAMPLE = "Voorbeeld – pas dit aan voor uw regio."


@pytest.fixture
def admin(client, world):
    add_map(world.region)
    add_reasons(world.region)
    return client.sign_in(world.region_admin)


def reason(code="too_complex", kind="declined"):
    return ClosingReason.objects.get(kind=kind, code=code)


def at(name, item=None, which="niet-passend"):
    return reverse(name, args=[which, item.reference] if item else [which])


def change(admin, item, which="niet-passend", **typed):
    data = {"label": item.label, "place": 1, "version": item_version(item)}
    return admin.send(at("list_item", item, which), data | typed)


def test_lists_show_what_is_still_the_example(admin):
    page = admin.get(reverse("region_lists")).content.decode()

    assert EXAMPLE in page
    assert page.count("Voorbeeld</span>") == len(LISTS)


def test_list_item_gets_another_name_and_keeps_its_code(admin, world):
    answer = change(admin, reason(), label="Te zwaar voor ons")

    assert answer.status_code == 302
    assert reason().label == "Te zwaar voor ons"
    assert Event.objects.filter(name="list_item.changed", subject_ref=reason().reference).exists()


def test_list_item_moves_to_another_place(admin):
    change(admin, reason("other"), place=2)

    codes = list(LISTS["niet-passend"].rows().values_list("code", flat=True))
    assert codes[:3] == ["too_complex", "other", "other_help_first"]


def test_list_item_changed_by_a_colleague_first_is_refused(admin):
    item = reason()
    version = item_version(item)
    change(admin, item, label="Van een collega")

    assert change(admin, item, label="Van mij", version=version).status_code == 409
    assert reason().label == "Van een collega"


def test_list_add_puts_a_choice_at_the_end_with_a_code_of_its_own(admin):
    admin.send(at("list_add"), {"label": "Één reden erbij"})

    assert list(LISTS["niet-passend"].rows())[-1].code == "een-reden-erbij"
    assert admin.send(at("list_add"), {"label": "één reden erbij"}).status_code == 422


def test_list_retire_keeps_a_choice_where_it_was_chosen(admin, world):
    referral = make_referral(world, status=Status.DECLINED, closing_reason=reason())

    done = admin.send(at("list_retire", reason()), {"version": item_version(reason())}, follow=True)

    assert reason().retired_at
    referral.refresh_from_db()
    assert referral.closing_reason == reason()
    undo = next(str(message.extra_tags) for message in done.context["messages"]).removeprefix("undo=")
    admin.send(undo)
    assert reason().retired_at is None


def test_list_retire_refuses_what_the_application_needs(admin):
    item = reason("deceased", "stopped")

    answer = admin.send(at("list_retire", item, "gestopt"), {"version": item_version(item)})

    assert answer.status_code == 409
    assert reason("deceased", "stopped").retired_at is None


def test_list_retire_refuses_the_last_choice(admin):
    item = reason()
    ClosingReason.objects.filter(kind="declined").exclude(pk=item.pk).update(retired_at=item.created_at)

    assert admin.send(at("list_retire", item), {"version": item_version(item)}).status_code == 409


def test_list_adopt_alone_takes_the_word_example_away(admin):
    change(admin, reason(), label="Te zwaar voor ons")
    assert EXAMPLE in admin.get(at("region_list")).content.decode()

    admin.send(at("list_adopt"))

    assert EXAMPLE not in admin.get(at("region_list")).content.decode()
    assert ClosingReason.objects.filter(kind="stopped", is_example=True).exists()


def test_list_cell_gets_the_words_a_gp_hears(admin, world):
    cell = TargetCell.objects.get(problem__code="rouw")
    typed = {"keywords": "slaap, niet meer zingen,\nmoe, slaap", "often_fits": "koor", "what_follows": "samen heen"}

    admin.send(at("list_item", cell, "vakjes"), typed | {"place": 1, "version": item_version(cell)})

    cell.refresh_from_db()
    assert cell.keywords == ["slaap", "niet meer zingen", "moe"]


def test_list_add_makes_a_cell_of_a_group_and_a_problem(admin, world):
    group, problem = TargetGroup.objects.get(code="mantelzorgers"), Problem.objects.get(code="rouw")
    typed = {"target_group": group.reference, "problem": problem.reference, "keywords": "gemis"}

    assert admin.send(at("list_add", which="vakjes"), typed).status_code == 302
    assert admin.send(at("list_add", which="vakjes"), typed).status_code == 422
    assert TargetCell.objects.in_use().filter(target_group=group, problem=problem).exists()


def test_list_brings_a_cell_kept_off_the_map_onto_it(admin, world):
    group, problem = TargetGroup.objects.get(code="mantelzorgers"), Problem.objects.get(code="rouw")
    cell = TargetCell.objects.create(
        region=world.region, target_group=group, problem=problem, retired_at=group.created_at
    )
    assert cell not in LISTS["vakjes"].rows()

    admin.send(at("list_add", which="vakjes"), {"target_group": group.reference, "problem": problem.reference})

    assert cell in TargetCell.objects.in_use()


@pytest.mark.parametrize("words", [", ".join(f"woord {n}" for n in range(21)), "x" * 61])
def test_list_refuses_too_many_or_too_long_words(admin, words):
    cell = TargetCell.objects.get(problem__code="rouw")

    answer = admin.send(at("list_item", cell, "vakjes"), {"keywords": words, "place": 1, "version": item_version(cell)})

    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["referrer", "coach", "coordinator", "core_team", "funder"])
def test_lists_are_the_administrators(client, world, who):
    assert client.sign_in(getattr(world, who)).get(reverse("region_lists")).status_code == 403


def test_list_that_does_not_exist_is_not_found(admin, world):
    assert admin.get(at("region_list", which="gerechten")).status_code == 404
    assert admin.get(at("list_item", world.cell, "niet-passend")).status_code == 404


def test_target_card_shows_the_groups_with_what_one_hears(client, world, admin):
    page = client.sign_in(world.referrer).get(reverse("target_card")).content.decode()

    assert EXAMPLE in page
    assert "lotgenotengroep, samen eten, koor" in page
    assert page.count('class="target-cell"') == 13


def test_referral_form_says_that_the_map_is_an_example(world, admin):
    cells = list(TargetCell.objects.in_use())
    assert str(ReferralForm(by=world.referrer, cells=cells).fields["target_cell"].help_text) == EXAMPLE

    TargetCell.objects.update(is_example=False)
    assert not ReferralForm(by=world.referrer, cells=list(TargetCell.objects.in_use())).fields["target_cell"].help_text


def test_list_pages_count_their_queries(admin):
    for address, limit in ((reverse("region_lists"), 18), (at("region_list"), 12), (reverse("target_card"), 12)):
        admin.get(address)
        with sql_at_most(limit):
            admin.get(address)


def test_list_theme_is_found_by_its_new_name_in_the_sociale_kaart(admin, world):
    theme = make_theme(world.region, "Meedoen")
    make_activity(world.region, themes=[theme])
    indexed = ActivityIndex.objects.filter(region_id=world.region.pk)
    assert "erbij horen" not in indexed.get().words

    change(admin, theme, which="themas", label="Erbij horen")

    assert "erbij horen" in indexed.get().words
