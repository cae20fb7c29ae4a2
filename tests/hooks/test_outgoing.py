"""Requests to addresses that users typed: private ones are never connected to, and no answer can hurt."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from greenroom.core import addresses, outgoing
from greenroom.core.addresses import Allowed, Refused
from greenroom.core.outgoing import Client, Unreachable
from tests.hooks.receiver import bomb

HERE = Allowed.read(["127.0.0.1"])

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.192", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "::ffff:10.0.0.1",
    "192.88.99.1", "172.31.255.254",
    "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::",
    "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "100::1", "5f00::1",
]  # fmt: skip


class Listener:
    """A socket that only counts who connects to it."""

    def __init__(self, family=socket.AF_INET, host="127.0.0.1"):
        self.socket = socket.socket(family)
        self.socket.bind((host, 0))
        self.socket.listen()
        self.port = self.socket.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self):
        while True:
            try:
                taken, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            taken.close()

    def settled(self) -> int:
        time.sleep(0.1)
        return self.connections


@pytest.fixture
def listener():
    found = Listener()
    yield found
    found.socket.close()


def post(client, url):
    return client.post(url, content=b"{}", headers={})


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_public(address):
    found = ipaddress.ip_address(address)
    assert not addresses.is_public(getattr(found, "ipv4_mapped", None) or found)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:82a::200e"])
def test_a_public_address_is_public(address):
    assert addresses.is_public(ipaddress.ip_address(address))


def test_an_address_of_this_machine_is_never_connected_to_however_it_is_written(listener):
    spelled = [
        "127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1", "017700000001", "127。0。0。1",
        "１２７.0.0.1", "①②⑦.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "0",
        "0.0.0.0", "[::]", "[::1]", "localhost", "LOCALHOST", "localhost.", "a.localhost", "[64:ff9b::127.0.0.1]",
        "[::127.0.0.1]", "user@127.0.0.1", "example.com\\@127.0.0.1", "127.0.0.1#@example.com", "%31%32%37.0.0.1",
        "[::1%25lo]", "127.0.0.1.",
    ]  # fmt: skip
    for host in spelled:
        for scheme in ("https", "http"):
            with pytest.raises(Refused):
                Client(timeout=1).check(f"{scheme}://{host}:{listener.port}/x")
            with pytest.raises(Refused):
                post(Client(timeout=1), f"{scheme}://{host}:{listener.port}/x")
    assert listener.settled() == 0


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_to_a_private_address_is_refused(listener, address):
    client = Client(resolve=lambda host, port: [address], timeout=1)
    url = f"https://hooks.example:{listener.port}/"
    with pytest.raises(Refused, match="not on the public internet"):
        client.check(url)
    with pytest.raises(Refused):
        post(client, url)
    assert listener.settled() == 0


def test_one_private_address_among_public_ones_is_enough_to_refuse(listener):
    client = Client(resolve=lambda host, port: ["8.8.8.8", "127.0.0.1"], timeout=1)
    with pytest.raises(Refused):
        post(client, f"https://hooks.example:{listener.port}/")
    assert listener.settled() == 0


def test_a_name_that_changes_its_address_gains_nothing(listener):
    """Each attempt looks up once, judges what it got and connects to exactly that."""
    answers, asked = [["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]], []

    def changing(host, port):
        asked.append(host)
        return answers.pop(0)

    client = Client(resolve=changing, timeout=0.3)
    url = f"https://rebind.example:{listener.port}/"
    client.check(url)
    assert len(asked) == 1
    with pytest.raises(Refused):
        post(client, url)
    assert len(asked) == 2, "no look-up between judging and connecting"
    answers[:] = [["8.8.8.8"], ["127.0.0.1"]]
    with pytest.raises(Unreachable):
        post(client, url)  # judged public, so 8.8.8.8 is what is dialled, whatever the name says a moment later
    assert len(answers) == 1
    assert listener.settled() == 0


def test_a_redirect_is_an_answer_and_is_not_followed(receiver, listener):
    receiver.always = (302, {"Location": f"http://127.0.0.1:{listener.port}/inside"}, b"")
    answer = post(Client(allowed=HERE), receiver.url)
    assert answer.status == 302
    assert len(receiver.got) == 1
    assert listener.settled() == 0


def test_only_what_the_operator_names_is_allowed(receiver, listener):
    assert post(Client(allowed=HERE), receiver.url).status == 200
    by_name = Client(allowed=Allowed.read(["hooks.intranet"]), resolve=lambda host, port: ["127.0.0.1"])
    assert post(by_name, f"http://hooks.intranet:{receiver.port}/").status == 200
    assert receiver.got[-1].headers["host"] == f"hooks.intranet:{receiver.port}"
    with pytest.raises(Refused):
        post(by_name, f"http://other.intranet:{listener.port}/")
    with pytest.raises(Refused, match="https"):
        by_name.check("http://hooks.example/")
    assert listener.settled() == 0


def test_a_proxy_of_the_environment_is_not_used(receiver, listener, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    assert post(Client(allowed=HERE), receiver.url).status == 200
    assert listener.settled() == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://user:pass@hooks.example/", "Leave name and password out"),
        ("https://hooks.example:25/", "Port 25"),
        ("https://hooks.example:0/", "no port 0"),
        ("https://hooks.example:70000/", "no port 70000"),
        ("http://hooks.example/", "Use https"),
        ("ftp://hooks.example/", "Write the whole address"),
        ("hooks.example/x", "Write the whole address"),
        ("https://", "Write the whole address"),
        ("https://ho oks.example/", "neither a name"),
        ("https://hooks.example/\r\nHost: evil", "not an address"),
        ("https://intranet/", "private network"),
        ("https://db.internal/", "private network"),
        ("https://printer.local/", "private network"),
        ("https://hooks.example/" + "a" * 500, "at most 500"),
    ],
)
def test_an_odd_address_is_refused_with_words(url, words):
    with pytest.raises(Refused, match=words):
        addresses.check_url(url)


def test_a_name_in_another_script_is_kept_as_it_travels():
    assert str(addresses.check_url("https://bücher.example/a?b=1#c")) == "https://xn--bcher-kva.example/a?b=1"


def test_a_name_without_an_address_may_be_written_down_but_not_called():
    def nobody(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    client = Client(resolve=nobody)
    assert client.check("https://soon.example/").host == "soon.example"
    with pytest.raises(Unreachable, match=r"soon\.example has no address"):
        post(client, "https://soon.example/")


def test_a_large_answer_is_read_up_to_the_limit(receiver):
    receiver.always = (200, {}, b"x" * 3_000_000)
    answer = post(Client(allowed=HERE), receiver.url)
    assert (len(answer.body), answer.cut) == (outgoing.READ_AT_MOST, True)


def test_a_bomb_is_never_unpacked(receiver):
    receiver.always = (200, {"Content-Encoding": "gzip"}, bomb())
    begun = time.monotonic()
    answer = post(Client(allowed=HERE), receiver.url)
    assert answer.body.startswith(b"\x1f\x8b")
    assert len(answer.body) <= outgoing.READ_AT_MOST
    assert time.monotonic() - begun < 2
    assert receiver.got[0].headers["accept-encoding"] == "identity"


def test_an_answer_that_drips_ends_at_the_deadline(receiver):
    receiver.drip, receiver.always = 0.1, (200, {}, b"x" * 1000)
    begun = time.monotonic()
    with pytest.raises(Unreachable, match=r"did not answer within 0\.5 seconds"):
        post(Client(allowed=HERE, timeout=0.5), receiver.url)
    assert time.monotonic() - begun < 1.5


def test_nobody_at_the_port_is_said_in_words():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unreachable, match="could not be spoken to"):
        post(Client(allowed=HERE), f"http://127.0.0.1:{port}/")


def certificate(folder, name):
    """A self-signed certificate for `name`, and its key, as one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1)).not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


