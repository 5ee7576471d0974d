"""A law site's page as a browser saves it: menus, log-in, helps, a document, related links, comments. All invented."""

from __future__ import annotations

HEAD_TABLE = """
<table width="100%"><tbody><tr>
<td><p align="center"><b>ỦY BAN NHÂN DÂN<br/>TỈNH HÀ DƯƠNG<br/></b>-------</p></td>
<td><p align="center"><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br/>Độc lập - Tự do - Hạnh phúc<br/>
</b>---------------</p></td>
</tr><tr><td><p>Số: 88/KH-UBND</p></td><td><p><i>Hà Dương, ngày 03 tháng 02 năm 2026</i></p></td></tr></tbody></table>
"""

DOCUMENT = (
    HEAD_TABLE
    + """
<p align="center"><a name="loai_1"><b>KẾ HO</b></a><b>ẠCH</b></p>
<p align="center"><a name="ten">BẢO VỆ NGUỒN NƯỚC NĂM 2026</a></p>
<p>Căn cứ <a href="/van-ban/luat-nuoc">Luật Tài nguyên nước</a>;</p>
<p><b>I. MỤC ĐÍCH</b></p>
<p>1. Giữ sạch các hồ chứa&nbsp;cấp nước cho 12&nbsp;xã<sup><a href="#ghi-chu-1">1</a></sup>.</p>
<p><b>II. PHÂN CÔNG</b></p>
<p>1. Sở Nông nghiệp và Môi trường</p>
<ul><li>Khoanh vùng bảo vệ các hồ trước ngày 31/5/2026.</li><li>- Lấy mẫu nước hằng tháng.</li></ul>
<table border="1"><tr><th>TT</th><th>Nhiệm vụ</th><th>Chủ trì</th><th>Thời hạn</th></tr>
<tr><td>1</td><td>Cắm mốc</td><td rowspan="2">Sở Xây dựng</td><td>30/6</td></tr>
<tr><td>2</td><td><p>Rà soát</p><p>giấy phép</p></td><td>30/9</td></tr></table>
<p>Trên đây là Kế hoạch bảo vệ nguồn nước, đề nghị các cơ quan thực hiện./.</p>
<table><tr><td><p><b>Nơi nhận:</b><br/>- Như mục II;<br/>- Lưu: VT.</p></td>
<td><p><b>TM. ỦY BAN NHÂN DÂN<br/>CHỦ TỊCH<br/><br/>Lê Văn Thử</b></p></td></tr></table>
<p><a name="ghi-chu-1"></a>[1] Gồm các xã ven hồ.</p>
"""
)

#: What a reader sees of the document.
LINES = [
    "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "TỈNH HÀ DƯƠNG | Độc lập - Tự do - Hạnh phúc",
    "------- | ---------------",
    "Số: 88/KH-UBND | Hà Dương, ngày 03 tháng 02 năm 2026",
    "KẾ HOẠCH",
    "BẢO VỆ NGUỒN NƯỚC NĂM 2026",
    "Căn cứ Luật Tài nguyên nước;",
    "I. MỤC ĐÍCH",
    "1. Giữ sạch các hồ chứa cấp nước cho 12 xã[1].",
    "II. PHÂN CÔNG",
    "1. Sở Nông nghiệp và Môi trường",
    "- Khoanh vùng bảo vệ các hồ trước ngày 31/5/2026.",
    "- Lấy mẫu nước hằng tháng.",
    "TT | Nhiệm vụ | Chủ trì | Thời hạn",
    "1 | Cắm mốc | Sở Xây dựng | 30/6",
    "2 | Rà soát giấy phép | Sở Xây dựng | 30/9",
    "Trên đây là Kế hoạch bảo vệ nguồn nước, đề nghị các cơ quan thực hiện./.",
    "Nơi nhận:",
    "- Như mục II;",
    "- Lưu: VT.",
    "TM. ỦY BAN NHÂN DÂN",
    "CHỦ TỊCH",
    "Lê Văn Thử",
    "[1] Gồm các xã ven hồ.",
]

_MENU = """
<ul class="sf-menu"><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin tức</a></li>
<li><a href="/vb">Văn bản</a><ul><li><a href="/vb/kh">Kế hoạch</a></li>
<li><a href="/vb/qd">Quyết định</a></li></ul></li></ul>
"""
_SEARCH = """
<div id="timkiem"><input type="text" placeholder="Nhập từ khóa"/><input type="hidden" value="bí danh"/>
<button>Tìm</button><span class="mic">Nhấn và nói</span><p>Tìm kiếm bằng giọng nói</p></div>
"""
_AFTER = """
<div class="khac"><h3>Văn bản liên quan</h3><ul><li><a href="/1">Kế hoạch 12/KH-UBND trồng cây</a></li>
<li><a href="/2">Quyết định 40/QĐ-UBND về rừng</a></li></ul></div>
<div><h3>Bình luận (2)</h3><div><b>Người đọc một</b><p>Kế hoạch nêu rất rõ việc của từng sở, mong sớm có báo cáo để
người dân các xã ven hồ được biết và cùng giám sát.</p></div><div><b>Người đọc hai</b><p>1. Tôi đồng ý.</p></div></div>
"""


def page(document: str = DOCUMENT, *, layout: str = "div") -> str:
    """Give a whole page round a document, laid out with boxes or, as older portals are, with one large table."""
    boxes = f"""<div class="wrap"><div class="left">{_MENU}</div><div class="center">
<div class="chia-se"><a href="/f">Facebook</a> <a href="/z">Zalo</a></div><div class="vb">{document}</div>{_AFTER}</div>
</div>"""
    one_table = f"""<table><tr><td>{_MENU}</td><td>{document}{_AFTER}</td>
<td><p>Liên kết</p><p><a href="/x">Cổng tỉnh</a></p></td></tr></table>"""
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"/><title>Kế hoạch 88</title>
<style>.an{{display:none}} @media print{{.vb{{display:none}}}}</style>
<script>document.write("<p>quảng cáo</p>")</script></head><body><form id="form1">
<div class="breadcrumb"><a href="/">Trang chủ</a> » <a href="/vb">Văn bản</a> » Kế hoạch 88</div>
<div class="login">Đăng nhập <a href="/q">Quên mật khẩu?</a></div>{_SEARCH}<div class="an">Chỉ cho thành viên</div>
{boxes if layout == "div" else one_table}
<footer>Bản quyền thuộc về Cổng thông tin Hà Dương</footer></form></body></html>"""
