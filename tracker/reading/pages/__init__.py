"""From places of words on pages to running text: what a PDF and a recognised picture have in common."""

#: Most pages that are read: with a text layer, and as pictures (a page takes seconds then).
MAX_PAGES = 300
MAX_SCANNED_PAGES = 60
#: Seconds until reading is given up: of a text layer, and of pictures.
TEXT_SECONDS = 25
SCAN_SECONDS = 270
#: Memory that reading may take.
MEMORY_BYTES = 1024 * 1024 * 1024
