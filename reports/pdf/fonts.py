"""Which TrueType font prints which kind of text, and which font of the chain has a given character."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from itertools import chain as chain_from
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

MISSING = "〓"
LAST_OF_BASIC_PLANE = 0xFFFF
BUNDLE = "@expo-google-fonts"
SERIF = "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf"
SERIF_BOLD = "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf"
SERIF_SEMIBOLD = "noto-serif-sc/600SemiBold/NotoSerifSC_600SemiBold.ttf"
SANS = "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"
SANS_MEDIUM = "noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf"


class Face(StrEnum):
    """Kinds of type in GB/T 9704-2012."""

    BODY = "仿宋"
    TITLE = "小标宋"
    HEADING = "黑体"
    SUBHEADING = "楷体"
    SONG = "宋体"


# What Windows and Chinese office suites ship, looked for in the set folder; then the open substitute that npm brings.
MACHINE_FILES: dict[Face, tuple[str, ...]] = {
    Face.BODY: ("simfang.ttf", "仿宋_GB2312.ttf", "FangSong_GB2312.ttf"),
    Face.TITLE: ("FZXBSJW.TTF", "FZXBSK.TTF", "方正小标宋简体.ttf", "方正小标宋_GBK.ttf"),
    Face.HEADING: ("simhei.ttf",),
    Face.SUBHEADING: ("simkai.ttf", "楷体_GB2312.ttf"),
    Face.SONG: ("simsun.ttc", "simsun.ttf"),
}
BUNDLED_FILES: dict[Face, str] = {
    Face.BODY: SERIF,
    Face.TITLE: SERIF_BOLD,
    Face.HEADING: SANS_MEDIUM,
    Face.SUBHEADING: SERIF_SEMIBOLD,
    Face.SONG: SERIF,
}
LAST_RESORTS = (SERIF, SANS)
# Rare characters of names (𠮷) are in no official face; Windows, and some who need them, have one of these.
RARE_FILES = ("simsunb.ttf", "simsunextg.ttf", "hanaminb.ttf", "hanaminplus.ttf", "babelstonehan.ttf")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")

loading = Lock()
# Streams as they are: text of text makes files a quarter larger, and slower.
rl_config.useA85 = 0


class Font(TTFont):
    """A TrueType font whose rare characters can be copied and searched.

    ReportLab writes the code of a character outside the basic plane as five hex digits into the map that readers use to
    get text back; the map wants UTF-16, so the file shows 𣲗 but searches and screen readers lose it.
    """

    def addObjects(self, doc: Any) -> None:
        rare = [code for code in self.state[doc].assignments if code > LAST_OF_BASIC_PLANE]
        super().addObjects(doc)
        if not rare:
            return
        for name, found in doc.idToObject.items():
            if str(name).startswith("toUnicodeCMap:"):
                found.content = with_surrogates(found.content, rare)


def with_surrogates(content: str, codes: list[int]) -> str:
    for code in codes:
        content = content.replace(f"<{code:04X}>", f"<{chr(code).encode('utf-16-be').hex().upper()}>")
    return content


class FontsMissing(Exception):
    """No usable Chinese font; the message is Chinese and says what to do."""


@cache
def chain(face: Face) -> tuple[str, ...]:
    """Registered font names for a kind of type, the preferred first. Loaded once per process."""
    paths = [path for path in (machine_file(face), *bundled_files(face)) if path]
    names = tuple(dict.fromkeys(name for path in paths if (name := register(path))))
    if not names:
        raise FontsMissing(
            "生成 PDF 需要的中文字体没有找到。请在项目目录运行 make setup 取回字体，"
            "或者在设置 OFFICIAL_FONTS_DIR 中填写存放 simfang.ttf、simhei.ttf 等 TrueType 字体的文件夹。"
        )
    return names


def machine_file(face: Face) -> Path | None:
    folder = settings.YQT.get("OFFICIAL_FONTS_DIR")
    if not folder or not Path(folder).is_dir():
        return None
    found = {path.name.lower(): path for path in Path(folder).iterdir()}
    return next((found[name.lower()] for name in MACHINE_FILES[face] if name.lower() in found), None)


def bundled_files(face: Face) -> list[Path]:
    folder = Path(settings.NODE_MODULES) / BUNDLE
    return [path for name in (BUNDLED_FILES[face], *LAST_RESORTS) if (path := folder / name).is_file()]


@cache
def rare_files() -> tuple[Path, ...]:
    """Fonts of the machine that have little but rare characters; large, so loaded only for a character that asks."""
    folders = [folder for folder in (settings.YQT.get("OFFICIAL_FONTS_DIR"), *FONT_FOLDERS) if folder]
    found = [path for folder in folders for path in sorted(Path(folder).rglob("*.[tT][tT][fF]"))]
    return tuple(path for name in RARE_FILES for path in found if path.name.lower() == name)


@cache
def register(path: Path) -> str:
    """Load a font file and return its name; an empty string when ReportLab cannot embed it."""
    with loading:
        try:
            font = Font(path.stem, str(path))
        except (TTFError, OSError):
            return ""
        pdfmetrics.registerFont(font)
        return str(font.fontName)


@cache
def font_for(face: Face, character: str) -> str:
    """The first font of the chain, then of those for rare characters, that has it; empty when none has."""
    code = ord(character)
    names = chain_from(chain(face), (register(path) for path in rare_files()))
    return next((name for name in names if name and code in pdfmetrics.getFont(name).face.charToGlyph), "")


@cache
def glyph(face: Face, character: str) -> tuple[str, str, float]:
    """(font, character to print, width in ems): a visible 〓 stands for what no font has, never an empty box."""
    name = font_for(face, character)
    if not name:
        name, character = font_for(face, MISSING), MISSING
    return (name, character, pdfmetrics.getFont(name).face.getCharWidth(ord(character)) / 1000)


def runs(glyphs: Sequence[tuple[str, str, float]]) -> list[tuple[str, str]]:
    """Neighbours in the same font joined to (font, text)."""
    return [(name, "".join(g[1] for g in group)) for name, group in groupby(glyphs, key=lambda g: g[0])]
