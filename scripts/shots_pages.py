"""Which pages `make shots` takes. Addresses are asked of the demo's database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

from django.utils import timezone

from activities.quiz.models import Attempt
from cms_pages.models import CoursePage, LessonPage, ModulePage, QuizPage
from courses.models import CourseRun
from people.dates import local_day
from people.imports.layout import Layout
from people.models import (
    CorrectionRequest,
    Membership,
    Person,
    RosterImport,
    RosterRequest,
    Scope,
    Unit,
    User,
)
from people.queries.people import placed
from people.roster_sheet import HEADINGS, roster_rows
from people.services.roster_imports import check, choose_layout, upload_list
from people.sheets.writing import csv_lines
from reports.models import Cadence, ExportSchedule, Report, SharingToken, Target
from reports.queries.coverage import root_on
from reports.queries.filing import Term
from reports.services.filing import draft_report
from reports.services.scheduled_exports import make_what_is_due, plan_export
from reports.services.sharing import make_token

# What README shows: pictures by their names, and how wide they are.
IN_DOCS = [
    ("home-1280-light", 1280),
    ("lesson-1280-light", 1280),
    ("city-2020-1280-light", 1280),
    ("import-diff-1280-light", 1280),
    ("my-360-light", 360),
    ("lesson-360-dark", 360),
    ("quiz-paper-360-light", 360),
    ("principal-360-light", 360),
]
NOWHERE = "/verify/00000000-0000-4000-8000-000000000000/"
SIGN_IN = "/accounts/login/"


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: its name in the pictures' file names, and who looks at it (empty: a visitor)."""

    name: str
    path: str
    who: str = ""
    status: int = 200
    steps: Callable | None = None  # what to do on the page before the picture
    whole: bool = True  # the whole page, or the first screen alone


