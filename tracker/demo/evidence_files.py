"""Files such as offices attach to a report: small, real of their kind, and made here."""
from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from random import Random

from docx import Document

from tracker.workflow.evidence import Upload

_NAMES = {
    "pdf": "Bản quét văn bản ký số.pdf",
    "docx": "Báo cáo kết quả.docx",
    "png": "Ảnh hiện trường.png",
    "txt": "Số liệu tổng hợp.txt",
}


def evidence_file(kind: str, *, agency: str, text: str, seed: int) -> Upload:
    """Make a file of a kind ("pdf", "docx", "png", "txt") that goes with a report."""
    return Upload(_NAMES[kind], BytesIO(_MAKERS[kind](agency, text, Random(seed))))


def _docx(agency: str, text: str, random: Random) -> bytes:
    document = Document()
    document.add_heading("BÁO CÁO KẾT QUẢ THỰC HIỆN", level=1)
    document.add_paragraph(agency)
    document.add_paragraph(text)
    table = document.add_table(rows=1, cols=3)
    for cell, words in zip(table.rows[0].cells, ("Nội dung", "Kế hoạch", "Thực hiện"), strict=True):
        cell.text = words
    for words in ("Số buổi tuyên truyền", "Số lượt người tham gia", "Số văn bản ban hành"):
        planned = random.randrange(4, 60)
        row = table.add_row().cells
        row[0].text, row[1].text, row[2].text = words, str(planned), str(planned - random.randrange(3))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _txt(agency: str, text: str, random: Random) -> bytes:
    lines = [agency, text, "", "Địa bàn; Kế hoạch; Thực hiện"]
    for number in range(1, 8):
        planned = random.randrange(5, 80)
        lines.append(f"Tổ {number}; {planned}; {planned - random.randrange(4)}")
    return "\r\n".join(lines).encode("utf-8-sig")


def _png(_agency: str, _text: str, random: Random, *, width: int = 480, height: int = 300) -> bytes:
    """A plain picture: sky, ground, and a few houses."""
    horizon = height * 2 // 3
    sky, ground = bytes((196, 216, 232)) * width, bytes((150, 168, 138)) * width
    rows = [bytearray(sky if y < horizon else ground) for y in range(height)]
    for _house in range(5):
        left, wide, tall = random.randrange(width - 90), random.randrange(40, 90), random.randrange(50, 120)
        wall = bytes((random.randrange(150, 220), random.randrange(130, 190), random.randrange(110, 170))) * wide
        for row in rows[horizon - tall : horizon + 10]:
            row[left * 3 : (left + wide) * 3] = wall
    pixels = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    )


def _pdf(_agency: str, _text: str, random: Random) -> bytes:
    """One page that looks like a scan seen from afar: grey lines of text and a red seal."""
    drawing = ["0.25 g"]
    for line in range(32):
        if line % 8 != 7:
            drawing.append(f"72 {740 - line * 19} {random.randrange(300, 450)} 6 re f")
    drawing.append("0.78 0.1 0.12 RG 3 w 380 90 90 90 re S 0.78 0.1 0.12 rg 410 120 30 30 re f")
    stream = "\n".join(drawing).encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


_MAKERS: dict[str, Callable[[str, str, Random], bytes]] = {"docx": _docx, "txt": _txt, "png": _png, "pdf": _pdf}
