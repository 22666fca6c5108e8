"""A module as small as the format allows, with one question of each kind, for tests to break."""

SMALL_MODULE = """\
# KH9. Chuyên đề thử

**Mô tả:** Một chuyên đề ngắn.
**Kết quả mong đợi:** nêu được một; làm được hai.
**Lưu ý y tế:** kiến thức chung.

## KH9-B1. Bài thứ nhất

**Mục tiêu:** nêu ý chính; vận dụng ở lớp.

**Mở bài:** Việc này quan trọng với lớp.

**Nội dung chính**
- Một ý có **chữ đậm** và *chữ nghiêng*:
  1. ý con một;
  2. ý con hai.
- Ý sau.
| Cấp | Cách dạy |
|---|---|
| Mầm non | Bài hát |

**Tình huống (mầm non):** Bé An khóc ở cổng trường.
**Gợi ý xử lý:** Ngồi xuống ngang tầm bé.

**Thực hành:** Ghi lại một việc đã làm.

**Ghi nhớ:**
- Bình tĩnh.
- Lắng nghe.

## KH9 – Ngân hàng câu hỏi

#### KH9-C01 · Một lựa chọn
**Hỏi:** Bao nhiêu tuổi?
- A. Dưới 14 tuổi
- B. Dưới 15 tuổi
- C. Dưới 16 tuổi
- D. Dưới 18 tuổi
**Đáp án:** C
**Phản hồi:** Dưới 16 tuổi.
**Nguồn:** LTE Điều 1; CM
**Độ khó:** dễ

#### KH9-C02 · Tình huống (nhiều lựa chọn)
**Tình huống:** Em Bình kể bị trêu chọc.
**Hỏi:** Việc nào nên làm?
- A. Lắng nghe
- B. Cười trừ
- C. Ghi lại
- D. Bỏ qua
- E. Báo tin
**Đáp án:** A, C, E
**Phản hồi:** Ba việc ấy giữ an toàn cho em.
**Nguồn:** CM
**Độ khó:** vừa

#### KH9-C03 · Đúng/Sai
**Hỏi:** Trái đất tròn.
**Đáp án:** Đúng
**Phản hồi:** Đã được chứng minh.
**Nguồn:** CM
**Độ khó:** dễ

#### KH9-C04 · Ghép đôi
**Hỏi:** Ghép quyền với điều luật.
- 1. Quyền học tập
- 2. Quyền riêng tư
- a. Điều 21
- b. Điều 16
**Đáp án:** 1-b; 2-a
**Phản hồi:** Hai điều hay dùng.
**Nguồn:** LTE Điều 16, 21
**Độ khó:** khó

#### KH9-C05 · Sắp xếp
**Hỏi:** Sắp xếp các bước.
- A. Báo tin
- B. Lắng nghe
- C. Ghi lại
**Đáp án:** B, C, A
**Phản hồi:** Nghe trước đã.
**Nguồn:** CM
**Độ khó:** vừa

#### KH9-C06 · Trả lời ngắn
**Hỏi:** Số tổng đài?
**Đáp án:** 111 | số 111
**Phản hồi:** Gọi miễn phí.
**Nguồn:** CM
**Độ khó:** dễ
"""

SMALL_COURSE = """\
code = "THU"
title = "Khóa thử"
summary = "Một khóa ngắn."
effective_from = 2026-05-04
reviewed_on = 2026-11-01
required_from = 2016-01-01

[[modules]]
code = "KH9"
file = "kh9.md"
periods = 10
pass_mark_tenths = 50
attempt_limit = 3
required = [{ groups = ["teacher"], kinds = ["primary"] }, { positions = ["health_staff"] }]

[abbreviations]
"LTE" = "Luật Trẻ em 2016"

[[legal_bases]]
abbreviation = "LTE"
document = "Luật Trẻ em số 102/2016/QH13"
dates = "05/4/2016"
names = ["Luật Trẻ em"]
"""
