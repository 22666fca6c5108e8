"""What the fields of forms about people let through."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from people.backends import normalised_phone
from people.forms.fields import CleanTextField, CodeField, NameField, PhoneField, ReasonField
from people.names import folded, split_name


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Ngọc Ánh", "  Trần   Văn A ", "H'Hen Niê", "Nguyễn-Trần Thu", "Y", "Lê T. Hoa"],
)
def test_names_of_people_pass(name):
    assert NameField().clean(name) == " ".join(name.split())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("nguyễn thị MINH thư", "Nguyễn Thị Minh Thư"),
        ("ĐINH ĐỨC ỨNG", "Đinh Đức Ứng"),
        ("H'HEN niê", "H'Hen Niê"),
        ("K'brông McDonald", "K'brông McDonald"),
    ],
)
def test_each_word_of_a_name_has_its_capital(typed, name):
    assert NameField().clean(typed) == name


def test_a_reason_of_too_few_characters_is_none_and_the_hint_says_so():
    field = ReasonField(hint="Ví dụ số quyết định.")
    assert field.help_text == "Ví dụ số quyết định. Ít nhất 5 ký tự, ghi vào nhật ký."
    assert field.clean(" QĐ  12 ") == "QĐ 12"
    with pytest.raises(ValidationError, match="ghi rõ hơn"):
        field.clean("QĐ   1")


@pytest.mark.parametrize(
    "name",
    [
        "=HYPERLINK(1)",
        'Nguyễn,=HYPERLINK("x") An',
        "+cmd",
        "A;B",
        "Trần 2",
        "A\x01 B",
        "\ufffe A",
        "–",
    ],
)
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValidationError):
        NameField().clean(name)


@pytest.mark.parametrize(
    "name", ["ﬃ" * 41 + " aaa", "A " + "bbbbbbbbb " * 11 + "C", "ß" * 100 + " A"]
)
def test_a_name_that_grows_past_its_column_is_refused(name):
    with pytest.raises(ValidationError):
        NameField().clean(name)


def test_a_name_that_passes_fits_its_columns():
    name = NameField().clean("A " + "b" * 50 + " " + "c" * 49 + " D")
    assert len(folded(name)) <= 120
    assert len(split_name(name).middle) <= 100


def test_a_text_is_measured_after_it_is_normalised():
    with pytest.raises(ValidationError):
        CleanTextField(max_length=400).clean("\u0958" * 400)


@pytest.mark.parametrize("code", ["hieutruong@truong.vn", "a b", "mã", "=1", "-1", ""])
def test_a_code_is_plain(code):
    with pytest.raises(ValidationError):
        CodeField().clean(code)


def test_other_scripts_digits_are_no_phone():
    assert normalised_phone("²" * 12) == ""
    with pytest.raises(ValidationError):
        PhoneField().clean("²" * 12)
