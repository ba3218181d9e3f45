"""A list that brings a firm's new code, or figures of its year."""

from __future__ import annotations

import pytest

from crm.imports.commit import commit
from crm.imports.corrections import decide
from crm.imports.staging import stage
from crm.imports.undo import undo
from crm.models import ImportBatch
from parks.models import Enterprise
from tests.crm.imports import files
from tests.parks.factories import make_enterprise


def test_a_new_code_keeps_the_old_one_findable_and_undo_takes_it_back(stage_rows, office, manager):
    firm = make_enterprise(office, "北京甲科技有限公司", uscc=files.code(1))
    before = Enterprise.objects.filter(pk=firm.pk).values("uscc", "search_text", "name_key", "uscc_note").get()
    header = ["企业名称", "统一社会信用代码", "系统编号", "营业收入（万元）", "总资产", "财务数据年度"]
    row = ["北京甲科技有限公司", files.code(2), firm.pk, "1,200.5", "3000万元", "2023年"]
    batch = stage_rows([row], header=header)
    if batch.counts["duplicate"]:
        decide(batch.pk, {2: "update"})
        batch = stage(ImportBatch.objects.get(pk=batch.pk), actor=manager)
    batch.mode = "overwrite"
    batch.save()
    commit(batch.pk, actor=manager)
    firm.refresh_from_db()
    assert (firm.uscc, firm.annual_revenue, firm.total_assets, firm.figures_year) == (
        files.code(2),
        12_005_000,
        30_000_000,
        2023,
    )
    assert list(firm.former_codes.values_list("code", flat=True)) == [files.code(1)]
    assert Enterprise.objects.visible_to(manager).filter(former_codes__code=files.code(1)).get() == firm
    undo(batch.pk, actor=manager)
    assert Enterprise.objects.filter(pk=firm.pk).values(*before).get() == before
    assert not firm.former_codes.exists()


@pytest.mark.parametrize("text", ["30万美元", "很多"])
def test_revenue_is_yuan_or_an_error(stage_rows, text):
    batch = stage_rows([["北京甲科技有限公司", text, "x"]], header=["企业名称", "营业收入", "备注"])
    (row,) = batch.rows.all()
    assert row.verdict == "error"
    assert row.messages[0]["column"] == "营业收入"
