from axe_playwright_python.sync_playwright import Axe
from tests.browser.test_quiz_paper import *  # noqa
def test_shots(browser, paper, attempt):
    def look(name):
        paper.screenshot(path=f"/tmp/quizrun/{name}.png", full_page=True)
        r = Axe().run(paper)
        print(name, [(v["id"], v["nodes"][0]["html"][:120]) for v in r.response["violations"]])
    look("paper360"); paper.set_viewport_size(WIDE); look("paper1280")
    choose(paper, "Im lặng")
    paper.get_by_role("button", name="Nộp bài").click(); look("dialog")
    paper.get_by_role("dialog").get_by_role("button", name="Nộp bài").click()
    paper.wait_for_url("**/result/"); look("result1280"); paper.set_viewport_size(PHONE); look("result360")
    paper.goto(reverse("quiz:start", args=[attempt.activity_id])); look("start360")
