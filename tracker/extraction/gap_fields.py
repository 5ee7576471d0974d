"""Words of a body's own field, by the laws and decrees that set out the tasks of provincial bodies.

A lost heading is concluded from them. Only words that another body's duties would hardly use stand here: what many
share ("tuyên truyền", "kinh phí") tells nobody apart.
"""

from __future__ import annotations

#: As fold keys, apart from each other by commas.
_WORDS = {
    "Sở Y tế": (
        "can bo y te, co so y te, tram y te, nhan vien y te, xac dinh tinh trang nghien, methadone, thuoc gay "
        "nghien, thuoc huong than, duoc chat, kham benh, kham chua benh, benh vien, nha thuoc, y si, bac si, "
        "trung tam y te, hanh nghe y, duoc tu nhan, benh tam than, nguoi benh, tiem chung, dich benh, phong "
        "benh, suc khoe nhan dan, kham suc khoe, cap cuu, ngo doc thuc pham, dan so, bao tro xa hoi, tro giup "
        "xa hoi"
    ),
    "Sở Giáo dục và Đào tạo": (
        "co so giao duc, nha truong, hoc sinh, giao vien, so giao duc va dao tao, hoc duong, nam hoc, phu "
        "huynh, truong hoc, chuong trinh giang day, ngoai khoa, mam non, pho thong, sinh vien, giao duc "
        "thuong xuyen"
    ),
    "Sở Nông nghiệp và Môi trường": (
        "thuoc thu y, bao ve thuc vat, kiem lam, cay trong, nuong ray, chan nuoi, trong trot, khuyen nong, "
        "thuy loi, de dieu, thuy san, tau ca, lam san, nong thon moi, giam ngheo, dat dai, chat thai, khoang "
        "san, tai nguyen nuoc, o nhiem moi truong, quan trac"
    ),
    "Sở Công Thương": (
        "hoa chat cong nghiep, quan ly thi truong, thuong mai dien tu, xang dau, xuat nhap khau, cum cong "
        "nghiep, hang gia, gian lan thuong mai, binh on thi truong, khuyen cong, sieu thi, an toan dien, tien "
        "chat cong nghiep"
    ),
    "Sở Tài chính": (
        "du toan, thanh quyet toan, bo tri kinh phi, ngan sach nha nuoc, can doi ngan sach tinh, von dau tu, "
        "dau tu cong, dang ky kinh doanh, dau thau, tai san cong, giai ngan"
    ),
    "Sở Nội vụ": (
        "thi dua, khen thuong, giao dich viec lam, nguoi lao dong, giao duc nghe nghiep, cai cach hanh chinh, "
        "can bo cong chuc, bien che, tien luong, nguoi co cong, an toan lao dong, xuat khau lao dong, vi tri "
        "viec lam, thanh nien xung phong, van thu luu tru"
    ),
    "Sở Tư pháp": (
        "tro giup phap ly, hoa giai, van ban quy pham phap luat, pho bien giao duc phap luat, tu phap, ho "
        "tich, cong chung, ly lich tu phap, giam dinh tu phap, bao cao vien phap luat, tham dinh van ban"
    ),
    "Sở Khoa học và Công nghệ": (
        "doanh nghiep vien thong, thue bao, vien thong, ha tang so, buu chinh, chuyen doi so, an toan thong "
        "tin mang, so huu tri tue, do luong, doi moi sang tao, tin nhan, nen tang so, cong nghe thong tin"
    ),
    "Sở Văn hóa, Thể thao và Du lịch": (
        "le hoi, the thao, du lich, karaoke, vu truong, di tich, nha van hoa, gia dinh van hoa, thu vien, co "
        "quan bao chi, pano, ap phich, thong tin co so, bieu dien nghe thuat, khach san"
    ),
    "Sở Xây dựng": (
        "lai xe, ben xe, van tai, duong thuy, cong truong, quy hoach do thi, cong trinh xay dung, nha o xa "
        "hoi, ket cau ha tang giao thong, dang kiem, sat hach, cap phep xay dung, duong bo"
    ),
    "Sở Dân tộc và Tôn giáo": (
        "gia lang, chuc sac, ton giao, dong bao dan toc, nguoi co uy tin, dan toc thieu so, tin do, co so tho tu"
    ),
    "Sở Ngoại vụ": ("doi ngoai, hop tac quoc te, nguoi nuoc ngoai, lanh su, kieu bao"),
    "Viện kiểm sát nhân dân tỉnh": ("kiem sat viec, quyen cong to, kiem sat dieu tra, kiem sat xet xu, kiem sat vien"),
    "Tòa án nhân dân tỉnh": ("dua ra xet xu, phien toa, xet xu luu dong, tham phan, hoi tham"),
    "Bộ Chỉ huy Quân sự tỉnh": (
        "dan quan tu ve, quan nhan, xuat ngu, luc luong thuong truc, nghia vu quan su, don vi quan doi"
    ),
    "Bộ Chỉ huy Bộ đội Biên phòng tỉnh": (
        "khu vuc bien gioi, cua khau, don bien phong, duong bien, ngoai bien, vung bien"
    ),
    "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh": (
        "doan vien hoi vien, to chuc thanh vien, giam sat phan bien, khu dan cu, phan bien xa hoi, toan dan doan ket"
    ),
    "Tỉnh đoàn": ("doan vien thanh nien, thanh thieu nien, thanh nien xung kich, co so doan, cau lac bo thanh nien"),
    "UBND các xã, phường": (
        "ngan sach cua dia phuong, ngan sach dia phuong, tai dia phuong, cua dia phuong, cong an xa, ubnd cap "
        "tinh, trinh ubnd, tren cac dia ban xa, don vi thuong truc, to dan pho, chu tich ubnd cac xa, chu "
        "tich ubnd xa, tren dia ban quan ly, truoc ubnd tinh, gui ve cong an tinh, luc luong tham gia bao ve, "
        "he thong chinh tri o co so, thanh vien ubnd, chiu trach nhiem toan dien, truong cong an xa"
    ),
}
FIELDS: dict[str, tuple[str, ...]] = {body: tuple(words.split(", ")) for body, words in _WORDS.items()}
