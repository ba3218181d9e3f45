"""The reference tables that come with the migrations."""

import pytest

from parks.models import Industry, QualificationKind
from parks.reference import load_industries, load_qualification_kinds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("rank", "number"), [("section", 20), ("division", 97), ("group", 473), ("class", 1381)])
def test_gb_t_4754_2017_is_complete(rank, number):
    assert Industry.objects.filter(rank=rank).count() == number


def test_every_entry_hangs_on_the_one_above():
    assert Industry.objects.get(code="6513").parent.parent.parent_id == "I"
    assert not Industry.objects.exclude(rank="section").filter(parent=None).exists()


def test_loading_again_changes_nothing_and_keeps_kinds_added_by_the_office():
    QualificationKind.objects.create(code="LOCAL", name="本镇优秀企业", short_name="优秀", awarded_at="other")
    before = (Industry.objects.count(), QualificationKind.objects.count())
    load_industries(Industry)
    load_qualification_kinds(QualificationKind)
    assert (Industry.objects.count(), QualificationKind.objects.count()) == before


@pytest.mark.parametrize("code", ["HNTE", "SRDI", "GIANT", "POSTDOC_B", "GREEN_N"])
def test_the_titles_leaders_ask_for_are_in_the_catalogue(code):
    assert QualificationKind.objects.filter(code=code).exists()
