"""The child process: parses a foreign PDF and writes it encrypted.

A stand-alone script, run as ``python -I child.py`` by `engine`. It knows nothing of the zone, confines
itself before it imports pypdf or reads a byte of the document, and speaks on its pipes alone: a
password in the arguments or the environment could be read by the neighbours.

In:  a header (password, limits), then the PDF. Out: a header (``pages``, or ``problem`` by the name
of an `errors.Problem`, and ``detail``), then the encrypted PDF.
"""

from __future__ import annotations

import json
import os
import re
import resource
import secrets
import struct
import sys
from io import BytesIO
from typing import Any, BinaryIO, Final

LENGTH: Final = struct.Struct(">I")

# A signature covers the bytes of the file, so that its /ByteRange always stands in clear.
SIGNATURE: Final = re.compile(rb"/ByteRange\s*\[")

# The limit at which readers cut or refuse a password (ISO 32000-2, 7.6.4.3.3).
PASSWORD_BYTES: Final = 127

# By class name, nearest ancestor first, as pypdf is not imported yet when this is read.
PROBLEMS: Final = {
    "LimitReachedError": "FAILED",
    "MemoryError": "TOO_MUCH_MEMORY",
    "RecursionError": "DAMAGED",
    "PyPdfError": "DAMAGED",
    "PanicException": "TOO_MUCH_MEMORY",  # Rust, within `cryptography`, where it gets no memory
    "BaseException": "FAILED",
}


class Refused(Exception):
    """The document or the password is of a kind that is not taken; `problem` names an `errors.Problem`."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.detail = detail


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """One message: length of the header, the header as JSON, the body."""
    encoded = json.dumps(header).encode()
    return LENGTH.pack(len(encoded)) + encoded + body


def read_header(stream: BinaryIO) -> dict[str, Any]:
    """The header of a message; the body is left in the stream."""
    (length,) = LENGTH.unpack(stream.read(LENGTH.size))
    header: dict[str, Any] = json.loads(stream.read(length))
    return header


def confine(cpu_seconds: int, memory_bytes: int) -> None:
    """Take from this process what a hostile document could use up. Writing files is not possible at all."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def encrypt(source: bytes, password: str, max_pages: int) -> tuple[bytes, int]:
    """The PDF under AES-256, revision 6 (ISO 32000-2, 7.6), all strings, streams and metadata included.

    Permissions are left open: they are advisory. Returns the encrypted PDF and its number of pages.
    Raises `Refused`, or whatever pypdf raises on a document that it cannot read.
    """
    from pypdf import PdfReader, PdfWriter

    class PlainReader(PdfReader):
        @property
        def is_encrypted(self) -> bool:
            # pypdf asks this before it fails on a security handler that it does not know.
            if super().is_encrypted:
                raise Refused("ALREADY_ENCRYPTED")
            return False

    if not 0 < len(password.encode()) <= PASSWORD_BYTES:
        raise Refused("UNFIT_PASSWORD")
    if not source.startswith(b"%PDF-"):
        raise Refused("NOT_A_PDF")
    # Strict: the lenient reader mends a truncated letter by leaving out what it lost.
    reader = PlainReader(BytesIO(source), strict=True)
    if SIGNATURE.search(source):
        raise Refused("SIGNED")
    pages = len(reader.pages)
    if pages == 0:
        raise Refused("NO_PAGES")
    if pages > max_pages:
        raise Refused("TOO_MANY_PAGES", str(pages))

    writer = PdfWriter(clone_from=reader)
    writer.strict = True  # only now: a clone may count one object more than /Size, which strict refuses
    writer.pdf_header = "%PDF-2.0"  # the version that defines revision 6
    try:
        writer.encrypt(password, owner_password=secrets.token_urlsafe(32), algorithm="AES-256")
    except ValueError as error:  # prohibited by SASLprep
        raise Refused("UNFIT_PASSWORD") from error
    result = BytesIO()
    writer.write(result)
    content = result.getvalue()
    check(content, password, pages)
    return content, pages


def check(content: bytes, password: str, pages: int) -> None:
    """Open the result as a reader would; raises `Refused` where that shows anything but a sealed letter.

    The password goes in as the bytes that a client types, as most readers take them, without the
    normalisation that the writer applied to it: both must come to the same.
    """
    from pypdf import PdfReader
    from pypdf.errors import WrongPasswordError

    try:
        opened = PdfReader(BytesIO(content), strict=True, password=password.encode())
    except WrongPasswordError as error:
        raise Refused("UNFIT_PASSWORD") from error
    if len(opened.pages) != pages:
        raise Refused("FAILED", "pages were lost")
    try:
        PdfReader(BytesIO(content), password=b"")
    except WrongPasswordError:
        return
    raise Refused("UNFIT_PASSWORD", "the result opens without a password")


def answer(document: BinaryIO, password: str, max_pages: int) -> bytes:
    """The message that goes back to the parent, whatever the document does."""
    try:
        content, pages = encrypt(document.read(), password, max_pages)
        return pack({"pages": pages}, content)
    except Refused as refused:
        return pack({"problem": refused.problem, "detail": refused.detail})
    except BaseException as error:  # noqa: BLE001  # pypdf raises nearly anything, and a panic in Rust is no Exception
        # Its message could quote the letter, its class cannot.
        ancestry = [ancestor.__name__ for ancestor in type(error).__mro__]
        problem = next(PROBLEMS[name] for name in ancestry if name in PROBLEMS)
        return pack({"problem": problem, "detail": ancestry[0]})


def main() -> None:
    header = read_header(sys.stdin.buffer)
    confine(header["cpu_seconds"], header["memory_bytes"])
    reply = answer(sys.stdin.buffer, header["password"], header["max_pages"])
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing to clean up, and the parent waits


if __name__ == "__main__":
    main()
