"""Merging two records of one enterprise and taking it back, with records made in separate transactions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from parks import actions as register
from parks.actions.enterprises import refresh_index
from parks.merging import CHOICES, NOT_CHOSEN, compare, what_moves
from parks.models import (
    Contact,
    Enterprise,
    FormerCode,
    FormerName,
    Indicator,
    MergeRecord,
    Qualification,
    ServiceTier,
    Stewardship,
    Tag,
)
from parks.relations import all_relations, moving_relations
from tests.parks.factories import make_enterprise, make_kind
from tests.visits.factories import Cast
from visits.models import Appeal, VisitEnterprise

OLD_CODE, NEW_CODE = "91110105397625067T", "911100001011016602"

in_separate_transactions = pytest.mark.django_db(transaction=True)


class Twins:
    """Two records of one enterprise, each with rows of every kind, some of them the same."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.user = cast, cast.manager
        self.kept = make_enterprise(
            cast.office, "云川图维科技有限公司", uscc=NEW_CODE, tags=["网安", "信创"], phone="010-1"
        )
        self.gone = make_enterprise(
            cast.office, "云川图维有限公司", uscc=OLD_CODE, tags=["网安", "重点"], phone="010-2",
            legal_representative="王某", registered_capital=5_000_000, established_on=date(2015, 5, 1),
        )  # fmt: skip
        kind = make_kind("HNTE")
        for firm in (self.kept, self.gone):
            Contact.objects.create(enterprise=firm, name=f"{firm.name[:4]}联系人", is_primary=True)
            Qualification.objects.create(enterprise=firm, kind=kind, valid_from=date(2022, 1, 1))
            Stewardship.objects.create(enterprise=firm, user=self.user, starts_on=date(2020, 1, 1 + firm.pk % 2))
            ServiceTier.objects.create(enterprise=firm, tier="town", starts_on=date(2020, 1, 1))
            FormerName.objects.create(enterprise=firm, name="云川旧名厂", normalised_name="云川旧名厂")
        Qualification.objects.create(enterprise=self.gone, kind=kind, valid_from=date(2019, 1, 1))
        for firm, *totals in ((self.kept, (2, 10), (4, 30)), (self.gone, (3, 22), (4, 29))):
            register.record_indicators(
                register.Told(firm, "tax", 2023, month, "total", Decimal(amount), date(2023, 5, 1))
                for month, amount in totals
            )
        ServiceTier.objects.create(
            enterprise=self.gone, tier="city", starts_on=date(2018, 1, 1), ends_on=date(2019, 1, 1)
        )
        for firm in (self.kept, self.gone):
            refresh_index(firm)
        self.shared = cast.visit(self.kept, self.gone)
        self.own = cast.visit(self.gone)
        self.appeal = cast.draft(enterprise=self.gone)

    def merge(self, *take: str) -> MergeRecord:
        kept, gone = (Enterprise.objects.get(pk=one.pk) for one in (self.kept, self.gone))
        return register.merge_enterprises(kept, gone, actor=self.user, take=take, seen=(kept.version, gone.version))


@pytest.fixture
def twins(cast) -> Twins:
    return Twins(cast)


def snapshot() -> dict[str, Any]:
    """Every row of both enterprises and of what points at them, bit for bit but for versions and times of writing."""
    hidden = {"version", "updated_at"}
    found = {}
    for relation in moving_relations():
        model = apps.get_model(relation.model)
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in hidden]
        found[relation.key] = list(model._default_manager.order_by("pk").values(*names))
    names = [field.attname for field in Enterprise._meta.concrete_fields if field.attname not in hidden]
    found["enterprises"] = list(Enterprise.objects.order_by("pk").values(*names))
    return found


def pointers_at_enterprises() -> set[tuple[str, str]]:
    """(model, field) of every relation to an enterprise, hidden ones included, but the history's own copies."""
    found = set()
    for relation in Enterprise._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and relation.is_relation):
            continue
        model = relation.related_model
        if relation.many_to_many or hasattr(model, "history_object") or hasattr(model, "instance_type"):
            continue
        found.add((model._meta.label, relation.field.name))
    return found


def test_every_relation_to_an_enterprise_is_declared():
    declared = {(relation.model, relation.field) for relation in all_relations()}
    assert pointers_at_enterprises() == declared, "declare the new relation in parks.relations or the app's own table"


