"""The stack as a whole: the journey is true, and killed processes lose nothing and repeat nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.processes import free_port, is_open
from tests.running import ROOT, Stack, environment, ports, wait_until

pytestmark = pytest.mark.stack


def test_the_journey_is_true(running_stack: Stack) -> None:
    journey = running_stack.run("demo.journey")

    assert journey.returncode == 0, journey.stdout + journey.stderr
    assert "All of it is true." in journey.stdout


def test_killed_processes_lose_nothing_and_repeat_nothing(running_stack: Stack) -> None:
    kills = running_stack.run("tests.stack.kills", timeout_s=540)

    assert kills.returncode == 0, kills.stdout + kills.stderr
    for name in ("worker", "valkey", "web"):
        assert f"after killing the {name}: nothing lost, nothing twice" in kills.stdout


def test_a_storm_of_orders_and_kills_breaks_no_promise(running_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUARTETT_STORM_LATE_S", "20")
    storm = running_stack.run("tests.stack.storm", timeout_s=540)

    assert storm.returncode == 0, storm.stdout + storm.stderr
    assert "60 orders, 7 kills" in storm.stdout


def test_a_taken_port_is_one_clear_line(running_stack: Stack) -> None:
    wait_until(lambda: is_open(running_stack.port), 60)
    second = subprocess.run(
        [sys.executable, "-m", "embedded", "run", "--port", str(running_stack.port)],
        env=environment(running_stack.port) | {"QUARTETT_DATA": str(running_stack.data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode == 2
    assert second.stdout.strip() == (
        f"Port {running_stack.port} is taken. Stop what uses it, or choose another: make run QUARTETT_PORT=8001"
    )
    assert "Traceback" not in second.stderr


def test_stopping_leaves_no_process_and_a_second_start_keeps_the_data(running_stack: Stack) -> None:
    data, marks = running_stack.data, ports(running_stack.data)
    pids = [running_stack.pid(name) for name in ("web", "worker", "scheduler", "postgres", "valkey", "mail")]

    running_stack.stop()
    assert [pid for pid in pids if _is_alive(pid)] == []
    assert not is_open(running_stack.port)

    running_stack.start()
    assert ports(data) == marks
    assert "Planting the demo" in running_stack.log
    os.kill(running_stack.runner.pid, signal.SIGKILL)
    running_stack.runner.wait()
    wait_until(lambda: not _is_alive(running_stack.pid("postgres")) and not is_open(running_stack.port))

    running_stack.start()
    assert running_stack.runner.poll() is None


def test_servers_of_ones_own_are_used_and_none_started(running_stack: Stack) -> None:
    own = ports(running_stack.data)
    data = ROOT / "var" / "test-own"
    data.mkdir(parents=True, exist_ok=True)
    answer = subprocess.run(
        [sys.executable, "-m", "embedded", "--data", str(data), "exec", "--", "env"],
        env=environment(free_port())
        | {
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{own['postgres']}/quartett",
            "CELERY_BROKER_URL": f"redis://127.0.0.1:{own['valkey']}/0",
            "CACHE_URL": f"redis://127.0.0.1:{own['valkey']}/1",
            "EMAIL_URL": f"smtp://127.0.0.1:{own['mail']}",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert f"127.0.0.1:{own['postgres']}/quartett" in answer.stdout
    assert "Starting" not in answer.stderr
    assert not list(data.glob("*.pid"))


def _is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
