"""A PDF of pictures: one JPEG a page, with the page's words behind it so that they can be searched and copied.

Written by hand because a page at a time is all that is ever held, and the same pages give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

A4_LONG_PT = 841.89


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text on a page; pixels of the page, from its top left."""

    x: float
    y: float
    """Baseline."""
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    jpeg: bytes
    width: int
    height: int
    words: tuple[Words, ...] = ()


def write_pdf(pages: Iterable[Page], title: str) -> bytes:
    """The pages as one PDF; the longer side of each is that of A4."""
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places: dict[int, int] = {}
    kids: list[int] = []

    def put(number: int, body: bytes) -> None:
        places[number] = len(out)
        out.extend(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    catalogue, tree, font, about = 1, 2, 3, 4
    number = 5
    for page in pages:
        scale = A4_LONG_PT / max(page.width, page.height)
        wide, high = page.width * scale, page.height * scale
        drawing = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q\nBT 3 Tr\n" % (wide, high)
        drawing += b"".join(
            b"/F %.2f Tf 1 0 0 1 %.2f %.2f Tm (%s) Tj\n"
            % (w.size * scale, w.x * scale, (page.height - w.y) * scale, _escaped(w.text))
            for w in page.words
        )
        drawing += b"ET"
        put(
            number,
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "
            b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream"
            % (page.width, page.height, len(page.jpeg), page.jpeg),
        )
        put(number + 1, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
        put(
            number + 2,
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R /Resources "
            b"<< /XObject << /P %d 0 R >> /Font << /F %d 0 R >> >> >>" % (tree, wide, high, number + 1, number, font),
        )
        kids.append(number + 2)
        number += 3
    put(catalogue, b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
    put(tree, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids)))
    put(font, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    put(about, b"<< /Title <%s> >>" % (b"\xfe\xff" + title.encode("utf-16-be", "replace")).hex().encode())
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % number
    out += b"".join(b"%010d 00000 n \n" % places[n] for n in range(1, number))
    out += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        number, catalogue, about, start,
    )  # fmt: skip
    return bytes(out)


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b" ")
