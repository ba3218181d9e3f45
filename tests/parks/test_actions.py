"""Changes of the register: versions, history, tags of the right organisation."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from parks import actions
from parks.models import Enterprise, Tag
from tests.parks.factories import make_enterprise


def test_a_change_raises_the_version_and_is_in_the_history_with_its_author(office, manager):
    enterprise = make_enterprise(office, "旧名有限公司")
    enterprise.name = "新名有限公司"
    actions.update_enterprise(enterprise, actor=manager, seen_version=1)
    enterprise.refresh_from_db()
    assert enterprise.version == 2
    last = enterprise.history.first()
    assert (last.name, last.history_user) == ("新名有限公司", manager)


def test_a_stale_edit_is_refused_and_says_who_was_faster(office, manager):
    mine, theirs = make_enterprise(office), None
    theirs = Enterprise.objects.get(pk=mine.pk)
    theirs.phone = "010-1"
    actions.update_enterprise(theirs, actor=manager, seen_version=1)
    mine.phone = "010-2"
    with pytest.raises(ValidationError, match=manager.name):
        actions.update_enterprise(mine, actor=manager, seen_version=1)
    mine.refresh_from_db()
    assert mine.phone == "010-1"


def test_the_same_code_twice_in_one_organisation_is_refused_by_the_database(office, other_office):
    make_enterprise(office, uscc="91110105397625067T")
    make_enterprise(other_office, uscc="91110105397625067T")
    make_enterprise(office, uscc="")
    make_enterprise(office, uscc="")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_enterprise(office, uscc="91110105397625067T")


def test_tags_belong_to_the_enterprises_organisation(office, other_office):
    foreign = Tag.objects.create(organisation=other_office, name="网安")
    enterprise = make_enterprise(office)
    actions.set_tags(enterprise, ["网安", "网安", ""])
    assert [t.organisation for t in enterprise.tags.all()] == [office]
    assert foreign not in enterprise.tags.all()


def test_the_current_name_is_not_listed_as_a_former_one(office):
    enterprise = make_enterprise(office, "甲有限公司")
    actions.set_former_names(enterprise, ["甲有限公司", "乙有限公司", ""])
    assert [n.name for n in enterprise.former_names.all()] == ["乙有限公司"]
