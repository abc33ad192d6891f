"""The pages that are measured, who opens them, and which rows they show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.core.handlers.wsgi import WSGIHandler
from django.db.models import QuerySet

from activities.models import TargetCell
from bench import ahead, floor
from bench.stage import Answer, Stage, Visitor, call, counted
from coaches.models import Action, Contact, Intake
from referrals.data import icpc
from referrals.forms.refer import ReferralForm
from referrals.models import Client, Consent, Feedback, Message, PracticeIntake, Referral, ReferralDraft
from wor.accounts.models import Membership
from wor.audit.models import AccessLogEntry, Event
from wor.outbox.models import Notice

LIST, CLIENT, FORM, FIGURES = 12, 16, 12, 12
PAGE = 25


@dataclass
class Page:
    """One page of the product. ``shown`` are the rows it shows, asked in the plainest way; ``sql`` its limit."""

    name: str
    path: str
    visitor: Visitor
    sql: int
    shown: Sequence[floor.Shown] = ()
    fields: dict = field(default_factory=dict)
    is_list: bool = False


class Cast:
    """The people and pages of one database."""

    def __init__(self, stage: Stage):
        self.stage = stage
        self.practice = stage.typical_practice()
        self.coach = stage.typical_coach()
        first = "SELECT id FROM accounts_membership WHERE ended_at IS NULL AND role = %s AND"
        self.gp = stage.as_owner(f"{first} organisation_id = %s AND function = 'gp'", ["referrer", self.practice])[0][0]
        [(self.region, self.welfare)] = stage.as_owner(
            "SELECT region_id, organisation_id FROM accounts_membership WHERE id = %s", [self.coach]
        )
        self.coordinator = stage.as_owner(f"{first} organisation_id = %s", ["coordinator", self.welfare])[0][0]
        self.admin = stage.as_owner(f"{first} region_id = %s", ["region_admin", self.region])[0][0]

    @cached_property
    def busy_case(self):
        """A case of the coach with as much history as cases usually have, and no news."""
        return self.stage.as_owner(
            "SELECT r.id, r.reference, r.client_id FROM referrals_referral r"
            " JOIN coaches_contact c ON c.referral_id = r.id"
            " WHERE r.coach_id = %s AND r.status = 'active' AND r.feedback_at IS NOT NULL"
            " GROUP BY r.id HAVING count(*) = 6 ORDER BY r.id LIMIT 1",
            [self.coach],
        )[0]

    @cached_property
    def sent_case(self):
        """A referral of the practice that is guided now."""
        return self.stage.as_owner(
            "SELECT r.id, r.reference, r.client_id FROM referrals_referral r WHERE r.practice_id = %s"
            " AND r.status = 'active' AND r.feedback_at IS NOT NULL ORDER BY r.id LIMIT 1",
            [self.practice],
        )[0]

    def pages(self) -> list[Page]:
        return [*self.lists(), *self.clients(), self.form()]

    def lists(self) -> list[Page]:
        sign_in, coach, practice = self.stage.sign_in, self.coach, self.practice
        of_coach = Referral.objects.filter(coach=coach, attention_at__isnull=False).order_by("attention_at", "id")
        of_welfare = Referral.objects.filter(welfare_organisation=self.welfare, status="active").order_by(
            "attention_at"
        )
        of_practice = Referral.objects.filter(practice=practice).order_by("-last_news_at", "-id")
        unread = Feedback.objects.filter(practice=practice, read_at__isnull=True).order_by("id")
        drafts = ReferralDraft.objects.filter(practice=practice).order_by("-changed_at")
        notices = Notice.objects.filter(membership=coach).order_by("-id")
        logged = AccessLogEntry.objects.filter(region=self.region).order_by("-id")
        people = Membership.objects.filter(region=self.region).order_by("id")
        case = ("number", "status", "sent_at", "attention_at", "help_request")
        return [
            Page("coach's list", "/werkvoorraad/", sign_in(coach), LIST, [top(of_coach, *case), self.names(of_coach)]),
            Page("coach's closed cases", "/werkvoorraad/?lijst=afgesloten", sign_in(coach), LIST, [
                top(Referral.objects.filter(coach=coach, status="completed").order_by("-id"), *case)]),
            Page("coordinator's list", "/werkvoorraad/", sign_in(self.coordinator), LIST, [
                top(of_welfare, *case), self.names(of_welfare)]),
            Page("practice's list", "/verwijzingen/", sign_in(self.gp), LIST, [
                top(of_practice, "number", "status", "sent_at", "last_news_at"), self.names(of_practice),
                top(unread, "moment", "sent_at"), top(drafts, "changed_at", "version")]),
            Page("inbox", "/berichten/", sign_in(coach), LIST, [top(notices, "kind", "created_at", "read_at")]),
            Page("access log", "/beheer/logboek/", sign_in(self.admin), LIST, [
                top(logged, "at", "action", "kind", "role", "organisation_name", "object_type", "purpose")]),
            Page("people of the region", "/beheer/mensen/", sign_in(self.admin), LIST, [
                top(people, "display_name", "role", "function")]),
        ]  # fmt: skip

    @staticmethod
    def names(referrals: QuerySet) -> floor.Shown:
        return floor.Shown(
            lambda: Client.objects.filter(pk__in=referrals.values("client_id")[:PAGE]),
            ("given_name", "prefix", "family_name"),
        )

    def clients(self) -> list[Page]:
        sign_in = self.stage.sign_in
        return [
            Page("client page of the coach", f"/werkvoorraad/{self.busy_case[1]}/", sign_in(self.coach), CLIENT, [
                *history(*self.busy_case), *file_of(self.busy_case[0])]),
            Page("referral page of the practice", f"/verwijzingen/{self.sent_case[1]}/", sign_in(self.gp), CLIENT,
                 history(*self.sent_case)),
        ]  # fmt: skip

    def form(self) -> Page:
        visitor = self.stage.sign_in(self.gp)
        with self.stage.in_region(self.region_of(self.gp)):
            cells = list(TargetCell.objects.in_use())
            fields = floor.same_fields(ReferralForm(by=visitor.membership, cells=cells, senders=[]))
        shown = [
            floor.Shown(lambda: TargetCell.objects.filter(retired_at__isnull=True), ("position", "often_fits")),
            floor.Shown(lambda: PracticeIntake.objects.filter(practice=self.practice), ("state", "next_free_on")),
            floor.Shown(lambda: [Code(*pair) for pair in icpc.CODES], ("code", "label"), asks=False),
        ]
        return Page("referral form", "/verwijzingen/nieuw/", visitor, FORM, shown, fields)

    def figures(self) -> list[Page]:
        """Pages of figures; their months are counted and their periods closed."""
        first = "SELECT m.id, o.municipality_code FROM accounts_membership m JOIN tenancy_organisation o"
        [(funder, code)] = self.stage.as_owner(
            f"{first} ON o.id = m.organisation_id WHERE m.region_id = %s AND m.role = 'funder' AND m.ended_at IS NULL"
            " AND o.kind = 'municipality' ORDER BY m.id LIMIT 1",
            [self.region],
        )
        ahead.at_hand(self.stage, self.region)
        of_region, of_place = (f"/rapporten/?over={over}" for over in ("regio", code))
        return [
            self.dashboard(),
            Page("report of the region", of_region, self.stage.sign_in(self.admin), FIGURES),
            Page("report of the municipality", of_place, self.stage.sign_in(funder), FIGURES),
        ]

    def dashboard(self) -> Page:
        ahead.at_hand(self.stage, self.region_of(self.gp))
        visitor = self.stage.sign_in(self.gp)
        return Page("practice dashboard", f"/cijfers/{visitor.membership.organisation.reference}/", visitor, FIGURES)

    def region_of(self, membership_id: int) -> int:
        return self.stage.sign_in(membership_id).membership.region_id


@dataclass
class Code:
    code: str
    label: str


def top(rows: QuerySet, *fields: str) -> floor.Shown:
    return floor.Shown(lambda: rows.all()[:PAGE], fields)


def history(pk: int, reference, client_id: int) -> list[floor.Shown]:
    """What both sides see of a case."""
    return [
        floor.Shown(
            lambda: Referral.objects.filter(pk=pk), ("number", "status", "sent_at", "help_request", "discussed")
        ),
        floor.Shown(lambda: Client.objects.filter(pk=client_id), ("given_name", "family_name", "birth_date", "phone")),
        floor.Shown(lambda: Event.objects.filter(subject_ref=reference), ("at", "name", "actor_label")),
        floor.Shown(lambda: Feedback.objects.filter(referral=pk), ("moment", "sent_at", "body")),
        floor.Shown(lambda: Message.objects.filter(referral=pk), ("kind", "created_at", "body")),
        floor.Shown(lambda: Consent.objects.filter(referral=pk), ("kind", "given_on", "how")),
    ]


def file_of(pk: int) -> list[floor.Shown]:
    """The coach's own file."""
    return [
        floor.Shown(lambda: Contact.objects.filter(referral=pk), ("at", "kind", "way", "result", "line")),
        floor.Shown(lambda: Action.objects.filter(referral=pk), ("due_on", "text", "done_at")),
        floor.Shown(lambda: Intake.objects.filter(referral=pk), ("wish", "strengths", "obstacles", "held_at")),
    ]


def opened(stage: Stage, handler: WSGIHandler, page: Page) -> Callable[[], Answer]:
    """Opens the page; refuses to measure an error."""

    def deed() -> Answer:
        with stage.open():
            answer = call(handler, page.visitor, page.path)
        if not answer.ok:
            raise RuntimeError(f"{page.path} answers {answer.status}")
        return answer

    return deed


def bare_of(stage: Stage, handler: WSGIHandler, page: Page) -> tuple[Page, list[str]]:
    """The floor page that stands beside a page, and the statements of the page itself."""
    with stage.open(), stage.statements() as captured:
        call(handler, page.visitor, page.path)
    sql = counted(captured)
    logged = []
    with stage.in_region(page.visitor.membership.region_id):
        if any('INSERT INTO "audit_accesslogentry"' in each for each in sql):
            logged = [AccessLogEntry.objects.order_by("-id").first()]
    key = f"{stage.referrals}-{len(floor.PAGES)}"
    region_id = page.visitor.membership.region_id
    floor.PAGES[key] = floor.Bare(region_id, len(sql), page.shown, logged, (), page.fields)
    return Page(f"floor of {page.name}", f"/vloer/{key}/", page.visitor, page.sql), sql
