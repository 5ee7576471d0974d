"""Small files of every kind, made here: what an office sends, and what must not come in."""
from __future__ import annotations

import struct
import zipfile
from io import BytesIO

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(30)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(30)
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30)
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(30)
EXE = b"MZ\x90\0\x03\0\0\0" + bytes(200)
HTML = "<!DOCTYPE html><html><body>Báo cáo</body></html>".encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
RAR = b"Rar!\x1a\x07\x01\x00" + bytes(60)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Make a zip of parts."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return made.getvalue()


def open_xml(main: str, *more: str, types: str = "<Types/>") -> bytes:
    """Make an Office file with its main part and some more."""
    return zipped({"[Content_Types].xml": types, main: "<document/>", **dict.fromkeys(more, "x")})


DOCX = open_xml("word/document.xml")
XLSX = open_xml("xl/workbook.xml")
PPTX = open_xml("ppt/presentation.xml")
DOCM = open_xml("word/document.xml", "word/vbaProject.bin")
DOCX_SAYING_MACROS = open_xml(
    "word/document.xml", types='<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled"/></Types>'
)
DOCX_WITH_PROGRAM = open_xml("word/document.xml", "word/embeddings/setup.exe")
ODT = zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})
ODS = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})
ODT_WITH_MACROS = zipped({"mimetype": "application/vnd.oasis.opendocument.text", "Basic/Standard/Module1.xml": "x"})
ZIP = zipped({"bao-cao.txt": "x"})


def older_office(*streams: str) -> bytes:
    """Make a compound file (MS-CFB) whose directory holds these names."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<L", header, 44, 1)
    struct.pack_into("<L", header, 48, 1)
    struct.pack_into("<109L", header, 76, 0, *[free] * 108)
    names = ("Root Entry", *streams)
    sectors = -(-len(names) // 4)
    chain = [0xFFFFFFFD, *range(2, sectors + 1), end]
    fat = struct.pack("<128L", *chain, *[free] * (128 - len(chain)))
    directory = b"".join(_entry(name) for name in names).ljust(sectors * 512, b"\0")
    return bytes(header) + fat + directory


def _entry(name: str) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded)) + bytes(62)


DOC = older_office("WordDocument", "1Table")
XLS = older_office("A", "B", "C", "D", "Workbook")
DOC_WITH_MACROS = older_office("WordDocument", "Macros", "_VBA_PROJECT")
MSI = older_office("SummaryInformation")
