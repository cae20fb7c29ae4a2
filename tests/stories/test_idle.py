"""An idle install is small and talks to nobody."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import psutil
import pytest

from greenroom.demo.processes import free_port

PASSWORD = "greenroom-pass"


@pytest.fixture
def install(tmp_path):
    """App and worker as `greenroom serve --with-worker` runs them, in a home of their own."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GREENROOM", "DATABASE_URL"))}
    env |= {"GREENROOM_HOME": str(tmp_path / "home"), "GREENROOM_PASSWORD": PASSWORD}
    command = [sys.executable, "-m", "greenroom"]
    subprocess.run(
        [*command, "init", "--workspace", "Acme", "--owner", "o@acme.example"],
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (tmp_path / "creators.csv").write_text("handle,followers,avg_views\nana,48200,9000\nben,12900,700\n")
    brought = [*command, "import", "creators", str(tmp_path / "creators.csv"), "--yes"]
    subprocess.run(brought, env=env, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    server = subprocess.Popen([*command, "serve", "--with-worker", "--port", str(port)], env=env)
    try:
        for _ in range(200):
            try:
                httpx2.get(f"http://127.0.0.1:{port}/healthz/").raise_for_status()
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(30)


def family(process):
    return [process, *process.children(recursive=True)]


@pytest.mark.slow
@pytest.mark.xdist_group("idle")
def test_idle_it_uses_under_400_mb_and_connects_to_nobody(install):
    port, server = install
    httpx2.get(f"http://127.0.0.1:{port}/accounts/login/").raise_for_status()
    for _ in range(10):
        time.sleep(0.5)
        outside = [
            link for one in family(server) for link in one.net_connections() if link.raddr and link.laddr.port != port
        ]
        assert outside == []
    used = sum(one.memory_info().rss for one in family(server)) / 2**20
    print(f"idle: {len(family(server))} processes, {used:.0f} MB")
    assert used < 400
    assert len(family(server)) >= 3


@pytest.mark.slow
@pytest.mark.xdist_group("idle")
def test_it_is_still_there_after_half_an_idle_minute(install):
    """A thread that had asked DuckDB and ended after 30 idle seconds took the whole server with it."""
    port, server = install
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True) as person:
        person.get("/accounts/login/").raise_for_status()
        told = {"login": "o@acme.example", "password": PASSWORD, "csrfmiddlewaretoken": person.cookies["csrftoken"]}
        assert person.post("/accounts/login/", data=told).url.path == "/w/acme/"
        with ThreadPoolExecutor(4) as several:  # so that several threads of the server have asked
            for answer in several.map(person.get, ("/w/acme/", "/w/acme/creators/") * 8):
                answer.raise_for_status()
        before = {one.pid for one in family(server)}
        time.sleep(36)
        person.get("/w/acme/").raise_for_status()
    assert {one.pid for one in family(server)} == before


def test_the_worker_ends_with_the_server(install):
    _port, server = install
    kin = family(server)
    server.kill()
    server.wait(10)
    for one in kin[1:]:
        one.wait(10)


def test_a_new_home_needs_no_other_command_than_serve(tmp_path):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GREENROOM", "DATABASE_URL"))}
    env["GREENROOM_HOME"] = str(tmp_path / "home")
    command = [sys.executable, "-m", "greenroom"]
    refused = subprocess.run([*command, "work"], env=env, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "greenroom init" in refused.stderr
    port = free_port()
    server = subprocess.Popen([*command, "serve", "--port", str(port)], env=env)
    try:
        for _ in range(300):
            try:
                page = httpx2.get(f"http://127.0.0.1:{port}/", follow_redirects=True)
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        assert page.url.path == "/setup/"
        assert httpx2.get(f"http://127.0.0.1:{port}/static/greenroom.css").status_code == 200
    finally:
        server.terminate()
        server.wait(30)
