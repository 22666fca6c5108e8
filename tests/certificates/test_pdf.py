import json
import unicodedata
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from certificates.models import Certificate
from certificates.pdf import FontsMissingError, render_pdf
from certificates.pdf.setting import in_words
from certificates.rules import Standing
from certificates.wording import WORDING, frozen_wording
from tests.certificates.builders import COMPLETED_AT, COMPLETED_ON

TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
VOWELS = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
LOWER = " ".join(
    "".join(unicodedata.normalize("NFC", vowel + tone) for tone in TONES) for vowel in VOWELS
)
PANGRAM = f"{LOWER} đ {LOWER.upper()} Đ"


def make_certificate(**changes):
    """Unsaved: setting it in type needs no database."""
    fields = {
        "completed_on": COMPLETED_ON,
        "issued_at": COMPLETED_AT,
        "number": "0007/2026/GCN",
        "person_name": "Trần Ngọc Hạnh",
        "birth_date": date(1985, 4, 5),
        "unit_name": "Trường Tiểu học Một",
        "course_title": "Bảo vệ, chăm sóc và giáo dục trẻ em trong nhà trường",
        "module_titles": [
            {"code": f"KH{n}", "title": f"Chuyên đề {n}", "periods": 10} for n in range(1, 7)
        ],
        "periods": 60,
        "run_title": "Bồi dưỡng hè 2026",
        "trained_from": date(2026, 6, 2),
        **frozen_wording(),
    }  # fmt: skip
    return Certificate(**{**fields, **changes})


def read(pdf):
    return PdfReader(BytesIO(pdf))


def squeezed(text):
    return "".join(text.split())


def text_of(certificate, **kwargs):
    return squeezed(read(render_pdf(certificate, **kwargs)).pages[0].extract_text())


class TestWhatThePdfSays:
    def test_keeps_every_vietnamese_letter_in_both_cases(self):
        assert squeezed(PANGRAM) in text_of(make_certificate(course_title=PANGRAM))

    def test_bears_number_name_dates_unit_and_address(self, settings):
        settings.BASE_URL = "https://boiduong.example.vn"
        certificate = make_certificate(place="Củ Chi")
        text = text_of(certificate)
        for said in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "GIẤY CHỨNG NHẬN",
            "Số: 0007/2026/GCN",
            "TRẦN NGỌC HẠNH",
            "05/04/1985",
            "Trường Tiểu học Một",
            "02/06/2026 – 15/07/2026",
            "60 tiết",
            "KH6 Chuyên đề 6 10 tiết",
            "Củ Chi, ngày 15 tháng 7 năm 2026",
            f"https://boiduong.example.vn/verify/{certificate.pk}/",
            WORDING["evidence"],
        ]:
            assert squeezed(said) in text, said

    def test_never_calls_itself_a_state_regulated_diploma(self):
        assert "chứngchỉ" not in text_of(make_certificate()).lower()
        assert "chứng chỉ" not in json.dumps(WORDING, ensure_ascii=False).lower()

    @pytest.mark.parametrize(
        ("standing", "stamp"),
        [(Standing.REVOKED, "ĐÃ THU HỒI"), (Standing.REPLACED, "ĐÃ CẤP LẠI")],
    )
    def test_says_across_the_page_that_it_no_longer_counts(self, standing, stamp):
        assert squeezed(stamp) in text_of(make_certificate(), standing=standing)
        assert squeezed(stamp) not in text_of(make_certificate())

    def test_takes_typed_text_for_text_not_for_typst(self):
        typed = '#read("/etc/passwd") $x$ *b* "] #panic()'
        assert squeezed(typed) in text_of(make_certificate(course_title=typed))


class TestThePaper:
    def test_is_one_a4_page_on_its_side(self):
        page = read(render_pdf(make_certificate())).pages
        assert len(page) == 1
        width, height = (float(each) / 72 * 25.4 for each in page[0].mediabox[2:])
        assert (round(width), round(height)) == (297, 210)

    def test_holds_long_names_and_six_long_titles_on_one_page(self):
        title = "Nhận biết, báo tin và xử lý trường hợp trẻ em bị xâm hại, bị bạo lực "
        certificate = make_certificate(
            person_name=("Nguyễn Phước Công Tằng Tôn Nữ Hoàng Thị Thiên Kim " * 5)[:240],
            unit_name=("Trường Phổ thông Dân tộc Nội trú Trung học cơ sở " * 5)[:200],
            course_title=(title * 3)[:200],
            run_title=(title * 3)[:200],
            valid_until=date(2029, 7, 15),
            module_titles=[
                {"code": f"KH{n}", "title": (title * 3)[:200], "periods": 10} for n in range(1, 7)
            ],
        )
        pdf = render_pdf(certificate)
        assert len(read(pdf).pages) == 1
        assert squeezed((title * 3)[:200]) in squeezed(read(pdf).pages[0].extract_text())

    def test_carries_its_fonts(self):
        reader = read(render_pdf(make_certificate()))
        fonts = reader.pages[0]["/Resources"]["/Font"].values()
        assert len(fonts) >= 3
        for font in fonts:
            (descendant,) = font.get_object()["/DescendantFonts"]
            assert "BeVietnamPro" in descendant.get_object()["/BaseFont"]
            assert "/FontFile2" in descendant.get_object()["/FontDescriptor"].get_object()

    def test_is_fit_for_the_archive_and_tagged_for_screen_readers(self):
        reader = read(render_pdf(make_certificate()))
        metadata = reader.xmp_metadata.stream.get_data().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in metadata
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert reader.trailer["/Root"]["/Lang"].startswith("vi")

    def test_is_the_same_file_every_time(self):
        certificate = make_certificate()
        assert render_pdf(certificate) == render_pdf(certificate)

    def test_is_not_set_in_another_font_when_ours_is_missing(self, settings, tmp_path):
        settings.CERTIFICATE_FONTS = tmp_path
        with pytest.raises(FontsMissingError):
            render_pdf(make_certificate())


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 4, 5), "ngày 05 tháng 4 năm 2026"),
        (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
    ],
)
def test_dates_in_words_are_zeroed_as_the_decree_has_it(day, words):
    assert in_words(day) == words
