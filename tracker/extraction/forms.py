"""The forms of names of the Vietnamese state's bodies: tables of patterns by the first word of the name.

They are those of the laws on the organisation of local government, before and after the mergers of 2025, of the party's
and the mass organisations' statutes; an abbreviation stands beside the full name. `names` reads with them.
"""

from __future__ import annotations

import re

from tracker.extraction.fields import KNOWN_FIELD, SHORT_FIELD
from tracker.extraction.letters import CAPITALISED, UPPER, words


def _blanks(pattern: str) -> str:
    """Let a name be broken over two lines."""
    return pattern.replace(" ?", r"\s{0,2}").replace(" ", r"\s{1,2}")


_PLACE = rf"{CAPITALISED}(?:(?: | ?- ?){CAPITALISED}){{0,3}}"
#: Behind a body directly ("Cục Thống kê Hà Dương"): one word alone may begin another name ("Chi nhánh").
_BARE_PLACE = (
    r"(?-i:(?!(?:Sở|Bộ|Ban|Ủy|UBND|Hội|Chi|Phòng|Trung|Văn|Chủ|Phối|Cục|Vụ|Đảng|Đoàn)(?!\w))"
    rf"(?:{CAPITALISED}(?:(?:\x20| ?- ?){CAPITALISED}){{1,3}}|{CAPITALISED}(?! [^\W\d_A-ZĐ])))"
)
_AREA = (
    r"(?:tỉnh|huyện|quận|thị xã|thành phố|TP\.?|TX\.?|xã(?! hội)|phường|thị trấn|đặc khu|thôn(?! mới)|bản(?! đồ"
    r"| án| tin)|ấp|khóm|buôn|làng(?! nghề)|xóm|khu phố"
    r"|tổ dân phố|khu dân cư)(?!\w| (?:đoàn|ủy)(?!\w))"
)
_WHOSE = (
    r"(?: (?:biên giới|ven biển|miền núi|vùng cao|hải đảo|trọng điểm|giáp ranh|lân cận|có (?:rừng|biển|dịch|đê"
    r"|biên giới)|(?:có )?liên quan|trong danh sách|trực thuộc (?:trung ương|tỉnh)|còn lại"
    r"|thuộc tỉnh|trong (?:toàn )?tỉnh|của tỉnh|mới))?"
)
_WHERE = (
    rf"(?: (?:đóng |đứng chân )?(?:trên|tại) địa bàn"
    rf"(?: (?:toàn )?(?i:{_AREA})(?: (?-i:{_PLACE})|(?:, (?i:{_AREA})){{0,2}})?)?"
    r"|(?: |, )ở địa phương)?"
)
_AREAS = (
    rf"(?:(?:các|mỗi|từng|\d{{1,3}}) )?{_AREA}(?: (?-i:{_PLACE}))?"
    rf"(?:(?:,? và (?:các )?|, ?(?:các )?| ?- ?|/){_AREA}(?: (?-i:{_PLACE}))?){{0,5}}"
)
_TIER = r"(?:tỉnh|huyện|xã|cơ sở|trung ương|thành phố|quận|phường|thôn|sở|bộ|ngành)"
#: At which tier, or where, a body stands that exists at several.
_LEVEL = (
    rf"(?: (?i:cùng cấp|(?:các|hai|ba|02|03|2|3) cấp(?: trên)?|cấp (?:trên|dưới|{_TIER})(?:(?:, ?| và "
    rf"|/)(?:cấp )?{_TIER}\b)*"
    rf"|địa phương|cơ sở|Trung ương|(?:các )?khu vực(?: (?-i:[IVX]+|\d+)(?!\w))?(?: ?- ?(?-i:{_PLACE}))?|tối cao"
    rf"|cấp cao"
    rf"|{_AREAS}{_WHOSE})(?!\w){_WHERE})"
)
_POSTS = (
    r"(?:phó )?chủ tịch|(?:phó )?(?:tổng )?giám đốc|thủ trưởng|(?:các )?lãnh đạo|người đứng đầu|chánh án|chánh"
    r"|(?:phó )?chủ nhiệm|(?:phó )?bí thư|bộ trưởng|viện trưởng|hiệu trưởng|tổng biên tập|chỉ huy trưởng"
    r"|(?:phó )?(?:cục|chi cục|tổng cục|vụ) trưởng|đội trưởng|đồn trưởng|trạm trưởng|trưởng(?= (?:ban|phòng"
    r"|công an|các|đài|đoàn"
    r"|thôn|bản|khu|trạm|chi|tiểu))|tư lệnh|thường trực|thành viên|trưởng ban(?= (?:ban|chỉ))|cấp ủy, (?:chỉ huy"
    r"|lãnh đạo)"
    r"|tập thể lãnh đạo|ban giám đốc|ban giám hiệu|ban lãnh đạo"
)
#: The head of a body stands for it: "Giám đốc Sở Y tế", "Trưởng ban Ban Quản lý …".
POST = re.compile(_blanks(rf"(?i:(?:các )?(?:{_POSTS})(?:(?:,| và) (?:{_POSTS}))?) (?=\S)"))

