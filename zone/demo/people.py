"""Who lives in the demo: one table of people, all of them invented.

Slovakia reserves no phone numbers for examples, so these are ordinary ones that the demo never sends anything to.
The last four digits of some make the demo's carrier fail, see `zone.messages.sms.demo`. E-mail addresses
lie in example.org, which RFC 2606 keeps free. Birth numbers fit their rules and were made up.
"""

from __future__ import annotations

from zone.audit import Role
from zone.config import LetterKind
from zone.demo.person import BrokerPerson, ClientPerson, LetterSent, OwnPasswordSet, Person, PhoneChanged
from zone.language import N_

CAME_DAYS_AGO = 900

HOME = "Poistenie domácnosti"
CAR = "Povinné zmluvné poistenie"
LIFE = "Životné poistenie"
TRAVEL = "Cestovné poistenie"
BUSINESS = "Poistenie podnikateľov"


def statement(days_ago: int) -> LetterSent:
    return LetterSent(days_ago, "vypis.pdf", "Ročný výpis k poistnej zmluve", LetterKind.STATEMENT, policy=-1)


def conditions(days_ago: int) -> LetterSent:
    return LetterSent(days_ago, "podmienky.pdf", "Nové znenie poistných podmienok", LetterKind.CONTRACT)


def payment(days_ago: int) -> LetterSent:
    return LetterSent(days_ago, "platba.pdf", "Oznámenie o úhrade poistného", LetterKind.PREMIUM)


