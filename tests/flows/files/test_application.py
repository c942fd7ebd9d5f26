"""Running external applications: what comes back, what is refused, nothing left running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analoom.flows.files.application import Watch, run_tool
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


@pytest.mark.slow
def test_what_it_does_is_told_by_its_last_step(tmp_path):
    told = []
    code = "import time; print('noise'); print('step: one', flush=True); print('more', flush=True); time.sleep(2.5)"
    run_tool([sys.executable, "-c", code], tmp_path, Watch(60, told.append), steps=r"step: (\w+)")
    assert told and all(line.startswith("one (") and line.endswith(" MB)") for line in told)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_ends_its_tool_and_leaves_nothing(tmp_path, how):
    """The stand-in for Magic writes its process id and half of a result, and would go on for a minute."""
    stand_in = tmp_path / "magic"
    stand_in.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --version ]; then echo 8.3.500; exit; fi\n'
        "echo half > drc_magic.txt\n"
        f"cd {tmp_path}; echo $$ > pid.new; mv pid.new pid\n"
        "exec sleep 60\n"
    )
    stand_in.chmod(0o755)
    words = [str(Path(sys.executable).parent / "analoom"), "drc", "mosfet", "--engine", "magic", "--out", "results"]
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "pid").exists() and command.poll() is None:
        time.sleep(0.05)
    command.send_signal(how)
    _, said = command.communicate(timeout=60)
    last = said.strip().splitlines()[-1]
    assert (command.returncode, last, "Traceback" in said) == (128 + how, "error: interrupted", False)
    assert not list((tmp_path / "results").iterdir())
    with pytest.raises(ProcessLookupError):
        for _ in range(100):  # an ended process stays a name until its parent has asked for it
            os.killpg(int((tmp_path / "pid").read_text()), 0)
            time.sleep(0.05)


@pytest.mark.slow
def test_time_limit_ends_the_whole_group(tmp_path):
    inner = "import time; time.sleep(2); open('late', 'w')"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with pytest.raises(ToolError, match=r"stopped after 0\.5 s"):
        run_tool([sys.executable, "-c", code], tmp_path, 0.5)
    time.sleep(2.5)
    assert not (tmp_path / "late").exists()
