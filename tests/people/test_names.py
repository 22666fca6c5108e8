"""Vietnamese names: parts, order, search."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from people.names import NameParts, clean_name, folded, sort_key, split_name, title_key
from tests.factories import PersonFactory

# The order of letters and tones written out once more, apart from the code.
LETTERS = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
VOWELS = set("aăâeêioôơuưy")

letter = st.sampled_from(LETTERS)


@st.composite
def words(draw) -> list[tuple[str, int]]:
    """One or two syllables: (letter, tone) each, a blank between as ("", 0)."""
    syllables = draw(st.lists(st.lists(letter, min_size=1, max_size=4), min_size=1, max_size=2))
    marked = []
    for syllable in syllables:
        if marked:
            marked.append(("", 0))
        for each in syllable:
            marked.append((each, draw(st.integers(0, 5)) if each in VOWELS else 0))
    return marked


def spelt(word: list[tuple[str, int]]) -> str:
    text = "".join((each or " ") + TONES[tone] for each, tone in word)
    return unicodedata.normalize("NFC", text)


def rank(word: list[tuple[str, int]]) -> tuple:
    """Letters first, a shorter name before the longer one it begins, tones only to break ties."""
    return [LETTERS.index(each) if each else -1 for each, _ in word], [tone for _, tone in word]


names = st.tuples(words(), words(), st.one_of(st.just([]), words()))  # given, family, middle


class TestOrder:
    @given(names, names)
    def test_is_given_then_family_then_middle_letters_before_tones(self, one, other):
        def key(name):
            given_name, family, middle = map(spelt, name)
            return sort_key(NameParts(family, middle, given_name))

        def expected(name):
            return [rank(word) for word in name]

        assert (key(one) < key(other)) == (expected(one) < expected(other))

    @given(names)
    def test_key_is_ascii_so_that_every_database_sorts_alike(self, name):
        given_name, family, middle = map(spelt, name)
        assert sort_key(NameParts(family, middle, given_name)).isascii()

    def test_d_with_stroke_comes_after_d(self):
        assert sort_key(split_name("Trần Dũng")) < sort_key(split_name("An Đào"))

    def test_people_of_one_given_name_stand_together(self):
        listed = ["Trần Thị Hà", "Nguyễn Văn Hạ", "Lê Hà", "Bùi Hạ"]
        assert sorted(listed, key=lambda name: sort_key(split_name(name))) == [
            "Lê Hà",
            "Trần Thị Hà",
            "Bùi Hạ",
            "Nguyễn Văn Hạ",
        ]

    def test_nobody_comes_after_her_namesake_for_lack_of_a_middle_name(self):
        assert sort_key(split_name("Trần Hà")) < sort_key(split_name("Trần Ái Hà"))

    def test_longest_names_fit_the_column(self, db):
        person = PersonFactory(family_name="ữ" * 60, middle_name="ữ" * 100, given_name="ữ" * 60)
        person.refresh_from_db()
        assert len(person.sort_key) == 500


class TestParts:
    @given(st.lists(words().map(spelt), min_size=1, max_size=4))
    def test_joined_again_give_the_name(self, several):
        full_name = clean_name(" ".join(several))
        assert " ".join(filter(None, split_name(full_name))) == full_name

    def test_given_name_is_the_last_word(self):
        assert split_name(" Nguyễn  Thị Ngọc Ánh ") == ("Nguyễn", "Thị Ngọc", "Ánh")

    def test_one_word_is_all_given_name(self):
        assert split_name("Thảo") == ("", "", "Thảo")


class TestCleaning:
    def test_decomposed_letters_are_composed(self):
        assert clean_name(unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh")) == (
            "Nguyễn Thị Ngọc Ánh"
        )

    def test_invisible_characters_and_hard_blanks_are_dropped(self):
        assert clean_name("Tr\u200bần\u00a0 Hạnh\ufeff") == "Trần Hạnh"

    def test_letters_of_other_languages_stay_whole(self):
        assert clean_name("Stéphane H’Hen Niê") == "Stéphane H’Hen Niê"


class TestSearch:
    @given(words().map(spelt))
    def test_needs_no_marks(self, text):
        assert folded(text) == folded(clean_name(text.upper()))
        assert folded(text).isascii()


class TestTitleKey:
    def test_orders_units_from_their_first_word_on_with_marks_after_letters(self):
        units = ["Xã Đông Thạnh", "Xã Củ Chi", "Xã Dương", "Xã Bình Mỹ", "Trường Ấp", "Xã Cú Chi"]
        assert sorted(units, key=title_key) == [
            "Trường Ấp",
            "Xã Bình Mỹ",
            "Xã Củ Chi",
            "Xã Cú Chi",
            "Xã Dương",
            "Xã Đông Thạnh",
        ]
