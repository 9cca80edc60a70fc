"""A real server over TLS, as the Python SDK wants it: it speaks https and nothing else."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
import requests
from mixpanel import BufferedConsumer, Consumer, Mixpanel

BINARY = os.environ["BULKHEAD_BIN"]
READY_SECONDS_MAX = 30


class Server:
    """`bulkhead serve` on a data directory of its own."""

    def __init__(self, directory: Path, certificate: Path, identity_mode: str = "simplified"):
        self.directory = directory
        self.certificate = certificate
        made = self.command("init", "--json", "--project", "SDK tests", "--scope", "identified",
                            "--identity-mode", identity_mode)
        self.project = made["project"]
        self.account = made["service_account"]
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data-dir", directory / "data", "--listen", "127.0.0.1:0"],
            env=os.environ | {"BULKHEAD_TLS__CERTIFICATE": str(certificate),
                              "BULKHEAD_TLS__KEY": str(certificate.with_name("key.pem")),
                              "BULKHEAD_LOG__FORMAT": "json"},
            stderr=(log := open(directory / "log", "w")), stdout=subprocess.DEVNULL)
        log.close()
        self.host = f"localhost:{self._port()}"
        self.session = requests.Session()
        self.session.verify = str(self.certificate)
        self.session.auth = (self.account["username"], self.account["secret"])

    def command(self, *arguments):
        done = subprocess.run([BINARY, *arguments, "--data-dir", self.directory / "data"],
                              check=True, capture_output=True)
        return json.loads(done.stdout)

    def _port(self):
        deadline = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < deadline:
            for line in (self.directory / "log").read_text().splitlines():
                address = json.loads(line).get("fields", {}).get("address")
                if address:
                    return address.rsplit(":", 1)[1]
            assert self.process.poll() is None, (self.directory / "log").read_text()
            time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def get(self, path, **parameters):
        parameters.setdefault("project_id", self.project["id"])
        return self.session.get(f"https://{self.host}{path}", params=parameters)

    def post(self, path, **form):
        form.setdefault("project_id", self.project["id"])
        return self.session.post(f"https://{self.host}{path}", data=form)

    def exported(self, **parameters):
        reply = self.get("/api/2.0/export", from_date="2000-01-01", to_date="2009-12-31", **parameters)
        recent = self.get("/api/2.0/export", from_date="2020-01-01", to_date="2029-12-31", **parameters)
        assert reply.status_code == recent.status_code == 200, recent.text
        return [json.loads(line) for text in (reply.text, recent.text) for line in text.splitlines()]

    def profile(self, distinct_id):
        """What engage says of one person, once the vault has taken in what was sealed."""
        results = self.post("/api/2.0/engage", distinct_id=distinct_id).json()["results"]
        return results[0]["$properties"] if results else None

    def profile_ids(self, distinct_ids):
        """By which ids engage knows these people: clear ones, once the vault has taken them in."""
        answer = self.post("/api/2.0/engage", distinct_ids=json.dumps(distinct_ids)).json()
        return {result["$distinct_id"] for result in answer["results"]}

    def people(self, event):
        """How many people did this, as Insights counts them."""
        counted = self.get("/api/query/segmentation", event=event, type="unique", unit="month",
                           from_date="2020-01-01", to_date="2029-12-31").json()
        return sum(counted["data"]["values"].get(event, {}).values())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=30) == 0


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate that is its own authority, and that every SDK in this process believes."""
    directory = tmp_path_factory.mktemp("certificate")
    certificate = directory / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:TRUE",
         "-keyout", directory / "key.pem", "-out", certificate],
        check=True, capture_output=True)
    # Where requests, httpx and urllib look for authorities: the SDKs have no setting of their own for that.
    with pytest.MonkeyPatch.context() as environment:
        for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            environment.setenv(name, str(certificate))
        yield certificate


@contextlib.contextmanager
def running(*arguments, **options):
    server = Server(*arguments, **options)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory, certificate):
    with running(tmp_path_factory.mktemp("bulkhead"), certificate) as server:
        yield server


@pytest.fixture(scope="module")
def original(tmp_path_factory, certificate):
    """A server whose project brings ids together in the original way."""
    with running(tmp_path_factory.mktemp("bulkhead"), certificate, identity_mode="original") as server:
        yield server


@pytest.fixture
def sdk(server):
    """The SDK as an app would make it: with `api_host` changed and nothing else."""
    return Mixpanel(server.project["token"], consumer=Consumer(api_host=server.host))


@pytest.fixture
def buffered(server):
    return BufferedConsumer(api_host=server.host)


def eventually(check, seconds=20):
    """What is answered is queryable within a second, what is sealed can be revealed soon after."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)