def pages() -> list[Shot]:
    teacher = User.objects.get(username="giaovien").person
    other = colleague_of(teacher)
    course, lesson = CoursePage.objects.get(), LessonPage.objects.get(code="KH6-B2")
    module = ModulePage.objects.get(code="KH6")
    quiz = QuizPage.objects.child_of(ModulePage.objects.get(code="KH1")).get()
    certificate = teacher.certificates.first()
    attempt = Attempt.objects.filter(enrolment__person=teacher, submitted_at__isnull=False).first()
    run = CourseRun.objects.order_by("pk").last()
    trainer = User.objects.get(username="giangvien")
    listing = RosterRequest.objects.order_by("pk").last()
    correction = CorrectionRequest.objects.order_by("pk").last()
    scope = Scope.objects.get(user__username="hieutruong")
    report = principals_report()
    incoming = f"/manage/people/import/{compared_list().pk}/"
    return [
        Shot("home", "/"),
        Shot("course", course.url),
        Shot("module", module.url),
        Shot("sign-in", "/accounts/login/"),
        Shot("activate", "/accounts/activate/"),
        Shot("forgotten", "/accounts/forgotten/"),
        Shot("not-listed", "/accounts/not-listed/?q=tan"),
        Shot("not-listed-form", "/accounts/not-listed/TH01/"),
        Shot("verify-form", "/verify/"),
        Shot("verify-valid", f"/verify/{certificate.pk}/"),
        Shot("verify-unknown", NOWHERE, status=404),
        Shot("not-found", "/no-such-page/", status=404),
        Shot("my", "/my/", "giaovien"),
        Shot("module-learner", module.url, "giaovien"),
        Shot("lesson", lesson.url, "giaovien"),
        Shot("quiz-start", quiz.url, "giaovien"),
        Shot("quiz-paper", quiz.url, "giaovien", steps=start_quiz, whole=False),
        Shot("quiz-result", f"/quiz/attempts/{attempt.pk}/result/", "giaovien"),
        Shot("no-permission", "/manage/", "giaovien", status=403),
        Shot("principal", "/manage/", "hieutruong"),
        Shot("people", "/manage/units/TH01/people/", "hieutruong"),
        Shot("person", f"/manage/people/{teacher.pk}/", "hieutruong"),
        Shot("staff", "/manage/people/", "hieutruong"),
        Shot("staff-city", "/manage/people/?q=anh&group=teacher", "quanly.gd"),
        Shot("staff-left", "/manage/people/?left=on", "quanly.gd"),
        Shot("person-new", "/manage/people/new/", "hieutruong"),
        Shot("person-move", f"/manage/people/{teacher.pk}/move/", "quanly.gd", steps=move),
        Shot("person-correct", f"/manage/people/{teacher.pk}/correct/", "quanly.gd"),
        Shot("duplicates", "/manage/people/duplicates/", "hieutruong"),
        Shot("merge-find", f"/manage/people/{teacher.pk}/merge/?q=nguyen", "hieutruong"),
        Shot("merge-compare", f"/manage/people/{teacher.pk}/merge/{other.pk}/", "hieutruong"),
        Shot("my-record", "/my/record/", "giaovien"),
        Shot("my-correction", "/my/record/correction/", "giaovien"),
        Shot("import", "/manage/people/import/", "hieutruong"),
        Shot("import-columns", f"{incoming}columns/", "hieutruong"),
        Shot("import-diff", incoming, "hieutruong"),
        Shot("import-new", f"{incoming}changes/new/", "hieutruong"),
        Shot("requests", "/manage/requests/", "hieutruong"),
        Shot("request", f"/manage/requests/{listing.pk}/", "hieutruong"),
        Shot("correction", f"/manage/corrections/{correction.pk}/", "hieutruong"),
        Shot("code", f"/manage/people/{teacher.pk}/code/", "hieutruong"),
        Shot("slips", "/manage/units/TH01/slips/", "hieutruong"),
        Shot("account", f"/manage/people/{teacher.pk}/account/", "hieutruong"),
        Shot("second-factor", "/accounts/second-factor/", "hieutruong"),
        Shot("second-factor-set-up", "/accounts/second-factor/set-up/", "hieutruong"),
        Shot("slip", f"/manage/people/{teacher.pk}/code/", "hieutruong", steps=issue_slips),
        Shot("slips-printed", "/manage/units/TH01/slips/", "hieutruong", steps=issue_slips),
        Shot("reports", "/manage/reports/", "quanly.gd"),
        Shot("report", f"/manage/reports/{report.pk}/", "hieutruong"),
        Shot("report-edit", f"/manage/reports/{report.pk}/edit/", "hieutruong"),
        Shot("city", "/manage/", "quanly.gd"),
        Shot("city-2020", "/manage/units/79/?target=CT-2020&with=2017-12-31", "quanly.gd"),
        Shot("forecast", "/manage/units/79/forecast/", "quanly.gd"),
        Shot("breakdown", "/manage/units/79/breakdown/?by=group&by=kind", "quanly.gd"),
        Shot("modules", "/manage/units/79/modules/", "quanly.gd"),
        Shot("workplaces", "/manage/units/79/workplaces/?standing=behind", "quanly.gd"),
        Shot("remind", "/manage/units/TH01/remind/", "hieutruong"),
        Shot("targets", "/manage/targets/", "quanly.gd"),
        Shot("target", "/manage/targets/CT-2027/", "quantri"),
        Shot("target-edit", "/manage/targets/CT-2027/edit/", "quantri"),
        Shot("target-preview", "/manage/targets/CT-2027/edit/", "quantri", steps=preview_target),
        Shot("units", "/manage/structure/", "quanly.gd"),
        Shot("unit-structure", "/manage/structure/TH01/", "quanly.gd"),
        Shot("unit-merge", "/manage/structure/merge/?unit=TH01", "quanly.gd"),
        Shot("unit-merge-preview", "/manage/structure/merge/?unit=TH01", "quanly.gd", steps=merge),
        Shot("unit-split", "/manage/structure/TH01/split/", "quanly.gd"),
        Shot("unit-close", "/manage/structure/TH01/close/", "quanly.gd"),
        Shot("runs", "/manage/runs/", "quanly.gd"),
        Shot("run", f"/manage/runs/{run.code}/", "quanly.gd"),
        Shot("run-progress", f"/manage/runs/{run.code}/progress/?state=in-progress", "giangvien"),
        Shot("run-results", f"/manage/runs/{run.code}/results/", "giangvien"),
        Shot("run-person", f"/manage/runs/{run.code}/progress/{teacher.pk}/", "hieutruong"),
        Shot("run-new", "/manage/runs/new/", "quanly.gd"),
        Shot("run-preview", "/manage/runs/new/", "quanly.gd", steps=preview_run),
        Shot("grants", "/quiz/grants/", "quantri"),
        Shot("support", "/support/"),
        Shot("audit", "/manage/audit/", "quantri"),
        Shot("indicators", "/manage/indicators/", "quanly.gd"),
        Shot("sharing", "/manage/sharing/", "quantri"),
        Shot("sharing-new", "/manage/sharing/new/", "quantri"),
        Shot("sharing-token", f"/manage/sharing/{shared_token().pk}/", "quantri"),
        Shot("sharing-log", "/manage/sharing/log/", "quantri"),
        Shot("scopes", "/manage/scopes/?unit=TH01", "hieutruong"),
        Shot("scope", f"/manage/scopes/{scope.pk}/", "quantri"),
        Shot("scope-find", "/manage/scopes/new/?q=nguyen", "quantri"),
        Shot("scope-new", f"/manage/scopes/new/?account={teacher.user.pk}", "hieutruong"),
        Shot("view-as-confirm", f"/manage/people/{teacher.pk}/view-as/", "quantri"),
        Shot("view-as-banner", SIGN_IN, steps=view_as(teacher.pk)),
        Shot("view-as-refused", SIGN_IN, steps=view_as(teacher.pk, then=send_something)),
        Shot("view-as-editor", SIGN_IN, steps=view_as(trainer.person_id, then=open_editor)),
        Shot("admin", "/admin/", "giangvien"),
        Shot("styleguide", "/styleguide/", "giangvien"),
    ]


