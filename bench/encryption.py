"""How fast letters are encrypted, beside pypdf's writer, pikepdf and OpenSSL's AES alone, all in one run.

    python bench/encryption.py

Prints a table for letters of 1, 3 and 20 pages and for 200 pages with images; what a child process adds to
that; how much memory a large letter takes; and what four processes do at once. Some two minutes. Linux.
"""

from __future__ import annotations

import os
import platform
import secrets
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.metadata import version
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

import pikepdf
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.letters.samples import FONT, TEXT
from zone.config import Handling
from zone.letter_passwords.letter_key import LetterKey, derive
from zone.letters.encryption import Encryptor
from zone.letters.encryption.examination import Rules, examine
from zone.letters.encryption.file_key import fresh_file_key
from zone.letters.encryption.locking import lock
from zone.secret import Secret

PASSWORD = "Čerešňa-na-lúke"
LETTERS = {"1 page": (1, 0), "3 pages": (3, 0), "20 pages": (20, 0), "200 pages": (200, 134)}
SECONDS = 2.0
IN_A_ROW = 5
ROUNDS = 15

Way = Callable[[bytes], object]


@cache
def letter(pages: int, side: int) -> bytes:
    """A letter with a logo of some 50 KB, and with a photograph of `side` pixels a side on each page, if any."""
    registerFont(TTFont("Noto", BytesIO(FONT)))
    result = BytesIO()
    canvas = Canvas(result, pagesize=A4)
    logo = _picture(128)
    for page in range(1, pages + 1):
        canvas.drawImage(logo, 400, 760, 60, 60)
        canvas.setFont("Noto", 11)
        for row in range(30):
            canvas.drawString(70, 740 - 16 * row, f"{page}.{row} {TEXT[:70]}")
        if side:
            canvas.drawImage(_picture(side), 70, 60, 150, 150)
        canvas.showPage()
    canvas.save()
    return result.getvalue()


def _picture(side: int) -> ImageReader:
    return ImageReader(Image.frombytes("RGB", (side, side), secrets.token_bytes(3 * side * side)))


@cache
def key() -> LetterKey:
    return derive(Secret(PASSWORD))


def spliced(source: bytes) -> bytes:
    """As the child does it: a fresh file key, the splice, the check."""
    file_key = fresh_file_key(key())
    return lock(source, file_key).content


def looked_through(source: bytes) -> object:
    """As the child does it when a letter comes in."""
    return examine(source, Rules(1000, Handling.REFUSE, Handling.REFUSE))


def pypdf_written(source: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(source)))
    writer.encrypt(PASSWORD, owner_password=secrets.token_urlsafe(32), algorithm="AES-256")
    result = BytesIO()
    writer.write(result)
    return result.getvalue()


def pikepdf_saved(source: bytes, revision: Literal[4, 6] = 6) -> bytes:
    result = BytesIO()
    owner = secrets.token_urlsafe(20)
    user = PASSWORD if revision == 6 else "Ceresna"
    with pikepdf.open(BytesIO(source)) as document:
        encryption = pikepdf.Encryption(user=user, owner=owner, R=revision)
        document.save(result, encryption=encryption, compress_streams=revision == 6)
    return result.getvalue()


def pikepdf_r4(source: bytes) -> bytes:
    """The cheap hash, AES-128, and streams as they are."""
    return pikepdf_saved(source, 4)


def aes_alone(source: bytes) -> bytes:
    return (
        Cipher(algorithms.AES(bytes(32)), modes.CBC(bytes(16)))
        .encryptor()
        .update(source[: len(source) & ~15])
    )


WAYS: dict[str, Way] = {
    "pypdf's writer": pypdf_written,
    "pikepdf, R6": pikepdf_saved,
    "pikepdf, R4, no recompression": pikepdf_r4,
    "splice, cached letter key": spliced,
    "looked through, then the splice": looked_through,
    "AES alone": aes_alone,
}


