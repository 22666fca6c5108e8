"""The catalogue of indicators: what each figure of the system means, for people and for machines.

Sources are the inter-sector plan and the targets; see docs/adr for what the plan leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.contract import BREAKDOWNS

PLAN = _("Kế hoạch liên ngành, mục I.2.c")


@dataclass(frozen=True, slots=True)
class Indicator:
    """`disaggregation` are the axes of `by`; `endpoint` is where the API answers it."""

    code: str
    name: Any
    definition: Any
    formula: Any
    source: Any
    unit_of_measure: Any
    disaggregation: tuple[str, ...]
    endpoint: str


INDICATORS = [
    Indicator(
        code="BP-01",
        name=_("Số người thuộc chỉ tiêu"),
        definition=_(
            "Người có nơi công tác chính, vào ngày tính, ở một đơn vị thuộc chỉ tiêu và thuộc nhóm "
            "nhân sự của chỉ tiêu, trừ loại đơn vị và trạng thái mà chỉ tiêu loại ra. Mỗi người "
            "tính một lần, theo mã nhân sự."
        ),
        formula=_("Đếm số người"),
        source=PLAN,
        unit_of_measure=_("người"),
        disaggregation=BREAKDOWNS,
        endpoint="/api/coverage: required",
    ),
    Indicator(
        code="BP-02",
        name=_("Số người đã được bồi dưỡng"),
        definition=_(
            "Trong số BP-01, người có ít nhất một giấy chứng nhận của khóa được tính, hoàn thành "
            "trong thời gian của chỉ tiêu, còn giá trị và chưa bị thu hồi vào ngày tính; kể cả bồi "
            "dưỡng trực tiếp đã ghi vào hệ thống."
        ),
        formula=_("Đếm số người"),
        source=PLAN,
        unit_of_measure=_("người"),
        disaggregation=BREAKDOWNS,
        endpoint="/api/coverage: complete",
    ),
    Indicator(
        code="BP-03",
        name=_("Tỷ lệ bao phủ"),
        definition=_(
            "Phần của BP-01 đã được bồi dưỡng. Không có ai thuộc chỉ tiêu thì không có tỷ lệ. Khi "
            "hiển thị thì làm tròn xuống đến một chữ số thập phân."
        ),
        formula=_("BP-02 ÷ BP-01"),
        source=_("Kế hoạch liên ngành, mục I.2.c: 80% vào năm 2017, 95% vào năm 2020"),
        unit_of_measure="%",
        disaggregation=BREAKDOWNS,
        endpoint="/api/coverage: ratio",
    ),
    Indicator(
        code="BP-04",
        name=_("Tỷ lệ bao phủ, cách tính chặt"),
        definition=_(
            "Như BP-03, nhưng giấy chứng nhận phải gồm mọi chuyên đề bắt buộc với người ấy vào "
            "ngày tính. Chỉ dành cho bên được thấy cả số nhỏ."
        ),
        formula=_("Số người đủ mọi chuyên đề bắt buộc ÷ BP-01"),
        source=_("Kế hoạch liên ngành, mục I.2.c, hiểu là cả chương trình"),
        unit_of_measure="%",
        disaggregation=BREAKDOWNS,
        endpoint="/api/coverage?strict=true",
    ),
    Indicator(
        code="DB-01",
        name=_("Tiến độ của đợt bồi dưỡng"),
        definition=_(
            "Số người thuộc đối tượng của đợt, hoặc đã học trong đợt, theo tình trạng hôm nay: đã "
            "hoàn thành, chờ bài kiểm tra, đang học, hết lượt làm bài, chưa học, quá hạn, không có "
            "việc bắt buộc. Mỗi người ở đúng một tình trạng."
        ),
        formula=_("Đếm số người theo tình trạng"),
        source=_("Kế hoạch liên ngành, mục III.1.2: theo dõi, đôn đốc"),
        unit_of_measure=_("người"),
        disaggregation=("stage",),
        endpoint="/api/runs/{code}/progress",
    ),
]