def test_every_field_of_an_enterprise_is_chosen_in_a_merge_or_said_not_to_be():
    chosen = [name for choice in CHOICES for name in choice.names]
    assert len(chosen) == len(set(chosen))
    fields = {field.name for field in Enterprise._meta.concrete_fields}
    assert fields <= set(chosen) | NOT_CHOSEN
    assert not set(chosen) & NOT_CHOSEN


@in_separate_transactions
def test_everything_goes_over_once_and_the_source_goes_to_the_bin(twins):
    moves = {one.label: (one.moves, one.stays) for one in what_moves(twins.kept, twins.gone)}
    assert moves == {
        "联系人": (1, 0), "资质": (1, 1), "管家": (1, 0), "服务包级别": (1, 1), "经济指标月报": (1, 1),
        "曾用名": (0, 1), "标签": (1, 1), "走访": (1, 1), "诉求": (1, 0),
    }  # fmt: skip
    twins.merge("legal_representative", "registered_capital")
    kept, gone = Enterprise.objects.get(pk=twins.kept.pk), Enterprise.objects.get(pk=twins.gone.pk)
    assert (kept.legal_representative, kept.registered_capital, kept.phone) == ("王某", 5_000_000, "010-1")
    assert (gone.merged_into, gone.deleted_at is not None) == (kept, True)
    assert {tag.name for tag in kept.tags.all()} == {"网安", "信创", "重点"}
    assert [(c.name, c.is_primary) for c in kept.contacts.all()] == [
        ("云川图维联系人", True),
        ("云川图维联系人", False),
    ]
    assert kept.qualifications.count() == 2
    assert kept.stewardships.filter(is_primary=True).count() == 1
    assert kept.service_tiers.filter(ends_on=None).count() == 1
    assert {name.name for name in kept.former_names.all()} == {"云川旧名厂", "云川图维有限公司"}
    assert [code.code for code in kept.former_codes.all()] == [OLD_CODE]
    assert Appeal.objects.get(pk=twins.appeal.pk).enterprise == kept
    counted = VisitEnterprise.objects.visible_to(twins.user).counted()
    assert (counted.filter(enterprise=kept).count(), counted.count()) == (2, 2)


@in_separate_transactions
@pytest.mark.parametrize("take", [(), ("name", "uscc", "phone", "established_on"), tuple(c.key for c in CHOICES)])
def test_a_merge_taken_back_restores_everything(twins, take):
    before = snapshot()
    record = twins.merge(*take)
    assert snapshot() != before
    register.unmerge_enterprises(record, actor=twins.user)
    assert snapshot() == before
    assert register.unmerge_enterprises(record, actor=twins.user).deleted_at is None
    assert snapshot() == before


@in_separate_transactions
def test_what_is_counted_follows_the_months_that_went_over_and_came_back(twins):
    def counted() -> list[tuple[str, int]]:
        months = Indicator.objects.filter(enterprise=twins.kept, reach="month").order_by("month")
        return [(row.months, int(row.value)) for row in months]

    before = counted()
    record = twins.merge()
    assert counted() == [("2023年1—2月", 10), ("2023年3月", 12), ("2023年4月", 8)]
    register.unmerge_enterprises(record, actor=twins.user)
    assert counted() == before == [("2023年1—2月", 10), ("2023年3—4月", 20)]


@in_separate_transactions
def test_the_present_name_of_the_survivor_does_not_become_a_former_one(twins):
    name = twins.kept.name
    FormerName.objects.create(enterprise=twins.gone, name=name, normalised_name=name)
    before = snapshot()["parks.FormerName.enterprise"]
    record = twins.merge()
    assert name not in {former.name for former in twins.kept.former_names.all()}
    register.unmerge_enterprises(record, actor=twins.user)
    assert snapshot()["parks.FormerName.enterprise"] == before


@in_separate_transactions
def test_what_was_recorded_since_stays_with_the_survivor(twins):
    record = twins.merge()
    later = twins.cast.visit(Enterprise.objects.get(pk=twins.kept.pk))
    Contact.objects.create(enterprise=twins.kept, name="后来的联系人")
    register.unmerge_enterprises(record, actor=twins.user)
    assert [pair.enterprise for pair in later.pairs.all()] == [twins.kept]
    assert twins.kept.contacts.count() == 2
    assert twins.gone.contacts.get().is_primary


