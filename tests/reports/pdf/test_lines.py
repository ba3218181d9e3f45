"""Chinese line breaking."""

from __future__ import annotations

from pathlib import Path

import reportlab
from hypothesis import given
from hypothesis import strategies as st

from reports.pdf.fonts import MISSING, Face, chain, font_for, glyph, rare_files
from reports.pdf.lines import CANNOT_END, CANNOT_START, break_lines, cell_lines

RARE = "㛃䶮𣲗镕喆堃"
text = st.text("服务企业诉求（）“”，。、：；《》办结率12.5%AB —…", max_size=120)


def lines_of(content, width, **kwargs):
    return ["".join(g[1] for g in line.glyphs) for line in break_lines([(content, Face.BODY)], width, **kwargs)]


def test_no_line_starts_with_a_closing_mark():
    assert lines_of("企业反映的问题，已经办结。", 7) == ["企业反映的问", "题，已经办结。"]


def test_no_line_ends_with_an_opening_mark():
    assert lines_of("见附件二（说明）", 5) == ["见附件二", "（说明）"]


def test_numbers_and_their_units_stay_whole():
    assert lines_of("本期办结率为97.30%共171件", 8) == ["本期办结率为", "97.30%共171件"]


def test_a_word_longer_than_the_line_is_broken_where_it_must():
    assert len(lines_of("https://example.org/a/very/long/address", 5)) > 2


@given(text, st.integers(10, 30))
def test_no_text_is_lost_and_no_line_breaks_the_rules_where_it_could_keep_them(content, width):
    lines = break_lines([(content, Face.BODY)], width, indent=2)
    printed = "".join(g[1] for line in lines for g in line.glyphs)
    assert printed.replace(" ", "") == content.replace(" ", "")


@given(st.text("服务企业诉求，。、办结", min_size=1, max_size=200), st.integers(8, 30))
def test_plain_text_never_runs_over_the_edge_unless_marks_pile_up(content, width):
    lines = break_lines([(content, Face.BODY)], width)
    assert "".join(g[1] for line in lines for g in line.glyphs) == content.strip()
    for line in lines[1:]:
        first = line.glyphs[0][1]
        assert first not in CANNOT_START or line.width <= width
    for line in lines[:-1]:
        assert not line.glyphs or line.glyphs[-1][1] not in CANNOT_END


def test_a_cell_that_is_too_long_ends_in_an_ellipsis():
    lines = cell_lines("诉求内容" * 40, Face.SONG, 10, 3)
    assert len(lines) == 3
    assert lines[-1].glyphs[-1][1] == "…"
    assert all(line.width <= 10 for line in lines)


def test_rare_characters_of_names_have_a_font():
    assert all(font_for(face, character) for face in Face for character in RARE)


def test_a_character_that_no_font_has_is_printed_as_a_visible_mark():
    assert lines_of("\U0003fff0公司", 10) == [f"{MISSING}公司"]


def test_control_characters_do_not_reach_the_page():
    assert lines_of("甲\n乙\x00丙\u200b丁\ufe0f", 10) == ["甲 乙 丙丁"]


def test_a_rare_character_is_printed_by_a_font_of_the_machine_that_has_it(settings, tmp_path):
    """Vera stands for a font of rare characters: it has the Polish Ł, which no font of the chain has."""
    assert font_for(Face.BODY, "Ł") == ""
    vera = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    (tmp_path / "SIMSUNB.TTF").write_bytes(vera.read_bytes())
    settings.YQT = settings.YQT | {"OFFICIAL_FONTS_DIR": str(tmp_path)}
    forget_fonts()
    assert font_for(Face.BODY, "Ł") not in ("", *chain(Face.BODY))
    assert lines_of("Ł公司", 10) == ["Ł公司"]
    settings.YQT = settings.YQT | {"OFFICIAL_FONTS_DIR": ""}
    forget_fonts()


def forget_fonts():
    for known in (font_for, glyph, rare_files):
        known.cache_clear()
