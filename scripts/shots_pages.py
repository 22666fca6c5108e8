"""Which pages `make shots` takes. Addresses are asked of the demo's database."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from activities.quiz.models import Attempt
from cms_pages.models import CoursePage, LessonPage, ModulePage, QuizPage
from courses.models import CourseRun
from people.models import CorrectionRequest, RosterRequest, User

# What README shows: pictures by their names, and how wide they are.
IN_DOCS = [
    ("home-1280-light", 1280),
    ("lesson-1280-light", 1280),
    ("city-2020-1280-light", 1280),
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
    course, lesson = CoursePage.objects.get(), LessonPage.objects.get(code="KH6-B2")
    module = ModulePage.objects.get(code="KH6")
    quiz = QuizPage.objects.child_of(ModulePage.objects.get(code="KH1")).get()
    certificate = teacher.certificates.first()
    attempt = Attempt.objects.filter(enrolment__person=teacher, submitted_at__isnull=False).first()
    run = CourseRun.objects.order_by("pk").last()
    trainer = User.objects.get(username="giangvien")
    listing = RosterRequest.objects.order_by("pk").last()
    correction = CorrectionRequest.objects.order_by("pk").last()
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
        Shot("my-record", "/my/record/", "giaovien"),
        Shot("my-correction", "/my/record/correction/", "giaovien"),
        Shot("requests", "/manage/requests/", "hieutruong"),
        Shot("request", f"/manage/requests/{listing.pk}/", "hieutruong"),
        Shot("correction", f"/manage/corrections/{correction.pk}/", "hieutruong"),
        Shot("code", f"/manage/people/{teacher.pk}/code/", "hieutruong"),
        Shot("slips", "/manage/units/TH01/slips/", "hieutruong"),
        Shot("slip", f"/manage/people/{teacher.pk}/code/", "hieutruong", steps=issue_slips),
        Shot("slips-printed", "/manage/units/TH01/slips/", "hieutruong", steps=issue_slips),
        Shot("city", "/manage/", "quanly.gd"),
        Shot("city-2020", "/manage/units/79/?target=CT-2020&with=2017-12-31", "quanly.gd"),
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
        Shot("view-as-confirm", f"/manage/people/{teacher.pk}/view-as/", "quantri"),
        Shot("view-as-banner", SIGN_IN, steps=view_as(teacher.pk)),
        Shot("view-as-refused", SIGN_IN, steps=view_as(teacher.pk, then=send_something)),
        Shot("view-as-editor", SIGN_IN, steps=view_as(trainer.person_id, then=open_editor)),
        Shot("admin", "/admin/", "giangvien"),
        Shot("styleguide", "/styleguide/", "giangvien"),
    ]


def issue_slips(page) -> None:
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()  # whoever got a code for an earlier picture is not chosen beforehand
    page.locator("main form button").click()
    page.wait_for_selector(".slip")


def preview_run(page) -> None:
    page.locator("[name=units]").first.check()
    page.locator("[name=preview]").click()
    page.locator("#preview").wait_for()


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