def principals_report() -> Report:
    """Of her school, as far as it is filled in by itself."""
    principal, now = User.objects.get(username="hieutruong"), timezone.now()
    term = Term.of_year(timezone.localdate(now).year)
    return draft_report(Unit.objects.get(code="TH01"), term, by=principal, at=now)


def compared_list() -> RosterImport:
    """Of the principal's school: one gone, one new, one perhaps known already, one row wrong."""
    principal, now = User.objects.get(username="hieutruong"), timezone.now()
    today = timezone.localdate(now)
    here = Membership.objects.primary_on(today).filter(unit__code="TH01")
    rows = list(roster_rows(placed(here, on=today), shows_codes_in=None))
    known, *rest = [row for row in rows if row[5] == "Giáo viên"]
    kept = [row for row in rows if row != rest[-1]]
    more = [["TH01-99", *known[1:]], ["TH01-98", "Đặng Thị Mới", *known[2:]],
            ["TH01-97", "Võ Văn Tám", "", *known[3:]]]  # fmt: skip
    content = "".join(csv_lines(HEADINGS, [*kept, *more])).encode()
    terms = {"unit": here[0].unit, "as_of": timezone.localdate(now), "is_partial": False}
    incoming = upload_list(content, name="danh-sach-2026-2027.csv", **terms, by=principal, at=now)
    choose_layout(incoming, Layout.from_json(incoming.layout), at=now)
    check(incoming, at=now)
    return incoming


def shared_token() -> SharingToken:
    """Another body's, with a file that is made each month."""
    now = timezone.now()
    kept = SharingToken.objects.first()
    if kept is not None:
        return kept
    token = SharingToken(
        body="Sở Y tế",
        purpose="Báo cáo liên ngành theo kế hoạch số 15",
        unit=root_on(local_day(now)),
        valid_until=local_day(now) + timedelta(days=180),
    )
    administrator = User.objects.get(username="quantri")
    make_token(token, by=administrator, at=now)
    target = Target.objects.order_by("due_on").last()
    schedule = ExportSchedule(
        token=token, target=target, by=["unit"], kind="xlsx", every=Cadence.MONTHLY
    )
    plan_export(schedule, by=administrator, at=now)
    make_what_is_due(at=now)
    return token


def colleague_of(person: Person) -> Person:
    """Somebody else of her unit, neither the principal nor anyone who manages."""
    here = person.memberships.order_by("-started_on").first()
    colleagues = here.unit.memberships.filter(ended_on=None, staff_group="teacher")
    return colleagues.exclude(person=person).order_by("pk").first().person


def issue_slips(page) -> None:
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()  # whoever got a code for an earlier picture is not chosen beforehand
    page.locator("main form button").click()
    page.wait_for_selector(".slip")


def move(page) -> None:
    page.fill("#id_unit", "TH02")
    page.fill("#id_on", "01/09/2026")
    page.fill("#id_reason", "12/QĐ-PGDĐT ngày 20/08/2026")
    page.locator("main form button.button").first.click()
    page.locator("#effect").wait_for()


def merge(page) -> None:
    page.fill("#id_target", "TH02")
    page.fill("#id_on", "01/01/2027")
    page.fill("#id_document", "12/QĐ-UBND ngày 05/12/2026")
    page.locator("main form button.button").first.click()
    page.locator("[name=seen]").wait_for(state="attached")


def preview_run(page) -> None:
    page.locator("[name=units]").first.check()
    page.locator("[name=preview]").click()
    page.locator("#preview").wait_for()


def preview_target(page) -> None:
    page.locator("[name=staff_groups][value=support]").check()
    page.fill("#id_reason", "Theo Kế hoạch số 12/KH-UBND")
    page.locator("main form button.button").first.click()
    page.locator("#effect").wait_for()


def start_quiz(page) -> None:
    page.locator("main :is(form button, a.button)").first.click()
    page.wait_for_url("**/quiz/attempts/**")


def view_as(person: int, *, then: Callable | None = None) -> Callable:
    """Signs in for this page alone: viewing as someone changes the session that others share."""
    from lms.demo.accounts import DEMO_PASSWORD

    def steps(page) -> None:
        page.fill("#id_username", "quantri")
        page.fill("#id_password", DEMO_PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda url: SIGN_IN not in url)
        page.goto(urljoin(page.url, f"/manage/people/{person}/view-as/"))
        page.fill("#id_reason", "Giáo viên gọi điện báo không thấy bài kiểm tra")
        page.locator("main form button").click()
        page.wait_for_url("**/my/")
        if then:
            then(page)

    return steps


def send_something(page) -> None:
    page.goto(urljoin(page.url, "/accounts/password/"))
    for field in page.locator("main input[type=password]").all():
        field.fill("mot-mat-khau-moi")
    page.locator("main form button").click()
    page.wait_for_load_state()


def open_editor(page) -> None:
    page.goto(urljoin(page.url, "/admin/"))
