"""The wordings by which a saved page's document is told from what stands round it."""

from __future__ import annotations

import re
import unicodedata

from tracker.reading.official import ANNEX, KINDS, MOTTO, RECIPIENTS


def _any(*wordings: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(wordings) + ")", flags)


#: What only the document itself has: motto, number, title, the list of recipients, the signature, an annex.
_STRONG = _any(
    rf"(?:.{{0,60}}\| )?{MOTTO} CHỦ NGHĨA",
    r"(?:.{0,60}\| )?Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc",
    r"(?:Số\s*:?\s*)?\d+\s*/(?:KH|QĐ|CT|CTr|NQ|BC|TB|ĐA|PA|CV)-[A-ZĐ]+\s*(?:\||$)",
    RECIPIENTS,
    r"(?:TM|KT|TL|TUQ)\. ?[A-ZĐỦ]",
    rf"(?:{KINDS}|{ANNEX})\b[^a-zà-ỹ]*$",
    flags=0,
)
_NUMBERED = _any(
    r"(?:[IVX]{1,5}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2}){0,3})[.)/]\s+\S",
    r"[a-zđ]\)\s+\S",
    r"[-–+•]\s*\S.{20}",
    r"Điều \d+\.",
    r"Căn cứ ",
    flags=0,
)
#: So much of a line shows its form.
_SHOWN = 400


def is_strong(text: str) -> bool:
    """Tell whether only the document itself has such a line."""
    return _STRONG.match(unicodedata.normalize("NFC", text[:_SHOWN])) is not None


def is_numbered(text: str) -> bool:
    """Tell whether a line begins as provisions do."""
    return _NUMBERED.match(unicodedata.normalize("NFC", text[:_SHOWN])) is not None


#: Helps for those who can't type or see, as whole lines.
VOICE = _any(
    r"nhấn (?:và|giữ để|để) nói.{0,60}",
    r"(?:bắt đầu |đang )?(?:tìm kiếm|tìm|nghe|nhập(?: liệu)?)(?: bài viết| văn bản)? (?:bằng )?giọng nói.{0,40}",
    r".{0,60}trình duyệt.{0,40}(?:không|chưa) hỗ trợ.{0,60}giọng nói.{0,40}",
    r"(?:nghe |đọc )?giọng (?:đọc )?(?:nam|nữ)(?: miền (?:bắc|trung|nam))?",
    r"(?:nghe|đọc) (?:bài viết|bài|nội dung)",
    r"(?:đang lắng nghe|hãy nói gì đó|mời bạn nói).{0,20}",
)
#: Words on buttons and in menus, as whole lines.
BUTTON = _any(
    r"trang (?:chủ|nhất)",
    r"đăng (?:nhập|xuất|ký)(?: / đăng (?:nhập|ký))?",
    r"quên mật khẩu\??",
    r"chia sẻ(?: (?:bài viết|facebook|zalo|lên .{0,20}))?",
    r"in (?:trang|bài viết|văn bản|bài)(?: này)?",
    r"gửi (?:email|mail|bình luận|ý kiến)",
    r"bình luận|thích|xem thêm|menu|rss|print|share|english|中文|facebook|zalo|twitter|youtube",
    r"tải (?:về|xuống|văn bản)",
    r"(?:về|lên) đầu trang",
    r"quay lại|trở về|liên hệ|giới thiệu|tìm kiếm(?: nâng cao)?",
    r"cỡ chữ.{0,10}|a[+-]",
    r"(?:số )?lượt (?:xem|truy cập|đọc)\s*:?\s*[\d.,]*",
    r"sơ đồ (?:trang|cổng|site)",
)
#: Headings of what follows a document on its page.
AFTER = _any(
    r"(?:các |những )?(?:tin|bài|văn bản|tài liệu)(?: tức| viết)? (?:liên quan|khác|cùng (?:chuyên mục|lĩnh vực|loại))",
    r"(?:các |những )?(?:tin|bài|văn bản)(?: tức| viết)? (?:mới(?: nhất| hơn)?|cũ hơn|đọc nhiều|xem nhiều)",
    r"(?:ý kiến )?bình luận(?: \(\d+\)|: ?\d*)?",
    r"ý kiến (?:bạn đọc|của bạn|phản hồi)(?: \(\d+\))?",
    r"có thể bạn quan tâm",
    r"(?:tags?|từ khóa)\s*:.{0,200}",
    r"đánh giá bài viết.{0,30}",
)
#: Parts that a page names as its furniture, in class, id or role.
NAMED_FURNITURE = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|menu|breadcrumbs?|sidebar|footer|comments?|binh-?luan|share|sharing|social|related"
    r"|lien-?quan|log-?in|dang-?nhap|searchbox|search|toolbar|pagination|pager|banner|ads?|advert\w*|popup|modal"
    r"|cookies?|top-?bar|skip-?link)(?:$|[-_ ])",
    re.IGNORECASE,
)
