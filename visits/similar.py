"""How alike two short Chinese texts are, by the two-character pieces of what is left without padding.

Pure: knows no settings and no rows. From which likeness on two texts are about one matter, the caller says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from crm.search import plain

# What any appeal says in some words, whatever it is about.
_PADDING_WORDS = (
    "希望能够 希望能 希望 请求 请帮助 请帮忙 请协调 请 恳请 帮助 帮忙 协助 协调解决 协调 解决 尽快 反映 咨询 "
    "询问 想问 企业 我公司 本公司 公司 我司 我们 我单位 单位 问题 情况 相关 有关 能否 可否 是否 能不能 "
    "可不可以 可以 能够 需要 要求 给予 支持 予以 处理 来电 来访 表示 目前 现在 近期 最近 一直 经常 非常 比较 "
    "已经 园区内 园区里 园区 办公室 您好 你好 谢谢 感谢 领导 想要 想"
)
# Two ways of writing one thing; what is one word in every policy must not outweigh what is said about it.
_SPELLING_PAIRS = (
    "没有=未 尚未=未 仍未=未 还未=未 没=未 不够=不足 困难=难 平方米=平米 M2=平米 平方=平米 增设=增加 "
    "职工=员工 工作人员=员工 小孩=子女 孩子=子女 上学=入学 就学=入学 太堵=拥堵 堵车=拥堵 电瓶车=电动车 "
    "停车位=车位 泊位=车位 到帐=到账 噪音=噪声 高新技术企业=高企 国高新=高企 专精特新=专新"
)
_SPELLINGS = [pair.split("=") for pair in _SPELLING_PAIRS.split()]
# Longer ones first, so that none leaves a rest.
_PADDING = re.compile("|".join(sorted(_PADDING_WORDS.split(), key=len, reverse=True)))
_PARTICLES = re.compile("[的了很太也都还又就把被吗呢吧啊]")
# A place said by its number: texts that name different places are about different things.
_PLACE = re.compile(r"\d+(?:号楼|号院|号门|号线|栋|座|楼|层|室|单元|车间|期)")
# A short text that lies wholly in a long one says the same; of fewer pieces it says too little.
_PIECES_TO_CONTAIN = 4
_CONTAINED, _OTHER_PLACE = 0.8, 0.4
# Of longer texts the beginning is compared.
_LENGTH = 600


def cut(text: str, names: Iterable[str] = ()) -> frozenset[str]:
    """The pieces by which a text is compared, without padding, punctuation and these names; empty only for no text."""
    return _cut(text[:_LENGTH], tuple(names))


# One text is compared with many, and many readers ask for the same month.
@lru_cache(maxsize=4096)
def _cut(text: str, names: tuple[str, ...]) -> frozenset[str]:
    whole = plain(text)
    for name in names:
        whole = whole.replace(plain(name), "/") if len(name) > 1 else whole
    spelled = _spelled(whole)
    places = frozenset(_PLACE.findall(spelled))
    kept = _pieces(_PADDING.sub("/", _PLACE.sub("/", spelled)))
    return kept | places or _pieces(whole) or frozenset((whole,) if whole else ())


def _spelled(text: str) -> str:
    for written, meant in _SPELLINGS:
        text = text.replace(written, meant)
    return _PARTICLES.sub("", text)


def _pieces(text: str) -> frozenset[str]:
    return frozenset(run[n : n + 2] for run in re.split(r"[\W_]+", text) for n in range(len(run) - 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0, nothing in common, to 1, the same pieces; in either order the same."""
    if one == other:
        return 1.0
    if one.isdisjoint(other):
        return 0.0
    mine, theirs = _places(one), _places(other)
    share = _share(one - mine, other - theirs) if one - mine and other - theirs else _share(one, other)
    return share * (_OTHER_PLACE if mine and theirs and not mine & theirs else 1.0)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return share_of(len(one & other), len(one), len(other)) if one and other else 0.0


def share_of(common: int, one: int, other: int) -> float:
    """The likeness of two texts that name no places, by how many pieces they have."""
    dice, smaller = 2 * common / (one + other), min(one, other)
    return max(dice, _CONTAINED * common / smaller) if smaller >= _PIECES_TO_CONTAIN else dice


def _places(pieces: frozenset[str]) -> set[str]:
    return {piece for piece in pieces if piece[0].isdigit() and _PLACE.fullmatch(piece)}


def alike(one: str, other: str, names: Iterable[str] = ()) -> float:
    """The likeness of two texts."""
    names = tuple(names)
    return likeness(cut(one, names), cut(other, names))
