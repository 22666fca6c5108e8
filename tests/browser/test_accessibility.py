"""axe finds nothing on the pages of a visitor, a learner and a manager, in any look."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from activities.quiz.models import Attempt
from cms_pages.models import CoursePage, LessonPage, ModulePage, QuizPage
from courses.models import CourseRun
from people.models import CorrectionRequest, RosterRequest, Scope, UnitVersion, User
from reports.models import SharingToken
from reports.queries.coverage import root_on
from reports.queries.filing import Term
from reports.services.filing import draft_report
from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.reports.sharing import ask, make_shared_file, make_token

# Either language meets both themes and both sizes.
LOOKS = {
    "vi-phone-light": ("vi", PHONE, "light"),
    "vi-wide-dark": ("vi", WIDE, "dark"),
    "en-phone-dark": ("en", PHONE, "dark"),
    "en-wide-light": ("en", WIDE, "light"),
}
REFUSED = {"/no-such-page/", "/verify/00000000-0000-4000-8000-000000000000/"}


def addresses() -> dict[str, list[str]]:
    """Of each account the pages to look at; the empty name is somebody signed out."""
    teacher = User.objects.get(username="giaovien").person
    colleagues = teacher.memberships.get(ended_on=None).unit.memberships.filter(ended_on=None)
    colleague = colleagues.filter(staff_group="teacher").exclude(person=teacher)[0].person_id
    course, module = CoursePage.objects.get(), ModulePage.objects.get(code="KH6")
    lesson, quiz = LessonPage.objects.get(code="KH6-B1"), QuizPage.objects.child_of(module).get()
    certificate = teacher.certificates.first()
    attempt = Attempt.objects.filter(enrolment__person=teacher).first()
    run = CourseRun.objects.order_by("pk").last()
    token = shared_token()
    version = UnitVersion.objects.filter(unit__code="TH01").latest("started_on")
    principal, now = User.objects.get(username="hieutruong"), timezone.now()
    term = Term.of_year(timezone.localdate(now).year)
    report = draft_report(version.unit, term, by=principal, at=now)
    return {
        "": [
            "/",
            course.get_parent().url,
            course.url,
            module.url,
            "/accounts/login/",
            "/verify/",
            f"/verify/{certificate.pk}/",
            "/verify/00000000-0000-4000-8000-000000000000/",
            "/no-such-page/",
            "/support/",
            "/accounts/activate/",
            "/accounts/forgotten/",
            "/accounts/not-listed/?q=tan",
            "/accounts/not-listed/TH01/",
            "/accounts/not-listed/sent/",
        ],
        "giaovien": [
            "/my/",
            module.url,
            lesson.url,
            quiz.url,
            f"/quiz/attempts/{attempt.pk}/result/",
            "/accounts/password/",
            "/my/record/",
            "/my/record/account/",
            "/my/record/correction/",
            "/manage/",
        ],
        "hieutruong": [
            "/manage/",
            "/manage/units/TH01/people/",
            f"/manage/people/{teacher.pk}/",
            f"/manage/people/{teacher.pk}/code/",
            "/manage/people/",
            "/manage/people/?left=on&q=khong-co-ai",
            "/manage/people/new/",
            f"/manage/people/{teacher.pk}/post/",
            f"/manage/people/{teacher.pk}/end/",
            f"/manage/people/{teacher.pk}/account/",
            "/accounts/second-factor/",
            "/accounts/second-factor/set-up/",
            "/manage/units/TH01/slips/mail/",
            "/manage/people/duplicates/",
            f"/manage/people/{teacher.pk}/merge/?q=nguyen",
            f"/manage/people/{teacher.pk}/merge/{colleague}/",
            "/manage/units/TH01/slips/",
            "/manage/people/import/",
            "/manage/requests/",
            f"/manage/requests/{RosterRequest.objects.last().pk}/",
            f"/manage/corrections/{CorrectionRequest.objects.last().pk}/",
            "/manage/runs/",
            "/manage/scopes/?unit=TH01",
            "/manage/scopes/new/?q=nguyen",
            "/manage/reports/",
            "/manage/reports/new/?unit=TH01",
            f"/manage/reports/{report.pk}/",
            f"/manage/reports/{report.pk}/edit/",
        ],
        "quanly.gd": [
            "/manage/",
            "/manage/units/79/forecast/",
            "/manage/units/79/breakdown/?by=group&by=kind",
            "/manage/units/79/modules/",
            "/manage/units/79/workplaces/?standing=behind",
            "/manage/units/TH01/remind/",
            "/manage/targets/",
            "/manage/targets/CT-2027/",
            "/manage/structure/",
            "/manage/structure/?q=tieu hoc",
            "/manage/structure/TH01/",
            "/manage/structure/783/",
            "/manage/structure/new/",
            "/manage/structure/import/",
            "/manage/structure/merge/?unit=TH01",
            "/manage/structure/TH01/edit/",
            "/manage/structure/TH01/split/",
            "/manage/structure/TH01/close/",
            f"/manage/structure/TH01/versions/{version.pk}/",
            "/manage/people/?unit=TH01&group=teacher",
            f"/manage/people/{teacher.pk}/correct/",
            f"/manage/people/{teacher.pk}/move/",
            "/manage/runs/new/",
            f"/manage/runs/{run.code}/",
            f"/manage/runs/{run.code}/progress/?state=in-progress",
            f"/manage/runs/{run.code}/results/",
            f"/manage/runs/{run.code}/progress/{teacher.pk}/",
        ],
        "quantri": [
            f"/manage/runs/{run.code}/edit/",
            f"/manage/runs/{run.code}/extend/",
            f"/manage/runs/{run.code}/people/",
            "/quiz/grants/",
            "/manage/targets/new/?like=CT-2027",
            "/manage/targets/CT-2027/edit/",
            "/manage/targets/CT-2027/end/",
            "/manage/audit/",
            "/manage/indicators/",
            "/manage/sharing/",
            "/manage/sharing/new/",
            f"/manage/sharing/{token.pk}/",
            f"/manage/sharing/{token.pk}/schedule/",
            "/manage/sharing/log/",
            f"/manage/scopes/{Scope.objects.get(user__username='hieutruong').pk}/",
            f"/manage/scopes/new/?account={User.objects.get(username='giaovien').pk}",
            f"/manage/people/{teacher.pk}/view-as/",
            f"/quiz/grants/{attempt.enrolment_id}/{attempt.activity_id}/",
        ],
    }


def shared_token() -> SharingToken:
    """One with a schedule, a file and a share, as the pages show them."""
    token, secret = make_token(root_on(timezone.localdate()))
    make_shared_file(token)
    ask(secret, "targets")
    return token


def problems(page: Page) -> list[str]:
    """One line each; also of anything that makes the page scroll sideways."""
    found = [
        f"{page.url}: {violation['id']} {node['target']} {node.get('failureSummary', '')[:200]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{page.url}: {too_wide} px too wide"] if too_wide > 0 else [])


def chosen(visitor: Visitor, language: str) -> None:
    """As if the button in the footer had been pressed, signed out and by every account."""
    User.objects.update(language=language)
    cookie = {"name": "django_language", "value": language, "url": visitor.address}
    visitor.context.add_cookies([cookie])


@pytest.mark.parametrize(("language", "viewport", "scheme"), LOOKS.values(), ids=LOOKS)
def test_axe_finds_nothing(district, visit, language, viewport, scheme):
    found = []
    for username, paths in addresses().items():
        visitor = visit(viewport, color_scheme=scheme)
        chosen(visitor, language)
        if username:
            learns = username not in {"quanly.gd", "quantri"}
            visitor.sign_in(username, lands_on="/my/" if learns else "/manage/**")
        for path in paths:
            page = visitor.go(path)
            assert page.locator("html").get_attribute("lang") == language
            found += problems(page)
            if path in REFUSED or (username, path) == (
                "giaovien",
                "/manage/",
            ):  # the console takes a refusal for an error by itself
                visitor.complaints.clear()
    assert found == []


def test_the_paper_of_a_quiz_is_accessible_and_answerable_by_keyboard(district, visit):
    visitor = visit()
    page = visitor.sign_in("giaovien")
    visitor.go(QuizPage.objects.get(code="KH1-KT").url)
    page.get_by_role("button", name="Bắt đầu làm bài").press("Enter")
    page.wait_for_url("**/quiz/attempts/**")
    assert problems(page) == []
    first = page.locator("fieldset input").first
    first.focus()
    page.keyboard.press("Space")
    assert first.is_checked()
