"""Letters as an insurer's systems make them, from two producers."""

from __future__ import annotations

from io import BytesIO
from tempfile import NamedTemporaryFile

import pymupdf_fonts
from fpdf import FPDF
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

TEXT = "Vážená pani Kováčová, ľúbostné žlté ďateliny šťavnato kvitnú: poistné 12,50 € je uhradené."
TITLE = "Oznamenie o poistnom"
AUTHOR = "Poistovna Istota"

FONT: bytes = pymupdf_fonts.fontbuffers["notos"]()  # has all Slovak letters, and comes in a wheel

XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Keywords="{AUTHOR}"/></rdf:RDF></x:xmpmeta>"""


def letter_pdf(pages: int = 1, text: str = TEXT) -> bytes:
    """A letter from fpdf2, with /Info and XMP; on each page stand its number and `text`."""
    with NamedTemporaryFile(suffix=".ttf") as font:
        font.write(FONT)
        font.flush()
        pdf = FPDF()
        pdf.set_title(TITLE)
        pdf.set_author(AUTHOR)
        pdf.set_xmp_metadata(XMP)
        pdf.add_font("Noto", fname=font.name)
        pdf.set_font("Noto", size=11)
        for page in range(1, pages + 1):
            pdf.add_page()
            pdf.multi_cell(0, 6, f"{page}\n{text}", align="L")
        return bytes(pdf.output())


def reportlab_letter(pages: int = 1, text: str = TEXT, *, compressed: bool = True) -> bytes:
    """The same letter from reportlab. Ghostscript finds no Slovak letters in it, encrypted or not."""
    registerFont(TTFont("Noto", BytesIO(FONT)))
    result = BytesIO()
    canvas = Canvas(result, pagesize=A4, pageCompression=int(compressed))
    canvas.setTitle(TITLE)
    canvas.setAuthor(AUTHOR)
    for page in range(1, pages + 1):
        canvas.setFont("Noto", 11)
        for row, line in enumerate([str(page), *simpleSplit(text, "Noto", 11, 450)]):
            canvas.drawString(70, 770 - 16 * row, line)
        canvas.showPage()
    canvas.save()
    return result.getvalue()


def letter_text(pages: int = 1, text: str = TEXT) -> str:
    """What a reader finds in such a letter, its white space collapsed."""
    return " ".join(f"{page} {text}" for page in range(1, pages + 1))
