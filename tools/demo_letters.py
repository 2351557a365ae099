"""Draw the demo's three letters, `zone/demo/letters/*.pdf`, anew. Run it after changing a word here.

.venv/bin/python tools/demo_letters.py

The font is Noto Sans (SIL Open Font License 1.1); each letter holds only the characters that it needs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pymupdf_fonts
from fpdf import FPDF, FontFace

FOLDER = Path(__file__).resolve().parent.parent / "zone" / "demo" / "letters"
FONTS = {"": "notos", "B": "notosbo"}
BRAND = (20, 80, 107)
QUIET = (95, 100, 104)
DRAWN = datetime(2026, 1, 1, tzinfo=UTC)  # always the same, and so the same bytes


class Letter(FPDF):
    """The insurer's paper: a head on the first page, a foot with the page's number on each."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.set_author("Vzorová poisťovňa, a. s.")
        self.set_lang("sk")
        self.set_creation_date(DRAWN)
        self.set_margins(24, 22, 24)
        self.set_auto_page_break(True, 28)
        with tempfile.TemporaryDirectory() as folder:
            for style, name in FONTS.items():
                path = Path(folder) / f"{name}.ttf"
                path.write_bytes(pymupdf_fonts.fontbuffers[name]())
                self.add_font("Noto", style, path)
        self.add_page()
        self.heading(title)

    def header(self) -> None:
        """The insurer's name, with the address on the first page."""
        self.set_font("Noto", "B", 14)
        self.set_text_color(*BRAND)
        self.cell(0, 8, "Vzorová poisťovňa, a. s.", new_x="LMARGIN", new_y="NEXT")
        if self.page_no() == 1:
            self.set_font("Noto", "", 8.5)
            self.set_text_color(*QUIET)
            self.cell(
                0, 5, "Námestie vzorov 1, 000 00 Vzorovo · pomoc@example.org", new_x="LMARGIN", new_y="NEXT"
            )
        self.set_draw_color(*BRAND)
        self.set_line_width(0.6)
        self.line(24, self.get_y() + 3, 186, self.get_y() + 3)
        self.ln(12)

    def footer(self) -> None:
        """The page's number, and that nothing of it is real."""
        self.set_y(-20)
        self.set_font("Noto", "", 8)
        self.set_text_color(*QUIET)
        self.cell(0, 5, "Ukážkový list. Poisťovňa, osoby aj sumy sú vymyslené.")
        self.cell(0, 5, f"Strana {self.page_no()}", align="R")

    def heading(self, text: str) -> None:
        self.set_font("Noto", "B", 17)
        self.set_text_color(25, 30, 33)
        self.multi_cell(0, 8, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def section(self, text: str) -> None:
        self.ln(2)
        self.set_font("Noto", "B", 11)
        self.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def paragraph(self, text: str) -> None:
        self.set_font("Noto", "", 10.5)
        self.set_text_color(25, 30, 33)
        self.multi_cell(0, 5.8, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2.5)

    def figures(self, rows: Sequence[tuple[str, ...]], widths: tuple[int, ...]) -> None:
        """A table whose first row names the columns and whose first column names the rows."""
        self.set_font("Noto", "", 9.5)
        style: dict[str, Any] = {
            "headings_style": FontFace(emphasis="BOLD", fill_color=(232, 239, 242)),
            "text_align": ("LEFT", *("RIGHT" for _ in widths[1:])),
            "borders_layout": "HORIZONTAL_LINES",
        }
        self.set_draw_color(200, 205, 208)
        self.set_line_width(0.2)
        with self.table(rows, col_widths=widths, line_height=6.5, **style):
            pass
        self.ln(5)


def statement() -> Letter:
    """A yearly statement of two pages."""
    letter = Letter("Ročný výpis k poistnej zmluve")
    letter.paragraph("Vážená klientka, vážený klient,")
    letter.paragraph(
        "posielame vám prehľad o vašej poistnej zmluve za uplynulý rok. Nájdete v ňom, čo ste zaplatili, "
        "aké poistné sumy u nás máte a čo sa v zmluve zmenilo. Ak sa niektorý údaj nezhoduje s tým, čo si "
        "pamätáte, ozvite sa nám."
    )
    letter.section("Zaplatené poistné")
    letter.figures(
        (
            ("Obdobie", "Splatné", "Predpísané", "Zaplatené"),
            ("1. štvrťrok", "15. januára", "48,60 €", "48,60 €"),
            ("2. štvrťrok", "15. apríla", "48,60 €", "48,60 €"),
            ("3. štvrťrok", "15. júla", "48,60 €", "48,60 €"),
            ("4. štvrťrok", "15. októbra", "48,60 €", "48,60 €"),
            ("Spolu", "", "194,40 €", "194,40 €"),
        ),
        (60, 35, 33, 34),
    )
    letter.section("Poistné sumy")
    letter.figures(
        (
            ("Riziko", "Poistná suma", "Spoluúčasť"),
            ("Požiar, víchrica, krupobitie", "120 000,00 €", "50,00 €"),
            ("Voda z vodovodného zariadenia", "40 000,00 €", "50,00 €"),
            ("Krádež vlámaním", "15 000,00 €", "100,00 €"),
            ("Zodpovednosť za škodu", "80 000,00 €", "30,00 €"),
        ),
        (86, 38, 38),
    )
    letter.add_page()
    letter.section("Čo sa v zmluve zmenilo")
    letter.paragraph(
        "V uplynulom roku sme poistné sumy upravili podľa rastu cien stavebných prác o 3,2 %. Poistné sa "
        "nezmenilo. Ak ste byt alebo dom medzičasom prestavali, dajte nám vedieť: podpoistený majetok "
        "nevieme odškodniť celý."
    )
    letter.section("Čo môžete urobiť vy")
    letter.paragraph(
        "Skontrolujte, či na vás máme platné telefónne číslo. Posielame naň heslo, ktorým sa otvárajú naše "
        "listy. V Klientskej zóne si môžete nastaviť aj vlastné heslo; ľahko sa pamätá a nikto iný ho "
        "nepozná."
    )
    letter.paragraph("S úctou\nVzorová poisťovňa, a. s.\nOddelenie správy zmlúv")
    return letter


CONDITIONS = (
    (
        "Článok 1  Čo je poistené",
        "Poistená je domácnosť na adrese uvedenej v poistnej zmluve: zariadenie bytu, odevy, elektronika, "
        "knihy, nástroje a ďalšie veci, ktoré patria vám alebo osobám, ktoré s vami v byte žijú.",
        "Poistené sú aj veci, ktoré máte dočasne pri sebe na cestách po Slovenskej republike a v krajinách "
        "Európskej únie, najviac však do výšky 10 % poistnej sumy.",
    ),
    (
        "Článok 2  Proti čomu je poistená",
        "Poistenie sa vzťahuje na požiar, výbuch, úder blesku, víchricu, krupobitie, povodeň, zosuv pôdy, "
        "ťarchu snehu, vodu z vodovodných zariadení a na krádež vlámaním.",
        "Nevzťahuje sa na škody, ktoré ste spôsobili úmyselne, na škody z opotrebovania a na škody, ktoré "
        "vznikli pred začiatkom poistenia.",
    ),
    (
        "Článok 3  Kedy poistenie začína a končí",
        "Poistenie začína dňom uvedeným v poistnej zmluve o 00.00 h. Uzatvára sa na neurčitý čas.",
        "Zmluvu môžete vypovedať do dvoch mesiacov od jej uzavretia bez udania dôvodu; výpovedná lehota je "
        "osem dní. Neskôr ju môžete vypovedať ku koncu poistného obdobia, najmenej šesť týždňov vopred.",
    ),
    (
        "Článok 4  Poistné",
        "Poistné platíte v splátkach a v lehotách, ktoré sú uvedené v zmluve. Ak splátku nezaplatíte do "
        "jedného mesiaca od doručenia našej výzvy, poistenie zanikne.",
        "O tom, že sa výška poistného mení, vás upovedomíme najmenej desať týždňov pred koncom poistného "
        "obdobia.",
    ),
    (
        "Článok 5  Ako nám oznámite škodu",
        "Škodu oznámte bez zbytočného odkladu, najlepšie do troch dní. Krádež oznámte aj polícii. Nič "
        "neopravujte ani neodstraňujte, kým sa s nami nedohodnete, iba ak hrozí ďalšia škoda.",
        "Priložte fotografie, zoznam poškodených vecí a doklady, ktoré o nich máte. Ak ich nemáte, pomôžeme "
        "vám hodnotu určiť inak.",
    ),
    (
        "Článok 6  Koľko a kedy vyplatíme",
        "Vyplatíme sumu, za ktorú sa poškodená vec dá opraviť, alebo za ktorú sa dá kúpiť nová vec "
        "rovnakého druhu. Od nej odpočítame spoluúčasť.",
        "Plníme do 15 dní po skončení vyšetrovania škody. Ak sa neskončí do 30 dní od oznámenia, dostanete "
        "na požiadanie primeraný preddavok.",
    ),
    (
        "Článok 7  Elektronická korešpondencia",
        "Listy vám posielame e-mailom ako šifrované dokumenty PDF. Otvárajú sa heslom, ktoré je v základnom "
        "nastavení odvodené z rodného čísla, alebo vlastným heslom, ktoré si nastavíte v Klientskej zóne.",
        "Heslo vám na požiadanie pošleme SMS správou na overené telefónne číslo. Nikdy si ho od vás "
        "nevyžiadame telefonicky ani e-mailom.",
    ),
    (
        "Článok 8  Sťažnosti",
        "Sťažnosť môžete podať písomne, telefonicky alebo osobne. Vybavíme ju do 30 dní. Ak s jej vybavením "
        "nesúhlasíte, môžete sa obrátiť na Národnú banku Slovenska.",
        "Tieto podmienky sú účinné od 1. januára a nahrádzajú predchádzajúce znenie.",
    ),
)


def conditions() -> Letter:
    """Policy conditions of three pages."""
    letter = Letter("Všeobecné poistné podmienky pre poistenie domácnosti")
    letter.paragraph(
        "Vážená klientka, vážený klient, posielame vám nové znenie poistných podmienok. Na vašich právach "
        "sa nič nezhoršuje; podmienky sú kratšie a zrozumiteľnejšie. Prosíme, odložte si ich k poistnej "
        "zmluve."
    )
    for number, (title, *texts) in enumerate(CONDITIONS):
        if number in (3, 6):
            letter.add_page()
        letter.section(title)
        for count, text in enumerate(texts, start=1):
            letter.paragraph(f"({count})  {text}")
    return letter


def payment() -> Letter:
    """A notice of payment of one page."""
    letter = Letter("Oznámenie o úhrade poistného")
    letter.paragraph("Vážená klientka, vážený klient,")
    letter.paragraph(
        "ďakujeme, vaša platba poistného prišla včas a v správnej výške. Poistenie trvá bez prerušenia."
    )
    letter.figures(
        (
            ("Platba", ""),
            ("Suma", "48,60 €"),
            ("Konštantný symbol", "3558"),
            ("Spôsob úhrady", "prevod z účtu"),
            ("Zostáva uhradiť", "0,00 €"),
        ),
        (100, 62),
    )
    letter.paragraph(
        "Ďalšiu splátku očakávame o tri mesiace. Ak platíte trvalým príkazom alebo inkasom, nemusíte nič "
        "robiť. Ak ste zmenili účet, oznámte nám ho, prosíme, najmenej týždeň pred splatnosťou."
    )
    letter.paragraph("S úctou\nVzorová poisťovňa, a. s.\nÚčtáreň poistného")
    return letter


LETTERS: dict[str, Callable[[], Letter]] = {
    "vypis.pdf": statement,
    "podmienky.pdf": conditions,
    "platba.pdf": payment,
}


def main() -> None:
    """Write all of them."""
    for name, draw in LETTERS.items():
        letter = draw()
        letter.output(str(FOLDER / name))
        print(f"{name}: {letter.page_no()} pages, {(FOLDER / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
