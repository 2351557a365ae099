"""Make the letters in tests/letters/encryption/samples anew, with programs that the tests shall not need.

    PYTHONPATH=. python tools/sample_letters.py

Needs soffice (libreoffice-writer-nogui) and pdflatex (texlive-latex-base).
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.letters.encryption.producers import PAGE, SAMPLES

LATEX = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[pdftitle={Oznamenie o poistnom},pdfauthor={Poistovna Istota}]{hyperref}
\begin{document}
\section{Oznámenie o poistnom}
Vážená pani Kováčová, žlté ďateliny kvitnú: poistné je uhradené, pozri \href{https://example.org/zona}{Zónu} a
stranu~\pageref{druha}.
\newpage
\section{Druhá strana}\label{druha}
$$\sum_{k=1}^{12} p_k = 12{,}50$$
\end{document}
"""
LIBREOFFICE = (
    "soffice --headless -env:UserInstallation=file://{folder}/profile --convert-to "
    'pdf:writer_pdf_Export:{{"UseTaggedPDF":{{"type":"boolean","value":"true"}}}} '
    "--outdir {folder} {folder}/letter.html"
)
PDFLATEX = "pdflatex -interaction=batchmode -output-directory {folder} {folder}/letter.tex"


def make(name: str, source: str, suffix: str, command: str, times: int = 1) -> None:
    """Write a source, let a program make a PDF of it, and keep that."""
    with TemporaryDirectory() as folder:
        (Path(folder) / f"letter{suffix}").write_text(source, encoding="utf-8")
        for _ in range(times):
            subprocess.run(command.format(folder=folder).split(), check=True, stdout=subprocess.DEVNULL)
        (SAMPLES / name).write_bytes((Path(folder) / "letter.pdf").read_bytes())
    print(f"{name}: {(SAMPLES / name).stat().st_size} bytes")


def main() -> None:
    SAMPLES.mkdir(exist_ok=True)
    make("libreoffice.pdf", PAGE, ".html", LIBREOFFICE)
    make("latex.pdf", LATEX, ".tex", PDFLATEX, times=2)  # the second time it knows the pages


if __name__ == "__main__":
    main()