class Secure:
    """One TLS server that keeps the name each caller asked for."""

    def __init__(self, pem):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        self.asked = []
        context.sni_callback = lambda sock, name, _: self.asked.append(name)
        self.context, self.socket = context, socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                taken, _ = self.socket.accept()
                with self.context.wrap_socket(taken, server_side=True) as spoken:
                    received = b""
                    while not received.endswith(b"{}"):
                        received += spoken.recv(4096)
                    spoken.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            except ssl.SSLError:
                continue
            except OSError:
                return


def test_the_connection_goes_to_the_number_and_tls_is_with_the_name(tmp_path):
    pem = certificate(tmp_path, "hooks.example")
    server = Secure(pem)
    options = {"allowed": HERE, "resolve": lambda host, port: ["127.0.0.1"]}
    client = Client(**options, trust=ssl.create_default_context(cafile=str(pem)))
    try:
        assert post(client, f"https://hooks.example:{server.port}/").status == 204
        assert server.asked == ["hooks.example"]
        with pytest.raises(Unreachable, match=r"other\.example could not be spoken to.*certificate"):
            post(client, f"https://other.example:{server.port}/")
        with pytest.raises(Unreachable, match="certificate"):
            post(Client(**options), f"https://hooks.example:{server.port}/")  # signed by nobody we know
    finally:
        server.socket.close()
