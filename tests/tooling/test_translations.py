"""The catalogue holds every marked string; what is wrong with it, or never marked, is named."""

from pathlib import Path

import pytest
from babel.messages import Catalog
from catalogues import compile_catalogue, mistakes, read, stale, updated, write
from msgids import Msgid, msgids_of
from unwrapped import NOT_INTERFACE, unwrapped

ROOT = Path(__file__).resolve().parents[2]


def marked_in(path: Path, source: str) -> list:
    path.write_text(source, encoding="utf-8")
    return [(each.id, each.context) for each in msgids_of([path])]


class TestMarkedStrings:
    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ('{% translate "Lưu" %}', ("Lưu", None)),
            ("<p\n   title=\"{% trans 'Lưu' %}\">", ("Lưu", None)),
            ('{% translate "Sửa" context "điểm" %}', ("Sửa", "điểm")),
            ('{% translate "Đạt 80 %" %}', ("Đạt 80 %%", None)),
            ("{% blocktranslate trimmed %}\n Xin\n ơi{% endblocktranslate %}", ("Xin ơi", None)),
            ("{% blocktranslate %}{{ n }} bài{% endblocktranslate %}", ("%(n)s bài", None)),
            (
                "{% blocktranslate count n=n %}một{% plural %}{{ n }} bài{% endblocktranslate %}",
                (("một", "%(n)s bài"), None),
            ),
            ("{% blocktranslate asvar x %}Lưu{% endblocktranslate %}", ("Lưu", None)),
            ('{{ day|default:_("nay") }}', ("nay", None)),
            ('{% include "a.html" with title=_("Lưu") %}', ("Lưu", None)),
        ],
    )  # fmt: skip
    def test_in_a_template(self, tmp_path, source, found):
        assert marked_in(tmp_path / "page.html", source) == [found]

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ('_("Lưu")', ("Lưu", None)),
            ('gettext_lazy("Xin " "chào")', ("Xin chào", None)),
            ('ngettext("%(n)d bài", "%(n)d bài", n)', (("%(n)d bài", "%(n)d bài"), None)),
            ('pgettext("điểm", "Sửa")', ("Sửa", "điểm")),
        ],
    )
    def test_in_python(self, tmp_path, source, found):
        assert marked_in(tmp_path / "views.py", source) == [found]

    def test_what_is_commented_out_is_no_string(self, tmp_path):
        assert marked_in(tmp_path / "page.html", '{# {% translate "Lưu" %} #}') == []


class TestUnmarkedStrings:
    def problems(self, path: Path, source: str) -> list[str]:
        path.write_text(source, encoding="utf-8")
        return list(unwrapped([path]))

    @pytest.mark.parametrize(
        "source",
        [
            "<p>Lưu</p>",
            "<p>Save</p>",
            '<p title="Lưu"></p>',
            '<button aria-label="Close"></button>',
            '<p data-words="Đã lưu"></p>',
            '{% include "a.html" with title="Đã lưu" %}',
            '{{ day|default:"không có" }}',
            '{% if a %}<p class="x">{% endif %}{{ n }} bài</p>',
        ],
    )
    def test_in_a_template_are_found(self, tmp_path, source):
        assert len(self.problems(tmp_path / "page.html", f"\n{source}")) == 1

    @pytest.mark.parametrize(
        "source",
        [
            '<p class="stack">{% translate "Lưu" %} · 111</p>',
            "{% blocktranslate %}Lưu <b>ngay</b>{% endblocktranslate %}",
            "{# Lưu #}{% comment %}Lưu{% endcomment %}",
            "<style>p { color: red; }</style>",
            "{% block main_class %}stack measure{% endblock %}",
            '{{ day|default:_("nay") }}',
        ],
    )
    def test_in_a_template_nothing_else_is(self, tmp_path, source):
        assert self.problems(tmp_path / "page.html", source) == []

    def test_in_python_are_found(self, tmp_path):
        problems = self.problems(tmp_path / "views.py", 'A = 1\nB = f"{A} bài học"\n')
        assert [problem.split(":")[1] for problem in problems] == ["2"]

    def test_in_python_docstrings_and_marked_strings_are_fine(self, tmp_path):
        source = '"""Bài học."""\nA = _("Bài học")\nB = "lesson"\n'
        assert self.problems(tmp_path / "views.py", source) == []

    @pytest.mark.parametrize("place", NOT_INTERFACE)
    def test_what_is_no_interface_still_exists(self, place):
        path, _, name = place.partition("::")
        found = list(ROOT.glob(path.rstrip("/")))
        assert found
        assert not name or any(name in each.read_text(encoding="utf-8") for each in found)


