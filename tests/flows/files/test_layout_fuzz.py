"""The layout reader on damaged files: an InputError or a layout, never another exception, never a hang."""

import random

import klayout.db as kdb
import pytest
from drc_cases import layout_of, mos

from analoom.flows.drc.fast.engine import check_fast
from analoom.flows.files.layout_source import of_file
from analoom.pdk.errors import InputError

TRIES = 150
DAMAGES = ("flip", "cut", "zero", "insert", "swap")


def damaged(content, rng):
    """`content` with one to eight seeded changes."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        at, kind = rng.randrange(len(data)), rng.choice(DAMAGES)
        if kind == "flip":
            data[at] ^= 1 << rng.randrange(8)
        elif kind == "cut":
            del data[at : at + rng.choice((1, 2, 16, 200))]
        elif kind == "zero":
            data[at : at + 4] = bytes(4)
        elif kind == "insert":
            data[at:at] = rng.randbytes(rng.randint(1, 8))
        else:
            other = rng.randrange(len(data))
            data[at], data[other] = data[other], data[at]
        data = data or bytearray(b"\0")
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["gds", "oas"])
def test_damaged_files_are_read_or_refused(tmp_path, suffix):
    layout = layout_of(mos(), "a")
    layout.create_cell("top").insert(kdb.CellInstArray(layout.cell("a").cell_index(), kdb.Trans(500, 0)))
    path, rng = tmp_path / f"good.{suffix}", random.Random(f"layouts {suffix}")
    layout.write(str(path))
    good, outcomes = path.read_bytes(), {"read": 0, "refused": 0}
    for _ in range(TRIES):
        path.write_bytes(damaged(good, rng))
        try:
            check_fast(of_file(path), tmp_path)
        except InputError as error:
            assert str(path) in error.message
            outcomes["refused"] += 1
        else:
            outcomes["read"] += 1
    assert min(outcomes.values()) > 0, outcomes


@pytest.mark.parametrize("content", [bytes(200), b"\x00\x06\x00\x02\x02\x58" * 40, b"%SEMI-OASIS\r\n" + bytes(64)])
def test_headers_without_a_layout_are_refused(tmp_path, content):
    path = tmp_path / "a.gds"
    path.write_bytes(content)
    with pytest.raises(InputError):
        of_file(path)


@pytest.mark.parametrize("name", ["a b", "a'b", 'a"b', "a;rm x", "$(x)", "../up", "a/b", ".include x", "* y", "\u00fc"])
def test_any_cell_name_is_checked_under_a_safe_one(tmp_path, name):
    layout = layout_of(mos(), name)
    path = tmp_path / "named.gds"
    layout.write(str(path))
    source = of_file(path)
    assert check_fast(source, tmp_path).state == "violations"
    safe = source.write_safe(tmp_path / "safe.gds")
    assert safe.replace("_", "a").replace("$", "a").isalnum()
