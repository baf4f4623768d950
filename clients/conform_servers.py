"""`calamity conform` against Radicale and Xandikos, held against conformance/DIFFERENCES.md: what fails
there and is not in it fails here, and so does a row of it that no longer differs."""

import fnmatch
import json
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

from support import Failed, call, folder, free_port, main, running, say, wait_for_port

ROOT = Path(__file__).resolve().parent.parent
PROTOCOLS = ("caldav", "carddav")


@contextmanager
def radicale():
    with folder() as home:
        import bcrypt

        secret = bcrypt.hashpw(b"secret", bcrypt.gensalt(4)).decode()
        (home / "users").write_text(f"alice:{secret}\n")
        port = free_port()
        (home / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{port}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {home}/users\nhtpasswd_encryption = bcrypt\n"
            f"[storage]\nfilesystem_folder = {home}/data\n[logging]\nlevel = error\n"
        )
        command = [str(Path(sys.executable).parent / "radicale"), "--config", str(home / "config")]
        with open(home / "log", "w") as log, running(command, stdout=log, stderr=log) as process:
            wait_for_port(port, process)
            yield f"http://127.0.0.1:{port}/", ["--user", "alice", "--password-env", "SECRET"]


@contextmanager
def xandikos():
    with folder() as home:
        port = free_port()
        command = [
            str(Path(sys.executable).parent / "xandikos"),
            "--defaults", "-d", str(home / "data"), "-l", "127.0.0.1", "-p", str(port),
        ]
        with open(home / "log", "w") as log, running(command, stdout=log, stderr=log) as process:
            wait_for_port(port, process)
            yield f"http://127.0.0.1:{port}/", []


def written():
    """What DIFFERENCES.md says: {server: [(pattern, protocols)]}."""
    found, section = {"Radicale": [], "Xandikos": []}, None
    for line in (ROOT / "conformance" / "DIFFERENCES.md").read_text().splitlines():
        if line.startswith("## "):
            section = line[3:].split()[0]
        first = line.split("|")[1] if line.startswith("| `") else ""
        protocols = PROTOCOLS
        for name in PROTOCOLS:
            if f"of {name.replace('dav', 'DAV').capitalize().replace('dav', 'DAV')}" in first:
                protocols = (name,)
        for pattern in re.findall(r"`([^`]+)`", first):
            for server in found:
                if section in ("Both", server):
                    found[server].append((pattern, protocols))
    return found


def compare(server, reports):
    """Every failure is written down, and everything that is written down fails."""
    rows, wrong = written()[server], []
    for protocol, report in reports.items():
        for row in report["rows"]:
            fits = [p for p, of in rows if protocol in of and fnmatch.fnmatch(row["id"], p)]
            failed = "fail" in row["outcome"]
            if failed and not fits:
                outcome = row["outcome"]["fail"]
                wrong.append(
                    f"{protocol} {row['id']} is not in DIFFERENCES.md: expected {outcome['expected'][:100]},"
                    f" found {outcome['found'][:100]}"
                )
            if fits and not failed:
                how = row["outcome"] if isinstance(row["outcome"], str) else next(iter(row["outcome"]))
                wrong.append(f"{protocol} {row['id']} is in DIFFERENCES.md, and does not fail: {how}")
    ids = {p: {row["id"] for row in r["rows"]} for p, r in reports.items()}
    for pattern, protocols in rows:
        if not any(fnmatch.filter(ids[protocol], pattern) for protocol in protocols):
            wrong.append(f"`{pattern}` of DIFFERENCES.md is no check")
    return wrong


def steps():
    calamity, wrong = os.environ["CALAMITY"], []
    for name, start in (("Radicale", radicale), ("Xandikos", xandikos)):
        reports = {}
        with start() as (url, login):
            for protocol in PROTOCOLS:
                command = [calamity, "conform", url, "--protocol", protocol, "--json", *login]
                done = call(command, timeout=300, codes=(0, 1), env={**os.environ, "SECRET": "secret"})
                reports[protocol] = json.loads(done.stdout)
                outcomes = [r["outcome"] if isinstance(r["outcome"], str) else next(iter(r["outcome"])) for r in reports[protocol]["rows"]]
                counts = ", ".join(f"{outcomes.count(o)} {o}" for o in sorted(set(outcomes)))
                say(f"{name}, {protocol}: {counts}")
        wrong += [f"{name}: {text}" for text in compare(name, reports)]
    if wrong:
        raise Failed(f"{len(wrong)} differences from DIFFERENCES.md:\n" + "\n".join(wrong))
    say("  ok    DIFFERENCES.md is exact")


main(steps)
