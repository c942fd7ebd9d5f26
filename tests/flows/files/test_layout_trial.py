"""A file that klayout's reader never comes to an end with is refused in time; `endless.oas` was found by fuzzing."""

from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.flows.files import layout_trial
from analoom.flows.files.layout_source import of_file
from analoom.pdk.errors import InputError

ENDLESS = Path(__file__).with_name("endless.oas")


@pytest.mark.slow
def test_a_reader_without_end_is_ended(monkeypatch):
    monkeypatch.setattr(layout_trial, "TRIAL_S", 1.0)
    with pytest.raises(InputError, match=r"endless\.oas: not a readable layout: the reader came to no end in 1 s"):
        of_file(ENDLESS)


@pytest.mark.parametrize("suffix", ["gds", "oas", "gds.gz"])
def test_a_sound_file_is_read(tmp_path, suffix):
    layout = kdb.Layout()
    layout.create_cell("top").shapes(layout.layer(68, 20)).insert(kdb.Box(0, 0, 1000, 1000))
    path = tmp_path / f"sound.{suffix}"
    layout.write(str(path))
    assert layout_trial.unreadable(path) == ""
    assert of_file(path).top.bbox() == kdb.Box(0, 0, 1000, 1000)


def test_a_damaged_file_leaves_its_message_to_the_reader(tmp_path, capfd):
    path = tmp_path / "cut.oas"
    path.write_bytes(ENDLESS.read_bytes()[:60])
    assert layout_trial.unreadable(path) == ""
    assert capfd.readouterr() == ("", "")
    with pytest.raises(InputError, match="not a readable layout"):
        of_file(path)
