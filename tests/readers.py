"""Six independent PDF readers, as judges of what the zone sends."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from tempfile import NamedTemporaryFile

import pikepdf
import pypdfium2
import pytest
from pdfminer.high_level import extract_text
from pdfminer.pdfdocument import PDFPasswordIncorrect


class WrongPassword(Exception):
    """The reader wants a password, or another one."""


class Crashed(Exception):
    """The reader died of a signal, which says nothing about the PDF."""


def _pikepdf(pdf: bytes, password: str | None) -> str:
    """Opens, and lets pdfminer read what came out unlocked: pikepdf extracts no text."""
    try:
        document = pikepdf.open(BytesIO(pdf), password=password or "")
    except pikepdf.PasswordError as error:
        raise WrongPassword from error
    unlocked = BytesIO()
    with document:
        document.save(unlocked, encryption=False)
    return extract_text(unlocked)


def _pdfium(pdf: bytes, password: str | None) -> str:
    try:
        document = pypdfium2.PdfDocument(pdf, password=password)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise WrongPassword from error
        raise
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def _pdfminer(pdf: bytes, password: str | None) -> str:
    try:
        return extract_text(BytesIO(pdf), password=password or "")
    except PDFPasswordIncorrect as error:
        raise WrongPassword from error


def _poppler(pdf: bytes, password: str | None) -> str:
    unlock = [] if password is None else ["-upw", password]
    return _run("pdftotext", "poppler-utils", pdf, [*unlock, "-enc", "UTF-8", "{file}", "-"])


def _mupdf(pdf: bytes, password: str | None) -> str:
    unlock = [] if password is None else ["-p", password]
    return _run("mutool", "mupdf-tools", pdf, ["draw", "-q", "-F", "txt", *unlock, "{file}"])


def _ghostscript(pdf: bytes, password: str | None) -> str:
    unlock = [] if password is None else [f"-sPDFPassword={password}"]
    options = ["-q", "-dBATCH", "-dNOPAUSE", "-dPDFSTOPONERROR", "-sDEVICE=txtwrite", "-sOutputFile=-"]
    try:
        return _run("gs", "ghostscript", pdf, [*options, *unlock, "{file}"])
    except Crashed:  # as 10.00 (Debian 12) does on some wrong passwords; its older interpreter does not
        return _run("gs", "ghostscript", pdf, [*options, "-dNEWPDF=false", *unlock, "{file}"])


def _run(program: str, package: str, pdf: bytes, arguments: list[str]) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"{program} is missing: apt-get install {package}")
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = [path, *(file.name if argument == "{file}" else argument for argument in arguments)]
        done = subprocess.run(command, capture_output=True, timeout=60)
    if done.returncode < 0:
        raise Crashed(f"{program}: signal {-done.returncode}")
    said = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode == 0:
        return done.stdout.decode()
    if "password" in said.lower():
        raise WrongPassword
    raise AssertionError(f"{program} cannot read the PDF: {said}")


def _collapsed(read: Callable[[bytes, str | None], str]) -> Callable[[bytes, str | None], str]:
    return lambda pdf, password: " ".join(read(pdf, password).split())


# Each takes a PDF and a password (None: none at all) and returns the text, its white space collapsed.
# Raises WrongPassword, and nothing of the kind when the file is broken.
READERS: dict[str, Callable[[bytes, str | None], str]] = {
    "pikepdf": _collapsed(_pikepdf),
    "pdfium": _collapsed(_pdfium),
    "pdfminer": _collapsed(_pdfminer),
    "poppler": _collapsed(_poppler),
    "mupdf": _collapsed(_mupdf),
    "ghostscript": _collapsed(_ghostscript),
}