class TestCatalogue:
    @pytest.fixture
    def catalog(self) -> Catalog:
        catalog = Catalog(locale="en")
        catalog.add("Lưu", "Save")
        catalog.add("Cũ", "Old")
        return catalog

    def test_keeps_translations_adds_what_is_new_and_drops_what_is_gone(self, catalog):
        fresh = updated(catalog, [Msgid("Lưu", None, "a.py"), Msgid("Mới", None, "a.py")])
        assert {each.id: each.string or "" for each in fresh if each.id} == {
            "Lưu": "Save",
            "Mới": "",
        }

    def test_does_not_take_one_context_for_another(self, catalog):
        fresh = updated(catalog, [Msgid("Lưu", "tệp", "a.py")])
        assert not fresh.get("Lưu", "tệp").string

    def test_names_what_is_stale(self, catalog):
        problems = list(stale(catalog, [Msgid("Lưu", None, "a.py"), Msgid("Mới", None, "b.py")]))
        assert problems == ["no longer used: 'Cũ'", "not in the catalogue yet: 'Mới' (b.py)"]

    def test_comes_out_the_same_whatever_the_order(self, catalog, tmp_path):
        msgids = [Msgid("Lưu", None, "b.py"), Msgid("Cũ", None, "a.py"), Msgid("Lưu", None, "a.py")]
        written = []
        for order in (msgids, msgids[::-1]):
            path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
            write(updated(catalog, order), path, about="A test.")
            written.append(path.read_text())
        assert written[0] == written[1]
        assert "Date" not in written[0]
        assert read(path).get("Lưu").string == "Save"

    def test_is_compiled_for_django(self, catalog, tmp_path):
        path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
        write(catalog, path, about="A test.")
        compile_catalogue(path)
        assert b"Save" in path.with_suffix(".mo").read_bytes()


class TestMistakes:
    def of(self, source, target, *, complete=True, flags=()) -> list[str]:
        catalog = Catalog(locale="en")
        catalog.add(source, target, flags=flags)
        return [problem.split(":")[0] for problem in mistakes(catalog, complete=complete)]

    @pytest.mark.parametrize(
        ("source", "target"),
        [
            ("Lưu", "Save"),
            ("%(n)s bài", "%(n)s lessons"),
            ("{n} bài", "{n} lessons"),
            ("Đạt %(n)s %%", "%(n)s%% reached"),
            ("Đạt 80 %", "80% reached"),
            (("%(n)s bài", "%(n)s bài"), ("One lesson", "%(n)s lessons")),
        ],
    )
    def test_none(self, source, target):
        assert self.of(source, target) == []

    @pytest.mark.parametrize(
        ("source", "target", "problem"),
        [
            ("Lưu", "", "missing"),
            ("%(n)s bài", "lessons", "placeholders differ (n)"),
            ("{n} bài", "{number} lessons", "placeholders differ (n, number)"),
            ("Đạt %(n)s %%", "%(n)s% of", "a per cent sign must be doubled here"),
            (("%(n)s bài", "%(n)s bài"), ("%(n)s lesson", ""), "2 forms are wanted"),
            (("%(n)s bài", "%(n)s bài"), ("One lesson", "lessons"), "placeholders differ (n)"),
            ("Lưu ", "Save", "blanks at an end differ"),
        ],
    )
    def test_are_named(self, source, target, problem):
        assert self.of(source, target) == [problem]

    def test_fuzzy_is_one(self):
        assert self.of("Lưu", "Save", flags=["fuzzy"]) == ["fuzzy, look at it again"]

    def test_an_overlay_need_not_be_complete(self):
        assert self.of("Save", "", complete=False) == []
