"""The fixed wordings by which the parts of an official document are told, as pieces of patterns."""

from __future__ import annotations

#: The motto of the state begins the letterhead (Decree 30/2020/NĐ-CP, annex I).
MOTTO = r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI"
#: What a document calls itself above its title.
KINDS = "KẾ HOẠCH|QUYẾT ĐỊNH|CHỈ THỊ|CHƯƠNG TRÌNH|ĐỀ ÁN|NGHỊ QUYẾT|PHƯƠNG ÁN"
ANNEX = "PHỤ LỤC"
#: The list of recipients stands beside the signature.
RECIPIENTS = r"Nơi nhận\s*:"
