"""What the scripts of this folder share: starting servers and stopping them by their process id,
asking with a time limit, and saying each step.

Nothing but the standard library. A step that does not hold ends the script with exit code 1.
"""

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

# No single request, start or command takes longer, in seconds.
PATIENCE = 60
USER = "owner@example.com"
SECRET = "secret"


class Failed(Exception):
    """A step did not hold."""


def say(text):
    print(text, flush=True)


def must(holds, text):
    """Says a step that holds, and ends the script with one that does not."""
    if not holds:
        raise Failed(text)
    say(f"  ok    {text}")


def equal(found, wanted, text):
    if found != wanted:
        raise Failed(f"{text}: expected {wanted!r}, found {found!r}")
    say(f"  ok    {text}")


def main(script):
    """Runs a script's steps; what they started is stopped in any case."""
    began = time.monotonic()
    try:
        script()
    except Failed as failed:
        print(f"  FAIL  {failed}", file=sys.stderr, flush=True)
        sys.exit(1)
    say(f"  all hold, {time.monotonic() - began:.1f} s")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def stop(process):
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)


@contextlib.contextmanager
def running(command, **options):
    """A process that is stopped, by its id, when the block ends."""
    process = subprocess.Popen(command, text=True, **options)
    try:
        yield process
    finally:
        stop(process)


@contextlib.contextmanager
def folder():
    path = Path(tempfile.mkdtemp(prefix="calamity-clients-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Mock:
    """A mock server that runs, and its control."""

    def __init__(self, told):
        self.url = told["servers"][0]["url"]
        self.authority = told["authority"] and told["authority"]["file"]
        self._control = told["control"]

    def control(self, method, what, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._control}{what}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"null")

    def arm(self, rule):
        self.control("POST", "/faults", rule)

    def clear(self):
        """Takes every fault away."""
        for fault in self.control("GET", "/faults")["faults"]:
            self.control("DELETE", "/faults/" + urllib.parse.quote(fault["rule"]["id"], safe=""))

    def writes(self):
        """Every attempt to write, refused ones included."""
        return self.control("GET", "/journal?kind=writes&limit=10000")["writes"]


def mock_config(protocol, profile, tls):
    """A configuration of `calamity mock`: one server with two users. YAML takes JSON as it is."""
    users = [
        {"address": USER, "password": SECRET, "calendars": [{"name": "Work"}], "address-books": [{"name": "People"}]},
        {"address": "guest@example.com", "password": "guest"},
    ]
    server = {"name": "mock", "protocol": protocol, "profile": profile, "tls": tls, "users": users}
    return json.dumps({"mock": 1, "servers": [server]})


@contextlib.contextmanager
def mock(protocol, profile="strict", tls="off"):
    """`calamity mock` with one server; its first line is JSON with URLs, users and the control API."""
    with folder() as home:
        (home / "mock.yaml").write_text(mock_config(protocol, profile, tls))
        command = [os.environ["CALAMITY"], "mock", "--config", str(home / "mock.yaml"), "--json"]
        with running(command, stdout=subprocess.PIPE) as process:
            line = process.stdout.readline()
            if not line:
                raise Failed(f"the {protocol} mock does not start")
            yield Mock(json.loads(line))


def wait_for_port(port, process):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise Failed(f"{process.args[0]} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Failed(f"nobody listens on {port} after {PATIENCE} s")


def dav(method, url, body=None, headers=(), user=USER, secret=SECRET):
    """One request, as (status, headers, body)."""
    request = urllib.request.Request(url, data=None if body is None else body.encode(), method=method)
    request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode())
    for name, value in headers:
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def collection(server, homes, name):
    """The path segment of a collection of the user, by its display name."""
    status, _, body = dav("PROPFIND", f"{server.url}/dav/{homes}/{USER}/", None, [("Depth", "1")])
    if status != 207:
        raise Failed(f"PROPFIND of the home: {status}")
    for response in ElementTree.fromstring(body).findall("{DAV:}response"):
        if response.findtext(".//{DAV:}displayname") == name:
            return response.findtext("{DAV:}href").rstrip("/").rsplit("/", 1)[-1]
    raise Failed(f"no collection is named {name}")


def event(uid, title, day=10):
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Calamity//Clients//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:202603{day:02}T090000Z\r\n"
        f"DTEND:202603{day:02}T100000Z\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def card(uid, name):
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:{name};;;;\r\nEND:VCARD\r\n"
    )


def call(command, timeout=PATIENCE, codes=(0,), **options):
    """Runs a command to its end and returns what it printed."""
    done = subprocess.run(
        command, text=True, timeout=timeout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )
    if done.returncode not in codes:
        raise Failed(f"{' '.join(command[:3])} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done
