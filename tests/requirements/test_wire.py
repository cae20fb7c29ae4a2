"""PLT-01 and PLT-09: with no network at all the demo runs to its end, and not one packet leaves the machine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

QUARANTINE = ["unshare", "--user", "--map-root-user", "--net"]


@pytest.fixture
def quarantine():
    """Run a command in a network of its own and hear how many packets it sent out."""
    held = shutil.which("unshare") and shutil.which("ip")
    if not held or subprocess.run([*QUARANTINE, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespaces here: needs unshare and ip, and leave to use them")

    def quarantined(*command, env):
        script = Path(__file__).with_name("outside.sh")
        told = subprocess.run(
            [*QUARANTINE, "sh", str(script), *command],
            env={**env, "PYTHON": sys.executable},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if told.returncode == 3:
            pytest.skip(f"no network of its own can be made here: {told.stderr}")
        return told.stdout

    return quarantined


@pytest.mark.slow
@pytest.mark.xdist_group("idle")
def test_from_an_empty_folder_to_figures_without_sending_a_packet(quarantine, tmp_path):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GREENROOM", "DATABASE_URL"))}
    env["GREENROOM_HOME"] = str(tmp_path / "home")
    told = quarantine(sys.executable, "-m", "greenroom", "demo", "--once", env=env)
    assert "exit 0" in told, told
    assert "packets 0\n" in told
    assert int(re.search(r"after one datagram (\d+)", told)[1]) > 0  # the counter counts
    ana, ben, brandco, cyd, dov = re.search(r"^│ Followers(.*)│$", told, re.M)[1].strip(" │").split("│")
    assert all(re.search(r"\d{3}", cell) for cell in (ana, ben, brandco, cyd)), told
    assert "–" in dov
