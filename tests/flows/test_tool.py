"""Running external applications: what comes back, what is refused, nothing left running."""

import sys
import time

import pytest

from analoom.flows.tool import run_tool
from analoom.pdk.errors import ToolError


def test_output_code_time_and_memory_come_back(tmp_path):
    code = "import sys, time; x = bytearray(50_000_000); time.sleep(0.3); print('out'); sys.exit('err')"
    run = run_tool([sys.executable, "-c", code], tmp_path, 60)
    assert (run.returncode, run.stdout, run.stderr) == (1, "out\n", "err\n")
    assert run.seconds >= 0.3
    assert run.peak_mb > 47 or not sys.platform.startswith("linux")


def test_works_in_the_folder_with_the_environment(tmp_path):
    code = "import os; print(os.getcwd(), os.environ['LOOM'])"
    assert run_tool([sys.executable, "-c", code], tmp_path, 60, {"LOOM": "1"}).stdout == f"{tmp_path} 1\n"


def test_missing_executable_is_a_tool_error(tmp_path):
    with pytest.raises(ToolError, match="no-such-tool: cannot be started"):
        run_tool(["no-such-tool"], tmp_path, 60)


def test_time_limit_ends_the_whole_group(tmp_path):
    inner = "import time; time.sleep(2); open('late', 'w')"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with pytest.raises(ToolError, match=r"stopped after 0\.5 s"):
        run_tool([sys.executable, "-c", code], tmp_path, 0.5)
    time.sleep(2.5)
    assert not (tmp_path / "late").exists()
