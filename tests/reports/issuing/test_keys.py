"""Keys of rows, packed and unpacked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.issuing.keys import pack, unpack


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_keys_come_back_sorted_and_once(keys):
    assert unpack(pack(keys)) == sorted(set(keys))
    assert pack(keys) == pack(reversed(keys))


def test_a_database_may_hand_them_back_as_a_view():
    assert unpack(memoryview(pack([1, 300, 70_000]))) == [1, 300, 70_000]


def test_a_negative_key_is_none():
    with pytest.raises(ValueError, match="not negative"):
        pack([-1, 2])


def test_a_million_neighbours_take_little_room():
    assert len(pack(range(1, 1_000_001))) < 5_000
    assert len(pack(range(7, 3_000_000, 3))) < 5_000