_COMMITTEE = r"(?:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân)"
_ARMY = r"(?:Quân sự|QS|Bộ đội Biên phòng|BĐBP|Biên phòng|Phòng thủ (?:dân sự|khu vực)(?: -? ?[^\W_]+)?)"
_ORGANISATION = (
    r"(?:(?:Liên hiệp|LH) ?(?:phụ nữ|PN|thanh niên|TN)|LHPN|LHTN|phụ nữ|nông dân|cựu chiến binh|CCB|chữ thập đỏ|CTĐ"
    r"|luật gia|(?:đại diện )?người cao tuổi|NCT|cựu giáo chức|cựu thanh niên xung phong|khuyến học|sinh viên"
    r"|người mù"
    r"|nhà báo|đông y|làm vườn|sinh vật cảnh|bảo vệ quyền (?:lợi )?(?:trẻ em|người tiêu dùng)|thanh niên)"
)
_OFFICE_OF = (
    r"(?:(?:Đoàn (?:ĐBQH|đại biểu Quốc hội)|HĐND|Hội đồng nhân dân|UBND|Ủy ban nhân dân|Thường trực)(?:,| và"
    r"| -)? )*"
    r"(?:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân|Tỉnh ủy|Thành ủy|Huyện ủy|Quận ủy|Thị ủy|Đảng ủy|Sở|Chính phủ"
    r"|Quốc hội|Trung ương Đảng|Bộ)"
)
#: What a force of the police is for.
_BRANCH = (
    r"(?i:giao thông(?: đường thủy)?|PCCC(?: ?(?:và|&) ?CNCH)?|phòng cháy(?:,| và)? chữa cháy(?: và cứu nạn,? cứu hộ)?"
    r"|hình sự|kinh tế|môi trường|cơ động|đặc nhiệm|đường thủy|trật tự|khu vực"
    r"|(?:điều tra|phòng,? chống) tội phạm(?: về (?:ma túy|ma tuý|trật tự xã hội|kinh tế|môi trường|tham nhũng))?"
    r"|ma túy"
    r"|quản lý hành chính(?: về trật tự xã hội)?)(?!\w)"
)
#: First words (small), the form that begins with one of them, and what may follow: a level, a place, nothing.
_FIXED: tuple[tuple[str, str, str], ...] = (
    ("ubnd ủy hđnd hội", f"(?i:{_COMMITTEE})", "level"),
    ("sở", f"(?i:Sở) (?:{KNOWN_FIELD}|{SHORT_FIELD}|{CAPITALISED}(?: (?:và )?{CAPITALISED}){{1,5}})", "province"),
    (
        "công lực",
        "(?i:(?:lực lượng )?Công an(?: nhân dân(?! (?:các|tỉnh))"
        "|(?: các)? đơn vị(?: nghiệp vụ)?(?:, địa phương)?| chính quy)?)",
        "level",
    ),
    ("bộ bchqs ban bch", f"(?i:(?:Bộ|Ban|BCH|Bộ CH) ?(?:Chỉ huy|CH)? ?{_ARMY}|BCHQS|BCH BĐBP)", "place"),
    ("bộ bđbp", "(?i:Bộ đội Biên phòng|BĐBP)", "place"),
    ("bộ", r"(?i:Bộ Tư lệnh(?: Quân khu \d+| (?:Vùng|Cảnh vệ|Thủ đô)[^,.;:()\n]{0,30})?)", "place"),
    (
        "bộ",
        rf"Bộ (?:{KNOWN_FIELD}|(?:TT&TT|GTVT|GD&ĐT|LĐTBXH|VHTTDL|NN&PTNT|TN&MT|KH&ĐT|KH&CN|LĐ-TB&XH"
        rf"|NN&MT)(?!\w))",
        "",
    ),
    (
        "lực biên hải quân cảnh kiểm dân",
        rf"(?:(?i:lực lượng) )?(?:Biên phòng|Hải quan(?: (?i:sân bay|cửa khẩu|cảng))?|Quân sự|Quân đội"
        rf"|Cảnh sát biển|Cảnh sát(?: {_BRANCH})?|Kiểm lâm|Kiểm ngư"
        "|(?i:dân quân tự vệ))",
        "level",
    ),
    ("thanh", "(?i:Thanh tra (?:Sở|Bộ|Chính phủ|giao thông|nhà nước))", "place"),
    ("thanh", "(?i:Thanh tra)(?= )", "needed"),
    ("văn", f"(?i:Văn phòng {_OFFICE_OF})", "place"),
    (
        "viện vksnd tòa tand vks",
        "(?i:Viện (?:kiểm sát(?: nhân dân| quân sự)?|KSND)|VKSND|Tòa án(?: nhân dân| quân sự)?|TAND)",
        "level",
    ),
    (
        "ban ủy ub ubmttq ubmttqvn mttq mttqvn mặt",
        "(?i:(?:Ban (?:Thường trực|Thường vụ|TT) )?(?:(?:Ủy ban (?:Trung ương )?|UB ?)?(?:Mặt trận Tổ quốc"
        "|MTTQVN|MTTQ)|UB ?MTTQ(?:VN)?)"
        "(?: (?:Việt Nam|VN))?|Mặt trận(?=,| và| các| tỉnh| xã))",
        "level",
    ),
    ("tỉnh thành huyện quận thị xã", "(?i:Tỉnh đoàn|Thành đoàn|Huyện đoàn|Quận đoàn|Thị đoàn|Xã đoàn)", "place"),
    (
        "đoàn ban",
        "(?i:(?:Ban (?:Chấp hành|Thường vụ) )?Đoàn (?:Thanh niên|TNCS|TN)(?: ?(?:Cộng sản"
        "|CS))?(?: ?(?:Hồ Chí Minh|HCM))?)",
        "level",
    ),
    ("hội", f"(?i:Hội {_ORGANISATION})", "place"),
    (
        "liên lđlđ hiệp công",
        "(?i:Liên đoàn Lao động|LĐLĐ|Liên minh (?:Hợp tác xã|HTX)|Hiệp hội Doanh nghiệp(?: nhỏ và vừa)?"
        "|Công đoàn(?: (?:ngành|viên chức|cơ sở|(?:các )?khu công nghiệp))?)",
        "place",
    ),
    (
        "báo đài cơ trung",
        "(?i:(?:Cơ quan )?(?:Báo(?:,| và) )?(?:Đài|Trung tâm) (?:phát thanh|PT)(?:,| và| ?[-–&]) ?(?:truyền hình"
        "|TH)"
        "|Báo và (?:phát thanh|PT)(?:,| ?[-–&]) ?(?:truyền hình|TH)|Đài truyền thanh(?:(?: ?-|,| và) truyền hình)?)",
        "place",
    ),
    (
        "tỉnh thành huyện quận thị đảng cấp ban thường ủy",
        "(?i:(?:Ban (?:Tuyên giáo(?: và Dân vận)?|Dân vận|Nội chính|Tổ chức|Thường vụ|Chấp hành Đảng bộ)"
        "|Thường trực"
        "|Ủy ban Kiểm tra|UBKT) )?(?i:Tỉnh ủy|Thành ủy|Huyện ủy|Quận ủy|Thị ủy|Đảng ủy(?: (?:Công an|Quân sự"
        "|các cơ quan(?: Đảng)?|khối))?|Đảng bộ(?= tỉnh)|cấp ủy(?:,| và) chính quyền|cấp ủy(?: đảng)?)",
        "place",
    ),
    (
        "kho ngân bảo bhxh nhnn nhcsxh bưu vnpt viettel mobifone",
        "(?i:Kho bạc(?: Nhà nước)?|KBNN|Ngân hàng Nhà nước(?: Việt Nam)?|NHNN|Bảo hiểm xã hội|BHXH"
        "|Ngân hàng Chính sách xã hội|NHCSXH|Bưu điện|VNPT|Viettel"
        "|MobiFone)(?:,? ?[-–]? ?(?i:chi nhánh)(?: NHNN)?)?",
        "place",
    ),
    ("cục chi thi", "(?i:(?:(?:Chi )?Cục )?(?:Thi hành án dân sự|THADS)|Thi hành án)", "place"),
    ("cục chi", "(?i:(?:Chi )?cục (?:Hải quan|Thuế|Thống kê|Quản lý thị trường|QLTT|Kiểm lâm))", "place"),
    ("thuế thống", "(?:Thuế|Thống kê)(?= )", "needed"),
    ("cơ", "(?i:cơ quan (?:(?:Cảnh sát|CS|An ninh) )?điều tra|cơ quan CSĐT)", "level"),
    ("ban", "Ban (?i:Dân tộc|Tôn giáo|Thi đua ?[-,–]? ?Khen thưởng|An toàn giao thông|ATGT|Tiếp công dân)", "place"),
    ("ban bcđ", "(?i:Ban (?:Chỉ đạo|Chỉ huy)(?= (?:tỉnh|huyện|xã|các cấp|cấp))|BCĐ)", "level"),
    ("chính thủ quốc", "(?i:Thủ tướng Chính phủ|Chính phủ|Thủ tướng)|Quốc hội", ""),
    ("ngành", f"(?i:ngành) (?:{KNOWN_FIELD}|{_PLACE})", "level"),
    ("ttxvn vtv vov thông", r"TTXVN|VTV\d*|VOV\d*|(?i:Thông tấn xã Việt Nam)", ""),
    ("chính", "(?i:chính quyền)(?= )", "needed"),
    ("trạm", "(?i:trạm y tế)", "place"),
    ("ban đảng", f"(?i:Ban cán sự đảng|Đảng đoàn)(?: (?i:{_COMMITTEE}))?", "level"),
    ("công cán", f"(?i:Công chức|Cán bộ) {KNOWN_FIELD}", "level"),
    ("bộ", f"(?i:Bộ phận) {KNOWN_FIELD}", "level"),
    ("đài", "Đài (?:Tiếng nói|Truyền hình) Việt Nam", ""),
    ("quân", r"Quân khu \d+", ""),
    ("cảnh", "(?i:cảnh sát (?:khu vực|giao thông))", "level"),
    ("lực", "(?i:lực lượng tham gia bảo vệ (?:an ninh,? trật tự|ANTT)(?: ở cơ sở)?)", "level"),
    ("quản", "Quản lý thị trường", ""),
    ("công", f"(?i:Công đoàn ngành) {KNOWN_FIELD}", "place"),
    (
        "trưởng tổ khu già",
        "(?i:trưởng (?:thôn|bản|ấp|khu phố|khóm|buôn|xóm|khu dân cư)|tổ trưởng tổ dân phố|khu phố trưởng|già làng)",
        "level",
    ),
    (
        "chủ nhà",
        "(?i:chủ (?:rừng|đầu tư|hồ chứa|đập|phương tiện)|nhà thầu|nhà trường)(?= (?:phải|có trách"
        "|chịu trách|thực hiện|phối hợp|tổ chức|tăng cường|quản lý|thông báo|xây dựng|chủ động))",
        "",
    ),
    ("phòng pa pc pv px", r"(?i:Phòng )?P[ACKVXH]\d{2}", ""),
    ("phòng", f"(?i:phòng) (?!(?:cháy|chống|ngừa|dịch))(?:{KNOWN_FIELD}|{SHORT_FIELD})", "place"),
    (
        "đồn",
        f"(?i:Đồn Biên phòng)(?: (?i:cửa khẩu)(?: (?i:cảng|quốc tế)){{0,2}})?(?: {_PLACE})?(?: (?:đóng|đứng) chân)?",
        "level",
    ),
)
_ANY_CAPITAL = rf"(?-i:(?= [{UPPER}]))"
#: Words for kinds of bodies whose names go on freely; a short word needs a capital behind it.
_FREE: tuple[tuple[str, str], ...] = (
    ("trung", "Trung tâm"),
    ("sở", f"(?-i:Sở){_ANY_CAPITAL}"),
    ("ban", "Ban (?:quản lý|chỉ đạo|chỉ huy|điều hành|điều phối|công tác|nhân dân|bảo vệ|vận động|liên lạc|đại diện)"),
    ("ban", f"(?-i:Ban){_ANY_CAPITAL}"),
    ("bql bcđ bch", "BQL|BCĐ|BCH"),
    ("cơ đơn", "(?:Cơ quan|Đơn vị) thường trực"),
    ("hội", f"Hội đồng(?: phối hợp)?|(?-i:Hội){_ANY_CAPITAL}"),
    ("hiệp liên câu", "Hiệp hội|Liên hiệp|Liên đoàn|Liên minh|Câu lạc bộ"),
    ("cục chi tổng", f"Chi cục|Tổng cục|(?-i:Cục){_ANY_CAPITAL}"),
    ("tổng công tập doanh hợp", f"Tổng công ty|Công ty|Tập đoàn|Hợp tác xã|(?-i:Doanh nghiệp){_ANY_CAPITAL}"),
    ("ngân chi quỹ", f"Ngân hàng|Chi nhánh|Quỹ{_ANY_CAPITAL}|Quỹ (?:tín dụng|bảo vệ|phòng)"),
    ("bệnh", "Bệnh viện"),
    (
        "trường học đại",
        f"(?-i:Trường){_ANY_CAPITAL}|Trường (?:đại học|cao đẳng|trung cấp|chính trị|mầm non"
        f"|tiểu học|trung học)"
        f"|Học viện|(?-i:Đại học){_ANY_CAPITAL}",
    ),
    ("viện", f"(?-i:Viện){_ANY_CAPITAL}|Viện nghiên cứu"),
    ("văn", f"(?-i:Văn phòng){_ANY_CAPITAL}|Văn phòng (?:điều phối|thường trực|đăng ký)"),
    ("thanh", f"(?-i:Thanh tra){_ANY_CAPITAL}"),
    (
        "phòng",
        f"(?-i:Phòng(?= (?!Cháy|Chống|Ngừa)[{UPPER}]))|Phòng (?:chuyên môn|nghiệp vụ|công chứng|quản lý|kế hoạch)",
    ),
    ("đội", f"(?-i:Đội){_ANY_CAPITAL}|Đội (?:quản lý|cảnh sát|kiểm tra|xung kích|trật tự)"),
    ("trạm hạt", f"(?-i:Trạm|Hạt){_ANY_CAPITAL}"),
    ("tổ", "Tổ (?:công tác|dân phố|giúp việc|công nghệ số|bảo vệ|an ninh|liên ngành|đề án|chỉ đạo|thư ký)"),
    ("đoàn", f"(?-i:Đoàn){_ANY_CAPITAL}|Đoàn (?:kiểm tra|công tác|khối|kinh tế|đại biểu|luật sư|liên ngành)"),
    ("đài báo tạp", f"(?-i:Đài|Báo|Tạp chí){_ANY_CAPITAL}|Đài khí tượng"),
    ("cổng trang", "Cổng thông tin|Cổng TTĐT|Trang thông tin điện tử"),
    ("ủy", f"(?-i:Ủy ban){_ANY_CAPITAL}|Ủy ban (?:kiểm tra|bầu cử)"),
    ("vụ", f"(?-i:Vụ){_ANY_CAPITAL}"),
    ("vườn khu", "Vườn quốc gia|Khu bảo tồn|Khu kinh tế quốc phòng"),
    ("điện viễn", f"(?-i:Điện lực|Viễn thông){_ANY_CAPITAL}|(?:Điện lực|Viễn thông)(?= (?:tỉnh|thành|huyện))"),
    ("lữ trung tiểu sư", "(?-i:Lữ đoàn|Trung đoàn|Tiểu đoàn|Sư đoàn)"),
    ("mạng cảng", "Mạng lưới|Cảng vụ|Cảng hàng không"),
    ("nhà", f"(?-i:Nhà máy|Nhà thiếu nhi|Nhà văn hóa){_ANY_CAPITAL}"),
)
_FACILITY = (
    r"(?:giáo dục(?: nghề nghiệp| đại học| mầm non| phổ thông)?(?:,? (?:và )?đào tạo)?|khám(?: bệnh)?,? chữa bệnh"
    r"|kinh doanh(?: dịch vụ)?|sản xuất(?:,? kinh doanh)?|đào tạo|dạy nghề|y tế|cai nghiện(?: ma túy)?|trợ giúp xã hội"
    r"|bảo trợ xã hội|lưu trú|tôn giáo|tín ngưỡng|lưu trữ)(?!\w)"
)
_UNIT = (
    r"(?:sở(?! hữu)|ban ngành|phòng,? ban|cơ quan|đơn vị|địa phương|ngành|cấp ủy(?: đảng)?|cấp|đoàn thể"
    r"|hội đoàn thể|hội quần chúng"
    r"|hội|tổ chức|phòng(?!,? chống| cháy| ngừa)|trường(?: học)?|lực lượng|doanh nghiệp|chính quyền|bộ|công ty"
    r"|bệnh viện"
    r"|trung tâm|ngân hàng|hợp tác xã|nhà mạng|nhà trường"
    r"|cơ sở|cá nhân|chủ đầu tư|nhà thầu|báo|đài|thành viên|đồn"
    r"|mặt trận tổ quốc|mặt trận|MTTQ|đảng ủy|chi cục|cục|ban(?! hành)|đội|trạm|hạt|chi bộ|đảng bộ|tổ(?! chức)"
    r"|câu lạc bộ|vụ(?! việc)|huyện ủy|thành ủy|thị ủy|quận ủy|tổ chức đảng|chi ủy|ban quản lý|cơ quan báo chí"
    r"|viện|học viện|hộ|thôn|khu phố|nhà máy|tập đoàn|chủ rừng|chủ hồ|tổ dân phố|chi nhánh|quỹ|khối|đoàn)(?!\w)"
)
_KIND = (
    r"(?:(?:,|,? và)? (?:có liên quan|liên quan|chức năng|có chức năng|thành viên|chính trị ?[-–,] ?xã hội"
    r"|chính trị xã hội|đoàn thể"
    r"|thuộc tỉnh|trực thuộc|thuộc, trực thuộc|nghề nghiệp|quần chúng|chuyên môn|chuyên trách|nghiệp vụ"
    r"|xã hội ?[-–] ?nghề nghiệp"
    r"|báo chí|thông tấn|truyền thông|thông tin đại chúng|phát thanh|truyền hình|vũ trang|cùng cấp|nói trên"
    r"|nêu trên|khác"
    r"|ở địa phương|của địa phương|chính trị|xã hội|đại học|cao đẳng|trung cấp(?: chuyên nghiệp)?|viễn thông"
    r"|bưu chính|đặc thù|nhân dân|tuyến (?:tỉnh|huyện|xã|trung ương)|(?:ngoài )?công lập|tư nhân"
    r"|thương mại|tiến hành tố tụng|tố tụng|bảo vệ pháp luật|thông tấn báo chí|quản lý nhà nước|chủ quản))(?!\w)"
)
_OF = (
    r"(?: (?:của|thuộc|cấp|trong|ở) (?:(?:toàn )?tỉnh|thành phố|huyện|xã|cơ sở|phường|địa phương|sở|bộ"
    r"|trung ương|mặt trận(?: tổ quốc)?)"
    r"(?:(?:,| và) (?:cấp )?(?:tỉnh|thành phố|huyện|xã))*| các cấp| cùng cấp| tỉnh| huyện| thành phố| quận"
    r"| phường| xã(?! hội)| Trung ương| địa phương)(?!\w)"
)
#: Behind these a name of its own begins, or whole areas.
_NO_NEXT = (
    r"(?!ngành (?!trung ương|TW|TƯ)(?-i:[A-ZĐ])|lực lượng (?:tham gia|(?-i:[A-ZĐ]))|các (?:tổ dân phố|thôn|khu phố))"
)
_NEXT = rf"(?:(?:, ?{_NO_NEXT}(?:các )?|(?:/| - |-| và ){_NO_NEXT}){_UNIT})"
_LISTED = rf"{_NEXT}{{0,7}}"
CLASS = re.compile(
    _blanks(
        rf"(?i:(?:(?:các|những|mọi|mỗi|từng|tất cả các|toàn thể các|hệ thống(?: các)?) (?:cơ sở {_FACILITY}"
        rf"|{_UNIT}{_LISTED})"
        rf"|{_UNIT}{_NEXT}{{1,7}})"
        rf"(?:{_KIND}){{0,4}}(?:{_OF}){{0,2}}(?:{_KIND}){{0,2}}{_WHERE})"
    )
)
#: One sort of bodies in the middle of a list ("…, tổ chức xã hội, doanh nghiệp và cộng đồng").
ONE_CLASS = re.compile(
    _blanks(
        rf"(?i:{_UNIT}(?:{_KIND}){{1,3}}(?:{_OF})?{_WHERE}"
        rf"|(?:{_UNIT}|cộng đồng|người dân)(?=$|[.;:,]| và (?:{_UNIT}|cộng đồng|người dân)[.;:]?$))"
    )
)
CLASS_WORDS = words(
    "các những mọi mỗi từng tất toàn hệ sở ban phòng cơ đơn địa ngành cấp đoàn hội tổ trường lực doanh chính bộ "
    "mặt mttq đảng nhà chủ"
)
AREA_CLASS = re.compile(
    _blanks(rf"(?i:(?:các|mỗi|từng) {_AREA}(?:(?:,| và|, và| -)? (?:các )?{_AREA}){{0,4}}{_WHOSE}{_WHERE})(?!\w)")
)