def race(source: bytes, ways: dict[str, Way]) -> dict[str, float]:
    """The median seconds of each way.

    All take turns, so that the machine's other work hits them alike, and do a few letters in each, as workers do: the
    first one finds the processor's caches full of what the others left there.
    """
    took: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(source)
    deadline = time.monotonic() + SECONDS * len(ways)
    while time.monotonic() < deadline or len(took[next(iter(ways))]) < 5:
        for name, way in ways.items():
            for _ in range(IN_A_ROW):
                begun = time.process_time()
                way(source)
                took[name].append(time.process_time() - begun)
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def table() -> None:
    results = {}
    for name, size in LETTERS.items():
        source = letter(*size)
        results[f"{name}, {len(source) // 1000} KB"] = race(source, WAYS)
    print("| way | " + " | ".join(results) + " |\n|---|" + "---|" * len(results))
    for way in WAYS:
        cells = [
            f"{took[way] * 1000:.2f} ms, {took['pikepdf, R6'] / took[way]:.1f}×" for took in results.values()
        ]
        print(f"| {way} | {' | '.join(cells)} |")
    splice_to_r4 = [
        took["pikepdf, R4, no recompression"] / took["splice, cached letter key"] for took in results.values()
    ]
    print("| splice against pikepdf R4 | " + " | ".join(f"{ratio:.2f}×" for ratio in splice_to_r4) + " |\n")


def through_a_child() -> None:
    """What the confined process adds: pipes, JSON, two copies."""
    for name, size in LETTERS.items():
        source = letter(*size)
        with Encryptor() as encryptor:
            began = time.perf_counter()
            encryptor.encrypt(source, key())
            first = time.perf_counter() - began
            took = []
            for _ in range(20):
                began = time.perf_counter()
                encryptor.encrypt(source, key())
                took.append(time.perf_counter() - began)
        then = statistics.median(took) * 1000
        print(f"- {name}: the first letter of a child {first * 1000:.0f} ms, the next {then:.1f} ms")


def peak_of(way_name: str, path: str) -> float:
    """How many times its own size a letter adds to the peak of a process that has done a small one before."""
    way, small = WAYS[way_name], letter(1, 0)
    way(small)
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    before = _status("VmRSS")
    source = Path(path).read_bytes()
    way(source)
    return (_status("VmHWM") - before) * 1024 / len(source)


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def work(seconds: float) -> tuple[int, float]:
    """Letters done in so many seconds in one process, and the processor time that took."""
    source = letter(1, 0)
    spliced(source)
    count, deadline, begun = 0, time.monotonic() + seconds, time.process_time()
    while time.monotonic() < deadline:
        spliced(source)
        count += 1
    return count, time.process_time() - begun


def processes() -> None:
    """Four against one, in many short rounds: how much the machine gives depends on who else works on it."""
    rounds = []
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        list(pool.map(work, [1.0] * 4))
        for _ in range(ROUNDS):
            one, spent_by_one = pool.submit(work, 1.0).result()
            four, spent_by_four = map(sum, zip(*pool.map(work, [1.0] * 4), strict=True))
            rounds.append((spent_by_four, spent_by_one, four, one))
    rounds.sort()
    for name, (spent_by_four, spent_by_one, four, one) in {
        "median": rounds[ROUNDS // 2],
        "least disturbed": rounds[-1],
    }.items():
        print(
            f"- In the {name} of {ROUNDS} rounds one process did {one} letters of 1 page a second, four did {four}: "
            f"{four / one:.1f}×; "
            f"the machine gave the four {spent_by_four:.1f} s of processor time, the one {spent_by_one:.1f} s"
        )


def memory() -> None:
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(letter(*LETTERS["200 pages"]))
        file.flush()
        for way in ("splice, cached letter key", "pypdf's writer", "pikepdf, R6"):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                peak = pool.submit(peak_of, way, file.name).result()
            print(f"- Peak memory on 200 pages, {way}: {peak:.1f}× the letter, which is counted as well")


def main() -> None:
    parts = ", ".join(f"{name} {version(name)}" for name in ("pypdf", "pikepdf", "cryptography", "reportlab"))
    print(
        f"Python {platform.python_version()}, {parts}, qpdf {pikepdf.__libqpdf_version__}, {os.cpu_count()} cores"
    )
    print("Processor time of one letter, and how many times as fast as pikepdf R6.\n")
    table()
    through_a_child()
    processes()
    memory()


if __name__ == "__main__":
    main()
