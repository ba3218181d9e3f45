"""The page of words that were given a meaning once: found, forgotten, and nobody else's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.imports.resource import get_resource
from crm.imports.staging import stage
from crm.imports.words import remember, unknown_words
from crm.models import ImportWord

HEADER = ["企业名称", "登记状态"]
PAGE = reverse("crm:import_remembered")


@pytest.fixture
def said(stage_rows, manager):
    batch = stage_rows([["甲公司", "照常"], ["乙公司", "别样"]], header=HEADER)
    remember(batch, {("status", "照常"): "存续", ("status", "别样"): ""}, actor=manager)
    return batch


def test_every_word_is_listed_with_its_meaning_and_who_said_so(client, said, manager):
    client.force_login(manager)
    page = client.get(PAGE).content.decode()
    assert all(
        text in page for text in ("照常", "存续", "别样", "（留空，不导入）", "登记状态", "企业名单", str(manager))
    )
    assert PAGE in client.get(reverse("crm:import_list")).content.decode()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("照", ["照常"]), ("存续", ["照常"]), ("常", ["照常"]), ("没有", []), ("\x00", ["别样", "照常"])],
)
def test_a_word_is_found_by_what_it_was_and_what_it_means(client, said, manager, wanted, found):
    client.force_login(manager)
    items = client.get(PAGE, {"q": wanted}).context["items"]
    assert sorted(item["word"].text for item in items) == sorted(found)


def test_a_kind_of_list_has_its_own_words(client, said, manager):
    client.force_login(manager)
    assert len(client.get(PAGE, {"kind": "enterprises"}).context["items"]) == 2
    assert client.get(PAGE, {"kind": "visits"}).context["items"] == []


def test_a_forgotten_word_is_asked_again(client, said, manager):
    client.force_login(manager)
    word = ImportWord.objects.get(text="照常")
    page = client.post(f"{PAGE}?q=照", {"forget": word.pk}, follow=True).content.decode()
    assert "已忘掉“照常”" in page
    assert client.post(PAGE, {"forget": word.pk}).status_code == 404
    resource = get_resource("enterprises")
    resource.prepare(said.organisation, manager)
    assert [one.word for one in unknown_words(stage(said, actor=manager), resource)] == ["照常"]


@pytest.mark.parametrize("pk", ["", "x", "-1", "9" * 30])
def test_nonsense_forgets_nothing(client, said, manager, pk):
    client.force_login(manager)
    assert client.post(PAGE, {"forget": pk}).status_code == 404
    assert ImportWord.objects.count() == 2


def test_nobody_sees_or_forgets_the_words_of_another_organisation(client, said, outsider, users):
    word = ImportWord.objects.get(text="照常")
    client.force_login(outsider)
    assert client.get(PAGE).context["items"] == []
    assert client.post(PAGE, {"forget": word.pk}).status_code == 404
    for role in ("viewer", "desk", "auditor"):
        client.force_login(users[role])
        assert client.get(PAGE).status_code in (403, 404) or client.get(PAGE).context["items"] == []
        assert client.post(PAGE, {"forget": word.pk}).status_code in (403, 404)
    assert ImportWord.objects.count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_the_same_queries_at_any_length(client, office, manager, count, django_assert_num_queries):
    client.force_login(manager)
    for number in range(count):
        ImportWord.objects.create(organisation=office, resource="enterprises", column="status", text=f"写法{number}",
                                  replacement="存续", chosen_by=manager)  # fmt: skip
    with django_assert_num_queries(5):
        assert len(client.get(PAGE).context["items"]) == count