CLIENTS = (
    ClientPerson(
        name="Jana Kováčová",
        email="jana.kovacova@example.org",
        password="cervene-jablko-spieva",
        note=N_(
            "Start here. She has set her own letter password; her older letters still open with the last "
            "4 digits of her birth number. Have the password sent, read it on the phone, open a letter."
        ),
        reference="100101",
        birth_number="855914/3318",
        phone="+421911000101",
        policies=(("6100000101", HOME), ("6200000101", LIFE)),
        history=(
            statement(402),
            payment(286),
            OwnPasswordSet(203, "pomaly vlak do Tatier"),
            conditions(118),
            statement(37),
            payment(6),
        ),
    ),
    ClientPerson(
        name="Peter Novák",
        email="peter.novak@example.org",
        password="tichy-vlak-do-hory",
        note=N_(
            "The basic setting: the last 4 digits of a birth number with 10 digits. Can set an own password."
        ),
        reference="100102",
        birth_number="790308/2341",
        phone="+421911000102",
        policies=(("6100000102", CAR),),
        history=(statement(38), payment(5)),
    ),
    ClientPerson(
        name="Mária Horváthová",
        email="maria.horvathova@example.org",
        password="sedem-bielych-husi",
        note=N_("Born before 1954, so her birth number has 9 digits and her letters open with the last 3."),
        reference="100103",
        birth_number="485612/042",
        phone="+421911000103",
        policies=(("6100000103", HOME), ("6200000103", LIFE)),
        history=(payment(12),),
    ),
    ClientPerson(
        name="Vzorové stolárstvo, s. r. o.",
        email="stolarstvo@example.org",
        password="kladivo-a-marmelada",
        note=N_(
            "A company has no birth number. Its password was generated and went by SMS before its first letter."
        ),
        reference="200104",
        company=True,
        phone="+421911000104",
        policies=(("6300000104", BUSINESS),),
        history=(conditions(21),),
    ),
    ClientPerson(
        name="Sklady Pod Skalkou, s. r. o.",
        email="sklady@example.org",
        password="tisic-debien-a-mys",
        note=N_(
            "A company whose number was confirmed two years ago: its password cannot be sent, so its letter waits. "
            "It goes by itself once the number is confirmed."
        ),
        reference="200109",
        company=True,
        phone="+421911000109",
        phone_confirmed_days_ago=731,
        policies=(("6300000109", BUSINESS),),
        history=(payment(3),),
    ),
    ClientPerson(
        name="Lucia Balážová",
        email="lucia.balazova@example.org",
        password="zeleny-dazdnik-tancuje",
        note=N_("Her phone number was changed yesterday, so for 72 hours no password goes to the new one."),
        reference="100105",
        birth_number="905407/3314",
        phone="+421911000105",
        policies=(("6100000105", CAR),),
        history=(payment(9), PhoneChanged(1, "+421911000106")),
    ),
    ClientPerson(
        name="Jozef Tóth",
        email="jozef.toth@example.org",
        password="stary-mlyn-pri-potoku",
        note=N_(
            "His number was confirmed two years ago. He confirms it with a code before a password goes to it."
        ),
        reference="100107",
        birth_number="680523/2346",
        phone="+421911000107",
        phone_confirmed_days_ago=731,
        policies=(("6200000107", LIFE),),
        history=(statement(40),),
    ),
    ClientPerson(
        name="Emma Clarke",
        email="emma.clarke@example.org",
        password="quiet-otters-paint-doors",
        note=N_(
            "Reads English and has no Slovak birth number, so her password was generated, like a company's."
        ),
        language="en",
        reference="100108",
        phone="+421911000108",
        policies=(("6400000108", TRAVEL),),
        history=(payment(15),),
    ),
    ClientPerson(
        name="Milan Varga",
        email="milan.varga@example.org",
        password="oblak-v-kufri-pradeda",
        note=N_("The carrier refuses his number: the SMS fails at once."),
        reference="100001",
        birth_number="750111/3312",
        phone="+421911000001",
        policies=(("6100000001", CAR),),
    ),
    ClientPerson(
        name="Eva Molnárová",
        email="eva.molnarova@example.org",
        password="susene-hrusky-na-pode",
        note=N_("Her phone stays switched off: the SMS is sent, then fails."),
        reference="100002",
        birth_number="885730/4280",
        phone="+421911000002",
        policies=(("6100000002", HOME),),
    ),
    ClientPerson(
        name="Ján Kučera",
        email="jan.kucera@example.org",
        password="dreveny-kon-a-kompas",
        note=N_(
            "The carrier turns the SMS away at first. It is tried again after 5 and 15 seconds, and arrives."
        ),
        reference="100003",
        birth_number="701129/6281",
        phone="+421911000003",
        policies=(("6100000003", HOME),),
    ),
    ClientPerson(
        name="Zuzana Kollárová",
        email="zuzana.kollarova@example.org",
        password="plachetnica-bez-vetra",
        note=N_(
            "The carrier's answer gets lost: nobody knows whether the SMS went out, until its receipt comes."
        ),
        reference="100004",
        birth_number="965228/5258",
        phone="+421911000004",
        policies=(("6400000004", TRAVEL),),
    ),
    ClientPerson(
        name="Anna Ďurišová",
        email="anna.durisova@example.org",
        password="medovnik-z-povaly",
        note=N_("No receipt ever comes: the SMS stays sent."),
        reference="100005",
        birth_number="835819/3316",
        phone="+421911000005",
        policies=(("6100000005", HOME),),
    ),
)
BROKERS = (
    BrokerPerson(
        name="Katarína Bieliková",
        email="katarina.bielikova@example.org",
        password="lampa-nad-mapou-mesta",
        note=N_(
            "A broker with six policies in her portfolio. Her mandate for Mária Horváthová's home has ended."
        ),
        policies=("6100000101", "6200000101", "6100000102", "6300000104", "6100000105", "6100000001"),
        ended=("6100000103",),
    ),
    BrokerPerson(
        name="Tomáš Urban",
        email="tomas.urban@example.org",
        password="rychly-bocian-v-dazdi",
        note=N_("Another broker, with other clients. Neither sees the other's."),
        policies=("6100000103", "6200000103", "6200000107", "6400000108", "6100000002"),
    ),
)
SUPPORT = (
    Person(
        role=Role.SUPPORT,
        name="Viera Polláková",
        email="viera.pollakova@example.org",
        password="hviezdy-pod-kobercom",
        note=N_(
            "A support agent. Type Jana, open her card with the arrow and Enter, and choose Act for the client. "
            "Messages that did not arrive stand there too, after somebody above has asked for one."
        ),
    ),
    Person(
        role=Role.SUPPORT,
        name="Martin Šimko",
        email="martin.simko@example.org",
        password="sluchadlo-a-limonada",
        note=N_("Another support agent."),
    ),
)
PEOPLE: tuple[Person, ...] = (*CLIENTS, *BROKERS, *SUPPORT)
