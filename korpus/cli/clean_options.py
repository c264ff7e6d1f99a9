"""The options of clean: what to remove from text."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer

DEFAULT, NEWS, WEB, LETTERS = "On by default", "News", "Web and personal data", "Letters"
_WITH_MASK = "keep|remove|mask"
_WITH_WORD = "keep|remove|word"


@dataclass(frozen=True)
class CleanOptions:
    """What to clean; see `korpus.documents.clean`."""

    control: Annotated[
        bool,
        typer.Option(
            "--control/--no-control",
            help="Control and invisible characters, halves of emoji.",
            rich_help_panel=DEFAULT,
        ),
    ] = True
    html: Annotated[
        bool,
        typer.Option(
            "--html/--no-html",
            help="HTML tags and references (&quot;); <기생충> stays.",
            rich_help_panel=DEFAULT,
        ),
    ] = True
    spaces: Annotated[
        bool,
        typer.Option(
            "--spaces/--no-spaces",
            help="Unusual and repeated spaces, blank lines after the first.",
            rich_help_panel=DEFAULT,
        ),
    ] = True
    boilerplate: Annotated[
        float,
        typer.Option(
            "--boilerplate",
            metavar="SHARE",
            help="Remove lines and sentences that are in at least this share of the documents: "
            "0.05. Reads the input twice; standard input is held in memory.",
            rich_help_panel=NEWS,
        ),
    ] = 0.0
    bylines: Annotated[
        bool,
        typer.Option(
            "--bylines",
            help="Remove reporters (홍길동 기자) with their e-mail, agencies (서울=연합뉴스), "
            "rights (무단전재 금지), photo credits.",
            rich_help_panel=NEWS,
        ),
    ] = False
    urls: Annotated[
        str, typer.Option("--urls", metavar=_WITH_MASK, help="URLs.", rich_help_panel=WEB)
    ] = "keep"
    emails: Annotated[
        str,
        typer.Option("--emails", metavar=_WITH_MASK, help="E-mail addresses.", rich_help_panel=WEB),
    ] = "keep"
    mentions: Annotated[
        str,
        typer.Option(
            "--mentions", metavar=_WITH_WORD, help="Mentions: @누구.", rich_help_panel=WEB
        ),
    ] = "keep"
    hashtags: Annotated[
        str,
        typer.Option(
            "--hashtags", metavar=_WITH_WORD, help="#맛집; word: 맛집.", rich_help_panel=WEB
        ),
    ] = "keep"
    mask_personal: Annotated[
        bool,
        typer.Option(
            "--mask-personal",
            help="Write * for the digits of resident numbers (주민등록번호), cards, accounts and "
            "telephones, and for e-mail. Names and postal addresses stay.",
            rich_help_panel=WEB,
        ),
    ] = False
    emoji: Annotated[
        str,
        typer.Option(
            "--emoji",
            metavar="keep|remove|name",
            help="Emoji; name: :활짝_웃는_얼굴:.",
            rich_help_panel=LETTERS,
        ),
    ] = "keep"
    repeat: Annotated[
        int,
        typer.Option(
            "--repeat",
            metavar="N",
            min=0,
            help="Repeat a character at most N times; 2: ㅋㅋㅋㅋ → ㅋㅋ (0: any number).",
            rich_help_panel=LETTERS,
        ),
    ] = 0
    width: Annotated[
        bool,
        typer.Option("--width", help="Full width to half: ＡＢＣ → ABC.", rich_help_panel=LETTERS),
    ] = False
    hanja: Annotated[
        bool,
        typer.Option(
            "--hanja",
            help="Hanja to Hangul: 漢字 → 한자, 미국(美國) → 미국.",
            rich_help_panel=LETTERS,
        ),
    ] = False
    only_hangul: Annotated[
        bool,
        typer.Option(
            "--only-hangul",
            help="Remove all but Hangul, spaces and line ends: 가.나 → 가나, 가. 나 → 가 나.",
            rich_help_panel=LETTERS,
        ),
    ] = False
    pattern: Annotated[
        list[str] | None,
        typer.Option(
            "--pattern",
            metavar="REGEX=REPLACEMENT",
            help="Replace by a regular expression, after the rest: '(단독|속보)='. Repeatable.",
            rich_help_panel=LETTERS,
        ),
    ] = None

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `documents.clean`."""
        return asdict(self) | {"pattern": tuple(self.pattern or ())}

    def basic(self) -> dict[str, Any]:
        """Those that shape the lines and sentences among which boilerplate is found."""
        return {name: getattr(self, name) for name in ("control", "html", "spaces", "width")}
