"""The page about the sandbox works as it stands: its commands are read from it and sent (R2)."""

import re
from datetime import timedelta
from pathlib import Path

from time_machine import Coordinates

from kernel.clock import now
from tenants.models import Tenant
from tests.api.calls import token_for
from tests.api.test_guide import HOST, run

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api" / "sandbox.md"


def test_the_pages_commands_lead_from_a_test_key_to_a_finished_order(sandbox: Tenant, clock: Coordinates) -> None:
    day = (now() + timedelta(days=3)).date().isoformat()
    known, states, bodies = {"HOST": HOST, "TEST_KEY": token_for(sandbox), "DAY": day}, [], []

    for command in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        answer = run(command, **known)
        assert answer.status_code in {200, 201}, (command, answer.content)
        bodies.append(answer.json())
        if "state" in bodies[-1]:
            states.append(bodies[-1]["state"])
            known["ORDER"] = bodies[-1]["id"]

    assert states == ["searching", "accepted", "done", "confirmed"]
    assert "results" in bodies[-1]