@in_separate_transactions
def test_taking_back_is_refused_as_a_whole_and_says_what_stands_in_the_way(twins):
    record = twins.merge("legal_representative")
    kept = Enterprise.objects.get(pk=twins.kept.pk)
    kept.legal_representative = "李某"
    register.update_enterprise(kept, actor=twins.user, seen_version=kept.version)
    Appeal.objects.get(pk=twins.appeal.pk).delete()
    make_enterprise(twins.cast.office, "占用代码有限公司", uscc=OLD_CODE)
    before = snapshot()
    with pytest.raises(ValidationError) as refused:
        register.unmerge_enterprises(record, actor=twins.user)
    message = refused.value.messages[0]
    for part in ("法定代表人", "1 条诉求", "占用代码有限公司"):
        assert part in message
    assert snapshot() == before


@in_separate_transactions
def test_a_chain_of_merges_is_followed_and_undone_from_its_end(client, twins):
    third = make_enterprise(twins.cast.office, "第三有限公司")
    first = twins.merge()
    kept = Enterprise.objects.get(pk=twins.kept.pk)
    second = register.merge_enterprises(third, kept, actor=twins.user, take=(), seen=(1, kept.version))
    client.force_login(twins.user)
    assert client.get(twins.gone.get_absolute_url()).url == third.get_absolute_url()
    with pytest.raises(ValidationError, match="请先撤销那一次"):
        register.unmerge_enterprises(first, actor=twins.user)
    register.unmerge_enterprises(second, actor=twins.user)
    register.unmerge_enterprises(first, actor=twins.user)
    assert Enterprise.objects.living().count() == 4


@pytest.mark.parametrize("case", ["itself", "another register", "deleted", "stale"])
def test_a_merge_that_makes_no_sense_is_refused(twins, others, case):
    kept, gone, seen = twins.kept, twins.gone, (1, 1)
    if case == "itself":
        gone = kept
    elif case == "another register":
        gone = others.firm
    elif case == "deleted":
        register.delete_enterprise(gone, actor=twins.user)
        seen = (1, 2)
    else:
        seen = (1, 0)
    with pytest.raises((ValidationError, KeyError)):
        register.merge_enterprises(kept, gone, actor=twins.user, take=(), seen=seen)
    assert not MergeRecord.objects.exists()
    assert not Enterprise.objects.filter(merged_into__isnull=False).exists()


def test_taking_dates_that_contradict_each_other_is_refused_with_nothing_written(twins):
    Enterprise.objects.filter(pk=twins.gone.pk).update(stage="closed", left_on=date(2021, 1, 1))
    record = twins.merge("joined_on")
    twins.kept.refresh_from_db()
    assert (twins.kept.stage, twins.kept.left_on) == ("closed", date(2021, 1, 1))
    register.unmerge_enterprises(record, actor=twins.user)
    twins.kept.refresh_from_db()
    assert twins.kept.left_on is None


def test_a_merged_record_is_not_restored_but_unmerged(twins):
    twins.merge()
    with pytest.raises(ValidationError, match="撤销合并"):
        register.restore_enterprise(twins.gone, actor=twins.user)


def test_the_blank_of_the_survivor_is_proposed_to_be_filled(twins):
    proposed = {line.choice.key for line in compare(twins.kept, twins.gone) if line.takes_theirs}
    assert proposed == {"legal_representative", "registered_capital", "established_on"}


