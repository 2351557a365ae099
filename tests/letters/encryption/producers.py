"""Letters from the programs that insurers' systems print with."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import sync_playwright

from tests.letters.samples import TEXT, TITLE, letter_pdf, reportlab_letter

# Made by tools/sample_letters.py, for the tests shall not need a word processor.
SAMPLES = Path(__file__).parent / "samples"

PAGE = f"""<!DOCTYPE html><html lang="sk"><head><meta charset="utf-8"><title>{TITLE}</title></head><body>
<h1>{TITLE}</h1><p>{TEXT}</p><p><a href="https://example.org/zona">Zóna</a></p><table><tr><th>Rok<td>2026</table>
<p style="break-before: page">{TEXT}</p></body></html>"""


@cache
def chromium_letter() -> bytes:
    """Tagged, with an outline and a link."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page()
        page.set_content(PAGE)
        return page.pdf(tagged=True, outline=True, print_background=True)


@cache
def cairo_letter() -> bytes:
    """Poppler draws the letter with cairo."""
    return _converted("pdftocairo", "poppler-utils", ["-pdf", "{in}", "{out}"])


@cache
def ghostscript_letter() -> bytes:
    options = ["-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-o", "{out}", "{in}"]
    return _converted("gs", "ghostscript", options)


@cache
def mupdf_letter() -> bytes:
    return _converted("mutool", "mupdf-tools", ["convert", "-o", "{out}", "{in}"])


def _converted(program: str, package: str, arguments: list[str]) -> bytes:
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"{program} is missing: apt-get install {package}")
    with TemporaryDirectory() as folder:
        letter, result = Path(folder) / "letter.in.pdf", Path(folder) / "letter.pdf"
        letter.write_bytes(letter_pdf(2))
        names = {"{in}": str(letter), "{out}": str(result)}
        command = [path, *(names.get(argument, argument) for argument in arguments)]
        subprocess.run(command, check=True, capture_output=True, timeout=100)
        return result.read_bytes()


PRODUCERS: dict[str, Callable[[], bytes]] = {
    "fpdf2": lambda: letter_pdf(2),
    "reportlab": lambda: reportlab_letter(2),
    "Chromium": chromium_letter,
    "cairo": cairo_letter,
    "Ghostscript": ghostscript_letter,
    "MuPDF": mupdf_letter,
    "LibreOffice": (SAMPLES / "libreoffice.pdf").read_bytes,
    "LaTeX": (SAMPLES / "latex.pdf").read_bytes,
}
