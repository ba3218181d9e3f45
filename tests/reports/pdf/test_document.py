"""The PDF as a reader gets it: page, fonts, text, bookmarks."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from reportlab.lib.units import mm

from reports.documents.copy import Copy
from reports.pdf import FontsMissing, fonts, render
from reports.pdf.page import PITCH
from reports.report import Definition, FigureStrip, Numbered, Prose, RedHeader
from tests.reports.ink import inks
from tests.reports.pdf.conftest import FIGURES, having, open_table, unit_table
from tests.reports.pdf_text import fonts_of, page_texts, reader, text_of


@pytest.fixture
def fresh_fonts():
    """Forget which fonts were found, before and after."""

    def forget():
        for cached in (fonts.chain, fonts.font_for, fonts.glyph):
            cached.cache_clear()

    forget()
    yield
    forget()


def test_every_font_is_embedded_as_a_subset_of_a_truetype_font(report):
    found = list(fonts_of(render(report)))
    assert found
    assert all(descriptor and "/FontFile2" in descriptor for _, descriptor in found)
    assert all("+" in name for name, _ in found)


def test_a_report_stays_small_because_fonts_are_cut_to_what_is_used(report):
    assert len(render(report)) < 400_000


def test_the_page_is_a4_and_the_text_keeps_the_margins_of_the_standard(report):
    page = reader(render(report)).pages[0]
    assert (round(float(page.mediabox.width) / mm), round(float(page.mediabox.height) / mm)) == (210, 297)
    places: list[tuple[float, float]] = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: (
            places.append((cm[4] + tm[4], cm[5] + tm[5])) if text.strip() else 0
        )
    )
    body = [(x, y) for x, y in places if y > 30 * mm]
    assert min(x for x, _ in body) >= 28 * mm - 1
    assert max(y for _, y in body) <= (297 - 37) * mm


def test_the_characters_of_a_full_page_begin_28_mm_from_the_left_and_37_mm_from_the_top(report):
    ink = inks(render(having(report, "summary", Prose(("企业服务" * 400,)))))[1]
    assert ink.left == pytest.approx(28, abs=1)
    assert ink.top == pytest.approx(37, abs=1)
    assert ink.right == pytest.approx(28 + 156, abs=1)
    assert 37 + 21 * PITCH / mm < ink.bottom <= 37 + 225


def test_a_page_is_full_with_22_lines_of_28_characters(report):
    page = reader(render(having(report, "summary", Prose(("企业服务" * 400,))))).pages[1]
    lines = [line for line in page.extract_text().splitlines() if "企业" in line or "服务" in line]
    assert len(lines) == 22
    assert {len("".join(line.split())) for line in lines} == {28}


def test_the_red_rule_is_4_mm_below_the_number_and_as_wide_as_the_type_area(report):
    page = reader(render(replace(report, header=RedHeader("西集镇人民政府", "西政文〔2026〕12号")))).pages[0]
    text = page.extract_text()
    assert text.index("西集镇人民政府") < text.index("西政文〔2026〕12号") < text.index("诉求办结")
    drawn = page.get_contents().get_data().decode("latin-1").partition(".82 0 0 RG")[2]
    (x1, y1, x2, y2) = (float(n) for n in re.search(r"n (\S+) (\S+) m (\S+) (\S+) l S", drawn).groups())
    assert (y1, round((x2 - x1) / mm)) == (y2, 156)
    printed = "".join(page_texts(render(report)))
    assert "西集镇人民政府西政文" not in printed


def test_the_mark_of_the_copy_is_on_every_page(report):
    pages = page_texts(render(having(report, "open_appeals", open_table(60)), Copy("张三（某镇）2026-11-28打印")))
    assert len(pages) > 2
    assert all(page.count("张三（某镇）2026-11-28打印") == 4 for page in pages)


def test_text_can_be_read_back(report):
    text = text_of(render(report))
    for printed in (
        "诉求办结与满意情况报告",
        "（2023年11月）",
        "走访家次",
        "177",
        "100.00%",
        "88.3",
        "合计",
        "2023年12月1日",
    ):
        assert printed in text


def test_pages_are_numbered_with_a_dash_on_each_side(report):
    pages = page_texts(render(report))
    assert all(f"—{number}—" in page for number, page in enumerate(pages, start=1))


def test_odd_pages_have_their_number_on_the_right_and_even_ones_on_the_left(report):
    places = []
    for page in reader(render(having(report, "open_appeals", open_table(60)))).pages[:2]:
        page.extract_text(
            visitor_text=lambda text, cm, tm, f, s: places.append(tm[4]) if "—" in text and tm[5] < 100 else 0
        )
    assert places[0] > 150 * mm
    assert places[1] < 40 * mm


def test_the_file_says_title_author_and_language(report):
    document = reader(render(report))
    assert document.metadata.title == "诉求办结与满意情况报告（2023年11月）"
    assert document.metadata.author == "西集镇人民政府"
    assert document.trailer["/Root"]["/Lang"] == "zh-CN"


def test_headings_are_bookmarks(report):
    titles = [entry.title for entry in reader(render(report)).outline if not isinstance(entry, list)]
    assert "一、总体情况" in str(titles + reader(render(report)).outline)
    assert "五、未办结诉求" in str(reader(render(report)).outline)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "A&B <b>公司", "㛃䶮𣲗镕喆堃公司", "&nbsp;&#123;"])
def test_a_name_is_printed_as_it_is(report, name):
    text = text_of(render(having(report, "open_appeals", open_table(1, name))))
    assert "".join(name.split()) in text


def test_a_long_table_repeats_its_header_on_every_page(report):
    pages = page_texts(render(having(report, "by_unit", unit_table(200))))
    with_rows = [page for page in pages if "科2020161614122" in page]
    assert len(with_rows) > 5
    assert all("承办单位" in page and "响应率" in page for page in with_rows)
    assert sum(page.count("科2020161614122") for page in pages) == 200


def test_the_total_never_stands_alone_on_a_page(report):
    for count in range(20, 60):
        last = next(
            page for page in page_texts(render(having(report, "by_unit", unit_table(count)))) if "合计2020" in page
        )
        assert f"第{count}科" in last


def test_the_signature_never_stands_alone_on_a_page(report):
    for count in range(1, 40, 3):
        pages = page_texts(
            render(having(report, "definitions", Numbered((Definition("走访家次", "口径" * 40),) * count)))
        )
        assert "口径" in pages[-1]
        assert "2023年12月1日" in pages[-1]


def test_a_heading_is_followed_by_its_table_on_the_same_page(report):
    for count in range(1, 60, 4):
        pages = page_texts(render(having(report, "by_unit", unit_table(count))))
        page = next(page for page in pages if "五、未办结诉求" in page)
        assert "SQ00000" in page


@pytest.mark.parametrize("block", [FigureStrip("走访", FIGURES), Numbered((Definition("班车", "需求" * 90),) * 2)])
def test_a_heading_never_stands_alone_before_figures_or_cases(report, block):
    for lines in range(1, 24):
        filled = having(report, "by_unit", Prose(("企业服务" * 7,) * lines))
        pages = page_texts(render(having(filled, "by_category", block)))
        page = next(page for page in pages if "四、诉求类别情况" in page)
        assert not page.endswith("四、诉求类别情况")
        assert not page.endswith("（二）走访")


def test_cases_and_next_steps_are_set_in_the_size_of_the_text_and_definitions_in_small(report):
    filled = having(report, "by_category", Numbered((Definition("", "加强走访"),)))
    sizes = {}
    for page in reader(render(filled)).pages:
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: sizes.setdefault(text.strip(), size))
    assert sizes["加强走访"] == 16
    assert sizes["一次走访见5家企业计5家次。"] == 12


def test_a_heading_never_stands_alone_before_a_low_table(report):
    """A low table is not cut in two, and takes its heading along to the next page."""
    for count in range(1, 30):
        filled = having(report, "by_unit", unit_table(count))
        pages = page_texts(render(having(filled, "open_appeals", open_table(6))))
        page = next(page for page in pages if "五、未办结诉求" in page)
        assert "SQ00000" in page
        assert "SQ00005" in page


def test_a_report_without_rows_says_so(report):
    empty = replace(report.table("by_unit"), rows=(), total=None)
    assert "没有诉求。" in text_of(render(having(report, "by_unit", empty)))


def test_without_fonts_the_user_is_told_what_to_do(report, settings, tmp_path, fresh_fonts):
    settings.NODE_MODULES = tmp_path
    with pytest.raises(FontsMissing, match="make setup"):
        render(report)


def test_official_fonts_are_used_where_the_machine_has_them(report, settings, tmp_path, fresh_fonts):
    source = settings.NODE_MODULES / fonts.BUNDLE / fonts.SANS
    (tmp_path / "SimFang.TTF").symlink_to(source)
    settings.YQT = settings.YQT | {"OFFICIAL_FONTS_DIR": str(tmp_path)}
    assert fonts.chain(fonts.Face.BODY)[0] == "SimFang"
    assert "诉求办结" in text_of(render(report))


def test_a_font_that_cannot_be_embedded_is_passed_over(settings, tmp_path, fresh_fonts):
    (tmp_path / "simfang.ttf").write_bytes(b"not a font")
    settings.YQT = settings.YQT | {"OFFICIAL_FONTS_DIR": str(tmp_path)}
    assert fonts.chain(fonts.Face.BODY)[0] == "NotoSerifSC_400Regular"
