"""Pages of the figures. Every look is a row in the access log; no page holds anything about one person."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard import cards, periods, published_cards, reading, services
from dashboard.figures import FIGURES
from dashboard.forms import AnswerOverForm, ChangeAnswerForm, HalfYearForm, PeriodForm
from dashboard.models import Reflection
from dashboard.periods import Period
from dashboard.published import period_code, period_name
from dashboard.units import Unit, units_of
from wor.accounts.models import Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.calendar import today
from wor.forms import bound
from wor.pages import get_visible, page

# The first stands wide, with its chart; the next two beside it; the others follow.
ORDER = tuple(cards.CARDS)


@allow(Permission.UNIT_FIGURES)
@require_safe
def dashboard(request: MemberRequest) -> HttpResponse:
    """To the figures of the first unit one may see."""
    units = units_of(request.membership)
    if not units:
        return render(request, "dashboard/none.html")
    return redirect("unit_dashboard", units[0].reference)


@allow(Permission.UNIT_FIGURES)
@require_safe
def unit_dashboard(request: MemberRequest, unit: uuid.UUID) -> HttpResponse:
    """The cards of one practice group or practice, in a period."""
    units = units_of(request.membership)
    chosen = _find(units, unit)
    code, period = _period(request.GET.get("periode"))
    facts = _facts(request, chosen, period)
    shown = [cards.CARDS[name](facts) for name in ORDER]
    _with_answers(request, chosen, shown)
    _log(request, chosen, f"periode={code}")
    return render(
        request,
        "dashboard/unit.html",
        {
            "title": cards.finding(facts),
            "unit": chosen,
            "period": period,
            "period_form": PeriodForm(initial={"periode": code}),
            "tabs": _tabs(units, chosen, f"periode={code}", "unit_dashboard"),
            "lines": facts.room.lines,
            "main": shown[0],
            "beside": shown[1:3],
            "others": shown[3:],
            "period_code": code,
            "answers_kept": request.membership.role == Role.CORE_TEAM,
            "printed_at": _printed_at(),
        },
    )


@allow(Permission.UNIT_FIGURES)
@require_safe
def unit_people(request: MemberRequest, unit: uuid.UUID) -> HttpResponse:
    """The cards about people of one practice group or practice, of a closed half-year."""
    units = units_of(request.membership)
    chosen = _find(units, unit)
    halves = published_cards.read(chosen, request.region, request.GET.get("half", ""))
    shown = list(published_cards.cards_of(request.membership, chosen, halves).values())
    _with_answers(request, chosen, shown)
    half_code = _asked("", halves).get("half", "")
    _log(request, chosen, f"half={half_code}")
    return render(
        request,
        "dashboard/people.html",
        {
            "unit": chosen,
            "half": period_name(halves.chosen) if halves.chosen else "",
            "half_code": half_code,
            "half_form": HalfYearForm(initial={"half": half_code}, half_years=halves.publications),
            "tabs": _tabs(units, chosen, f"half={half_code}", "unit_people"),
            "cards": shown,
            "answers_kept": request.membership.role == Role.CORE_TEAM,
            "printed_at": _printed_at(),
        },
    )


@allow(Permission.UNIT_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def figure(request: MemberRequest, unit: uuid.UUID, figure: str) -> HttpResponse:
    """One figure with its table, its question, and what the kernteam answered before."""
    chosen = _find(units_of(request.membership), unit)
    form = bound(request, AnswerOverForm, initial={name: request.GET.get(name, "") for name in ("periode", "half")})
    asked = {name: form[name].value() or request.GET.get(name, "") for name in ("periode", "half")}
    code, period = _period(asked["periode"])
    halves = None
    if figure in published_cards.CODES:
        halves = published_cards.read(chosen, request.region, asked["half"])
        period = halves.period or period
    if figure not in cards.CARDS and (halves is None or halves.chosen is None):
        raise Http404
    answers = Reflection.objects.visible_to(request.membership).filter(unit=chosen.organisation_id, figure=figure)
    if form.is_bound and form.is_valid():
        answer = form.values(without=("periode", "half"))
        services.answer(chosen, figure=figure, period=period, **answer, by=request.membership)
        messages.success(request, _("Jullie antwoord is bewaard. Het staat hier de volgende keer weer."))
        return redirect(reverse("figure", args=[unit, figure], query=_asked(code, halves)))
    if halves is None:
        card = cards.CARDS[figure](_facts(request, chosen, period))
    else:
        card = published_cards.cards_of(request.membership, chosen, halves)[figure]
    _log(request, chosen, f"figuur={figure} " + " ".join(f"{k}={v}" for k, v in _asked(code, halves).items()))
    return page(
        request,
        "dashboard/figure.html",
        {
            "unit": chosen,
            "period": period,
            "period_code": code,
            "half_code": _asked(code, halves).get("half", ""),
            "card": card,
            "answers": list(answers.select_related("by")[:50]),
            "answers_kept": request.membership.role == Role.CORE_TEAM,
            "printed_at": _printed_at(),
        },
        form=form,
    )


@allow(Permission.UNIT_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_answer(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Change what the kernteam wrote."""
    answer = get_visible(Reflection, request, reference)
    form = bound(request, ChangeAnswerForm, initial={"body": answer.body, "version": answer.version})
    back = reverse("figure", args=[answer.unit.reference, answer.figure])
    if form.is_bound and form.is_valid():
        services.change_answer(answer, **form.values(), by=request.membership)
        messages.success(request, _("Het antwoord is aangepast."))
        return redirect(back)
    return page(
        request,
        "dashboard/change_answer.html",
        {"figure": FIGURES[answer.figure], "answer": answer, "back_url": back},
        form=form,
    )


