"""A real server over TLS, as the Python SDK wants it: it speaks https and nothing else."""

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

    def __init__(self, directory: Path):
        self.directory = directory
        self.certificate = directory / "cert.pem"
        made = self.command("init", "--json", "--project", "SDK tests", "--scope", "identified")
        self.project = made["project"]
        self.account = made["service_account"]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:TRUE",
             "-keyout", directory / "key.pem", "-out", self.certificate],
            check=True, capture_output=True)
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data-dir", directory / "data", "--listen", "127.0.0.1:0"],
            env=os.environ | {"BULKHEAD_TLS__CERTIFICATE": str(self.certificate),
                              "BULKHEAD_TLS__KEY": str(directory / "key.pem"), "BULKHEAD_LOG__FORMAT": "json"},
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

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=30) == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("bulkhead"))
    # Where requests looks for authorities: the SDK has no setting of its own for that.
    before = os.environ.get("REQUESTS_CA_BUNDLE")
    os.environ["REQUESTS_CA_BUNDLE"] = os.environ["SSL_CERT_FILE"] = str(server.certificate)
    yield server
    os.environ.pop("SSL_CERT_FILE")
    if before is None:
        os.environ.pop("REQUESTS_CA_BUNDLE")
    else:
        os.environ["REQUESTS_CA_BUNDLE"] = before
    server.stop()


@pytest.fixture
def sdk(server):
    """The SDK as an app would make it: with `api_host` changed and nothing else."""
    return Mixpanel(server.project["token"], consumer=Consumer(api_host=server.host))


@pytest.fixture
def buffered(server):
    return BufferedConsumer(api_host=server.host)


def eventually(check, seconds=10):
    """What is answered is queryable within a second, what is sealed can be revealed soon after."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)
