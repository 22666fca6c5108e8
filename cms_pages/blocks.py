"""What a lesson is made of. Each block has a small template of its own in `blocks/`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms_pages.richtext import INLINE, TEXT

CONTENT = _("Nội dung")
PRACTICE = _("Tình huống và thực hành")
LAW = _("Pháp luật và an toàn")

LEVELS = [
    ("preschool", _("mầm non")),
    ("primary", _("tiểu học")),
    ("lower_secondary", _("THCS")),
    ("social_facility", _("cơ sở bảo trợ")),
    ("manager", _("cán bộ quản lý")),
]


def inline(label: object, **options: object) -> blocks.RichTextBlock:
    """A few lines with bold, italic and links."""
    return blocks.RichTextBlock(label=label, features=INLINE, **options)


class ParagraphBlock(blocks.RichTextBlock):
    def __init__(self, **options: object) -> None:
        super().__init__(**{"features": TEXT, **options})

    class Meta:
        label = _("Đoạn văn")
        description = _("Văn bản thường, có thể có tiểu mục và danh sách đơn giản.")
        icon = "pilcrow"
        group = CONTENT
        template = "cms_pages/blocks/paragraph.html"
        preview_value = "<p>Trẻ em là người <b>dưới 16 tuổi</b>.</p>"


class BulletBlock(blocks.StructBlock):
    text = inline(_("ý"))
    items = blocks.ListBlock(inline(_("ý nhỏ")), label=_("các ý nhỏ, đánh số"), default=[])

    class Meta:
        label = _("ý")


class BulletsBlock(blocks.ListBlock):
    def __init__(self, child_block: object = BulletBlock, **options: object) -> None:
        super().__init__(child_block, **options)

    class Meta:
        label = _("Danh sách ý")
        description = _("Các ý chính; mỗi ý có thể có vài ý nhỏ được đánh số.")
        icon = "list-ul"
        group = CONTENT
        template = "cms_pages/blocks/bullets.html"
        preview_value = [
            {"text": "<p>Bốn nhóm quyền:</p>", "items": ["<p>sống còn</p>", "<p>bảo vệ</p>"]}
        ]


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("tên bảng"), required=False)
    header = blocks.ListBlock(blocks.CharBlock(label=_("ô")), label=_("hàng tiêu đề"))
    rows = blocks.ListBlock(blocks.ListBlock(inline(_("ô")), label=_("hàng")), label=_("các hàng"))

    class Meta:
        label = _("Bảng")
        description = _("Bảng nhỏ: số ô mỗi hàng bằng số ô của hàng tiêu đề.")
        icon = "table"
        group = CONTENT
        template = "cms_pages/blocks/table.html"
        preview_value = {
            "caption": "",
            "header": ["Cấp học", "Cách dạy"],
            "rows": [["<p>Tiểu học</p>", "<p>Trò chơi</p>"]],
        }


class KeyPointsBlock(blocks.ListBlock):
    def __init__(self, child_block: object = None, **options: object) -> None:
        super().__init__(child_block or inline(_("điểm")), **options)

    class Meta:
        label = _("Điểm cần nhớ")
        description = _("Hai, ba điều quan trọng nhất của phần vừa đọc.")
        icon = "pin"
        group = CONTENT
        template = "cms_pages/blocks/key_points.html"
        preview_value = ["<p>Nghi ngờ hợp lý là báo.</p>", "<p>Không hứa giữ bí mật.</p>"]


class CaseBlock(blocks.StructBlock):
    level = blocks.ChoiceBlock(choices=LEVELS, label=_("nơi xảy ra"))
    text = inline(_("tình huống"))
    question = blocks.CharBlock(
        label=_("câu hỏi"), default="Nếu ở trong tình huống này, nên làm gì trước tiên?"
    )
    handling = inline(_("gợi ý xử lý"), help_text=_("Ẩn cho tới khi người đọc mở ra."))

    class Meta:
        label = _("Tình huống")
        description = _("Kể một việc, hỏi người đọc sẽ làm gì, rồi mới mở gợi ý xử lý.")
        icon = "help"
        group = PRACTICE
        template = "cms_pages/blocks/case.html"
        preview_value = {
            "level": "primary",
            "text": "<p>Giờ ra chơi, một em ngồi khóc một mình.</p>",
            "question": "Nên làm gì trước tiên?",
            "handling": "<p>Ngồi cạnh em, lắng nghe.</p>",
        }


class PracticeBlock(blocks.RichTextBlock):
    def __init__(self, **options: object) -> None:
        super().__init__(**{"features": TEXT, **options})

    class Meta:
        label = _("Thực hành")
        description = _("Một việc làm thử ngay ở lớp, ở trường.")
        icon = "edit"
        group = PRACTICE
        template = "cms_pages/blocks/practice.html"
        preview_value = "<p>Viết lại ba câu nhận xét thành mô tả khách quan.</p>"


class SideNoteBlock(blocks.StructBlock):
    text = inline(_("nội dung"))
    source = blocks.CharBlock(
        label=_("căn cứ"), help_text=_("Văn bản, điều, khoản: “Luật Trẻ em 2016, Điều 51”.")
    )

    class Meta:
        label = _("Ghi chú pháp luật")
        description = _("Quy định được nhắc đến, đứng bên lề cùng căn cứ.")
        icon = "doc-full"
        group = LAW
        template = "cms_pages/blocks/side_note.html"
        preview_value = {
            "text": "<p>Mọi người có trách nhiệm báo tin.</p>",
            "source": "Luật Trẻ em 2016, Điều 51",
        }


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        choices=[("info", _("lưu ý")), ("good", _("nên làm")), ("bad", _("không làm"))],
        default="info",
        label=_("kiểu"),
    )
    text = inline(_("nội dung"))

    class Meta:
        label = _("Điều cần chú ý")
        description = _("Một câu không được bỏ qua.")
        icon = "warning"
        group = LAW
        template = "cms_pages/blocks/callout.html"
        preview_value = {"tone": "bad", "text": "<p>Không chụp ảnh cơ thể trẻ.</p>"}


class HotlineBlock(blocks.StaticBlock):
    class Meta:
        label = _("Tổng đài 111")
        description = _("Số gọi khi trẻ gặp nguy hiểm; bấm là gọi.")
        icon = "mobile-alt"
        group = LAW
        admin_text = _("Hiện số 111 và 113.")
        template = "cms_pages/blocks/hotline.html"


class LegalBasisBlock(blocks.StructBlock):
    document = blocks.CharBlock(label=_("văn bản"))
    abbreviation = blocks.CharBlock(label=_("viết tắt"), required=False)
    about = blocks.CharBlock(label=_("về việc gì"), required=False)
    dates = blocks.CharBlock(label=_("ngày ban hành, hiệu lực"), required=False)

    class Meta:
        label = _("Căn cứ")
        icon = "doc-full"
        template = "cms_pages/blocks/legal_basis.html"


LESSON_BLOCKS = [
    ("paragraph", ParagraphBlock()),
    ("bullets", BulletsBlock()),
    ("table", TableBlock()),
    ("key_points", KeyPointsBlock()),
    ("case", CaseBlock()),
    ("practice", PracticeBlock()),
    ("side_note", SideNoteBlock()),
    ("callout", CalloutBlock()),
    ("hotline", HotlineBlock()),
]