def _find(units: list[Unit], reference: uuid.UUID) -> Unit:
    for unit in units:
        if unit.reference == reference:
            return unit
    raise Http404


def _period(asked: str | None) -> tuple[str, Period]:
    """The chosen period; an unknown word is the usual one."""
    code = asked if asked in periods.CHOICES else periods.YEAR
    return code, periods.named(code)


def _asked(code: str, halves: published_cards.HalfYears | None) -> dict[str, str]:
    """The period as it stands in an address."""
    return {"half": period_code(halves.chosen)} if halves and halves.chosen else {"periode": code}


def _facts(request: MemberRequest, unit: Unit, period: Period) -> cards.Facts:
    region = request.region
    return cards.Facts(
        figures=reading.of_unit(unit, period, region),
        room=reading.room_of(unit, period, region, on=today()),
        region=reading.of_places(region, period),
        min_cell=region.min_cell_core,
    )


def _with_answers(request: MemberRequest, unit: Unit, shown: list[cards.Card]) -> None:
    """Give each card the kernteam's answers, newest first. One query."""
    kept: dict[str, list[Reflection]] = {}
    for answer in Reflection.objects.visible_to(request.membership).filter(unit=unit.organisation_id)[:100]:
        kept.setdefault(answer.figure, []).append(answer)
    for card in shown:
        card.answers = kept.get(card.figure.code, [])


def _tabs(units: list[Unit], chosen: Unit, asked: str, page_name: str) -> list[dict]:
    if len(units) < 2:
        return []
    return [
        {
            "label": unit.name,
            "url": f"{reverse(page_name, args=[unit.reference])}?{asked}",
            "current": unit.reference == chosen.reference,
        }
        for unit in units
    ]


def _printed_at() -> str:
    return formats.date_format(timezone.localtime(), "j F Y, H.i")


def _log(request: MemberRequest, unit: Unit, asked: str) -> None:
    """Which figures were looked at: codes only."""
    audit.log(
        "list", by=request.membership, object_type="report", count=0, filter_codes=f"eenheid={unit.reference} {asked}"
    )
