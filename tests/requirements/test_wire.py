"""PLT-01 and PLT-09: with no network at all the demo runs to its end, and not one packet leaves the machine."""

import os
import re
import shutil
import subprocess
import sys
import time
from ipaddress import ip_address
from pathlib import Path

import psutil
import pytest

QUARANTINE = ["unshare", "--user", "--map-root-user", "--net", "sh", str(Path(__file__).with_name("outside.sh"))]
NOTHING = [sys.executable, "-c", "pass"]


def quarantined(command, env) -> tuple[int, str, int]:
    """Run a command in a network of its own: its exit code, its words, and how many packets it sent out."""
    env = {**env, "PYTHON": sys.executable}
    told = subprocess.run([*QUARANTINE, *command], env=env, capture_output=True, text=True, timeout=300, check=False)
    if told.returncode == 3:
        raise OSError(told.stderr)
    code, sent, more = (
        int(re.search(rf"^{word} (\d+)$", told.stdout, re.M)[1]) for word in ("exit", "packets", "seen")
    )
    assert more > sent  # the counter counts
    return code, told.stdout, sent


def watched(command, env, words: Path) -> tuple[int, str, int]:
    """The same where no network of its own can be made: connections of all its processes are looked at instead."""
    outside = set()
    with words.open("w") as told:
        process = psutil.Popen(command, env=env, stdout=told)
        while process.poll() is None:
            try:
                links = [link for one in (process, *process.children(recursive=True)) for link in one.net_connections()]
            except psutil.Error:
                continue
            outside |= {link.raddr.ip for link in links if link.raddr and not ip_address(link.raddr.ip).is_loopback}
            time.sleep(0.05)
    return process.returncode, words.read_text(), len(outside)


def can_be_quarantined() -> bool:
    try:
        return bool(shutil.which("unshare") and shutil.which("ip")) and quarantined(NOTHING, os.environ)[0] == 0
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.xdist_group("idle")
def test_from_an_empty_folder_to_figures_without_sending_a_packet(tmp_path):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GREENROOM", "DATABASE_URL"))}
    env["GREENROOM_HOME"] = str(tmp_path / "home")
    command = [sys.executable, "-m", "greenroom", "demo", "--once"]
    run = quarantined(command, env) if can_be_quarantined() else watched(command, env, tmp_path / "words")
    code, told, sent = run
    assert code == 0, told
    assert sent == 0
    ana, ben, brandco, cyd, dov = re.search(r"^│ Followers(.*)│$", told, re.M)[1].strip(" │").split("│")
    assert all(re.search(r"\d{3}", cell) for cell in (ana, ben, brandco, cyd)), told
    assert "–" in dov
    orders, posts = told[told.index("LAUNCH: orders") :].split("LAUNCH: posts")
    for handle, state, post in (
        ("ana", "Fulfilled", "Published (by invite link)"),
        ("ben", "Fulfilled", "Published (by campaign code)"),
        ("cyd", "Joined", "Uploaded, in review (by invite link)"),
        ("dov", "Order Created", "Open"),
    ):
        assert re.search(rf"│ @{handle} +│ {state} +│ http\S+ +│ \w{{8}} +│ Video 1: {re.escape(post)} +│", orders), (
            orders
        )
    assert re.search(r"│ Tracked by +│ +Invite link │ +Campaign code │ +Added by hand │", posts), posts
    assert re.search(r"│ Spark Ads +│ +Authorized until \d+ \w+, 30 days were asked │ +Not requested │", posts), posts
    # A post that is just out, one of an order, one added by hand of an author who granted nothing.
    assert re.search(r"│ Video views +│ +– \(not yet available\) │ +[\d,]+ │ +[\d,]+ │", posts), posts
    assert re.search(r"│ Reach +│ +– \(not yet available\) │ +[\d,]+ │ +– \(not in entitlement\) │", posts), posts
    assert re.search(r"^Purged, and in no figure: \d{19} of @dov", posts, re.M), posts