FIXED_BY_WORD: dict[str, list[tuple[re.Pattern[str], str]]] = {}
for _heads, _form, _tail in _FIXED:
    _compiled = re.compile(_blanks(rf"(?:{_form})(?!\w)"))
    for _head in _heads.split():
        FIXED_BY_WORD.setdefault(_head, []).append((_compiled, _tail))
FREE_BY_WORD: dict[str, list[re.Pattern[str]]] = {}
for _heads, _form in _FREE:
    _compiled = re.compile(_blanks(rf"(?i:{_form})(?!\w)"))
    for _head in _heads.split():
        FREE_BY_WORD.setdefault(_head, []).append(_compiled)
POST_WORDS = words(
    "chủ vụ phó giám tổng thủ lãnh các người chánh bí bộ viện hiệu chỉ cục chi đội đồn trạm trưởng tư thường "
    "thành cấp tập ban"
)

WHERE_HERE = re.compile(_blanks(f"(?i:{_WHERE})"))
LEVEL_HERE = re.compile(_blanks(_LEVEL))
PLACE_HERE = re.compile(rf"\x20{_blanks(_BARE_PLACE)}")
COUNTRY_HERE = re.compile(_blanks(r" (?:Việt Nam|VN)(?!\w)"))
#: What a unit belongs to: "Cơ quan Cảnh sát điều tra, Công an tỉnh", "… thuộc Bộ Chỉ huy Quân sự tỉnh".
PARENT_HERE = re.compile(
    _blanks(
        r"(?:(?P<comma>,? )| - | thuộc | của )(?=(?:Công an|Bộ (?i:Chỉ huy Quân sự)"
        r"|Bộ CHQS) )"
    )
)
WORD_HERE = re.compile(r"([ \n]{1,2}|[ \n]?[-–&/][ \n]?)([^\W_][\w.&]*(?<!\.))")
COMMA_GOES_ON = re.compile(
    _blanks(
        r",(?: và)? (?i:chống|chữa cháy|cứu nạn|cứu hộ|thể thao|thể thao và du lịch|gia đình|truyền hình"
        r"|giảm nhẹ|khắc phục"
        r"|tệ nạn xã hội|tìm kiếm|lụt|bão|hạ tầng|xây dựng nông|trấn áp|xuất nhập cảnh|truyền thông|dạy nghề"
        r"|phòng thủ"
        r"|chống thiên tai|dân số|học sinh|giáo dục pháp luật|trật tự)(?!\w)"
    )
)
AND_GOES_ON = re.compile(
    _blanks(
        r" (?i:và|&) (?i:tìm kiếm|cứu nạn|cứu hộ|chữa cháy|du lịch|trẻ em|phòng thủ|khắc phục|vệ sinh"
        r"|dịch vụ|môi trường|hạ tầng"
        r"|đào tạo|phát triển|truyền thông|công nghệ|bảo vệ|chống|thú y|thủy sản|đầu tư|xúc tiến|xây dựng"
        r"|an toàn|nhỏ|vừa"
        r"|gia đình|kế hoạch|truyền hình|giám định|điều trị|tôn giáo|phòng|ứng phó|trật tự|tệ nạn|hợp tác"
        r"|các khu)(?!\w)"
    )
)
#: What a board is for ("Ban Chỉ đạo liên ngành về an toàn thực phẩm"), not what it is told about.
ABOUT_HERE = re.compile(
    _blanks(
        r"về (?!(?i:kết quả|tình hình|việc|những|các|công tác|tiến độ|nội dung"
        r"|số liệu))(?=[^\W\d_])"
    )
)
#: "… tội phạm về ma túy", "… quản lý hành chính về trật tự xã hội".
CRIME_HERE = re.compile(
    _blanks(
        r"về (?:ma túy|trật tự|kinh tế|tham nhũng|môi trường|hình sự|quản lý|phòng"
        r"|chuyển đổi|nông thôn)"
    )
)
#: A word for a sort of bodies ("đơn vị", "đoàn thể").
UNIT_HERE = re.compile(_blanks(rf"(?i:{_UNIT})"))
#: What a facility is for ("cơ sở | giáo dục nghề nghiệp"), though its first word may be a verb.
FACILITY_HERE = re.compile(_blanks(rf" (?i:{_FACILITY})"))
