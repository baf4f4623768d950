"""`calamity conform` against the strict mocks: every check of the four protocols holds."""

import json
import os

from support import SECRET, USER, call, equal, main, mock, must, say

TARGETS = [
    ("caldav", "dav", "/", ["--user", USER, "--password-env", "SECRET"]),
    ("carddav", "dav", "/", ["--user", USER, "--password-env", "SECRET"]),
    ("jmap", "jmap", "/jmap/session", ["--token-env", "SECRET"]),
    ("graph", "graph", "/v1.0", ["--token-env", "SECRET"]),
]


def steps():
    calamity = os.environ["CALAMITY"]
    for protocol, speaks, path, login in TARGETS:
        say(f"calamity conform, {protocol}, strict mock")
        with mock(speaks) as server:
            command = [calamity, "conform", server.url + path, "--protocol", protocol, "--json", *login]
            done = call(command, timeout=300, codes=(0, 1), env={**os.environ, "SECRET": SECRET})
            report = json.loads(done.stdout)
            bad = [row["id"] for row in report["rows"] if "fail" in row["outcome"] or "skipped" in row["outcome"]]
            equal(bad, [], f"none of {len(report['rows'])} checks fails or is skipped")
            equal(done.returncode, 0, "exit code 0")
            equal(report["left_behind"], [], "nothing is left behind")
            must(len(report["rows"]) > 30, "the catalogue is whole")


main(steps)