def test_the_page_shows_both_merges_redirects_and_undoes(client, twins):
    client.force_login(twins.user)
    address = reverse("parks:enterprise_merge", args=[twins.kept.pk, twins.gone.pk])
    page = client.get(address)
    for part in ("010-1", "010-2", OLD_CODE, NEW_CODE, "另 1 条保留的企业已有", "合并为一家"):
        assert part in page.text
    data = {"seen": 1, "seen_other": 1, "take-phone": "theirs", "take-name": "ours"}
    stale = client.post(address, data | {"seen": 0})
    assert "重新核对" in stale.text
    done = client.post(address, data, follow=True)
    assert "撤销" in done.text
    assert client.post(address, data).url == twins.kept.get_absolute_url()
    assert MergeRecord.objects.count() == 1
    twins.kept.refresh_from_db()
    assert twins.kept.phone == "010-2"
    for name in ("enterprise_detail", "enterprise_update", "enterprise_history"):
        response = client.get(reverse(f"parks:{name}", args=[twins.gone.pk]), follow=True)
        assert "已合并到这家企业" in response.text
    assert "撤销合并" in client.get("/bin/enterprises/").text
    undo = reverse("parks:enterprise_unmerge", args=[MergeRecord.objects.get().pk])
    assert client.post(undo).url == twins.gone.get_absolute_url()
    assert client.get(twins.gone.get_absolute_url()).status_code == 200
    text = client.get(f"/enterprises/{twins.kept.pk}/history/").text
    assert "合并 云川图维有限公司" in text
    assert "撤销合并" in text


def test_the_old_link_of_a_merged_enterprise_redirects_readers_too_and_nobody_from_elsewhere(
    client, twins, users, others
):
    twins.merge()
    client.force_login(users["viewer"])
    assert client.get(twins.gone.get_absolute_url()).url == twins.kept.get_absolute_url()
    client.force_login(others.manager)
    assert client.get(twins.gone.get_absolute_url()).status_code == 404
    assert client.post(reverse("parks:enterprise_unmerge", args=[MergeRecord.objects.get().pk])).status_code == 404


def test_the_other_enterprise_is_found_by_name(client, twins, others):
    client.force_login(twins.user)
    text = client.get(reverse("parks:merge_find", args=[twins.kept.pk]), {"q": "云川图维"}).text
    assert reverse("parks:enterprise_merge", args=[twins.kept.pk, twins.gone.pk]) in text
    assert reverse("parks:enterprise_merge", args=[twins.kept.pk, twins.kept.pk]) not in text


def test_tags_are_not_lost_or_made(twins):
    count = Tag.objects.count()
    twins.merge()
    assert Tag.objects.count() == count
    assert FormerCode.objects.count() == 1


def test_pressing_merge_twice_leads_to_the_enterprise_that_is_left(client, twins):
    client.force_login(twins.user)
    address = reverse("parks:enterprise_merge", args=[twins.kept.pk, twins.gone.pk])
    seen = {"seen": twins.kept.version, "seen_other": twins.gone.version}
    assert client.post(address, seen).status_code == 302
    again = client.post(address, seen, follow=True)
    assert again.status_code == 200
    assert "不用再合并" in again.text
    assert MergeRecord.objects.count() == 1


def test_records_renamed_or_corrected_since_are_named_when_a_merge_cannot_be_taken_back(twins):
    """The whole is refused: nothing of it is half restored."""
    record = twins.merge("name", "phone")
    row = Enterprise.objects.get(pk=twins.kept.pk)
    row.phone = "010-9"
    register.update_enterprise(row, actor=twins.user, seen_version=row.version)
    before = snapshot()
    with pytest.raises(ValidationError, match="“电话”在合并后又改过"):
        register.unmerge_enterprises(record, actor=twins.user)
    assert snapshot() == before


def test_merges_into_one_are_taken_back_in_any_order(twins):
    third = make_enterprise(twins.cast.office, "云川第三有限公司")
    Contact.objects.create(enterprise=third, name="第三人")
    first = twins.merge()
    kept = Enterprise.objects.get(pk=twins.kept.pk)
    second = register.merge_enterprises(kept, third, actor=twins.user, take=(), seen=(kept.version, third.version))
    register.unmerge_enterprises(first, actor=twins.user)
    register.unmerge_enterprises(second, actor=twins.user)
    assert set(Enterprise.objects.living().values_list("pk", flat=True)) >= {kept.pk, third.pk, twins.gone.pk}
    assert Contact.objects.get(name="第三人").enterprise == third


def test_a_merge_record_of_another_organisation_is_not_found(client, twins, others):
    record = twins.merge()
    client.force_login(others.manager)
    assert client.post(reverse("parks:enterprise_unmerge", args=[record.pk])).status_code == 404
    address = reverse("parks:enterprise_merge", args=[twins.kept.pk, twins.gone.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"seen": 1, "seen_other": 1}).status_code == 404
