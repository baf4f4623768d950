"""`calamity conform` against the strict mocks: every check of the four protocols holds, but for those
written down here, which are no MUST."""

import json
import os

from support import SECRET, USER, call, equal, main, mock, say

TARGETS = [
    ("caldav", "dav", "/", ["--user", USER, "--password-env", "SECRET"]),
    ("carddav", "dav", "/", ["--user", USER, "--password-env", "SECRET"]),
    ("jmap", "jmap", "/jmap/session", ["--token-env", "SECRET"]),
    ("graph", "graph", "/v1.0", ["--token-env", "SECRET"]),
]

# Clients send a sync-collection of depth 1, and real servers answer it: so do the mocks.
LENIENT = {"dav": ["sync.depth"], "jmap": [], "graph": []}


def outcome(report, of):
    return [row for row in report["rows"] if of in row["outcome"]]


def steps():
    calamity = os.environ["CALAMITY"]
    for protocol, speaks, path, login in TARGETS:
        say(f"calamity conform, {protocol}, strict mock")
        with mock(speaks) as server:
            command = [calamity, "conform", server.url + path, "--protocol", protocol, "--json", *login]
            done = call(command, timeout=300, codes=(0, 1), env={**os.environ, "SECRET": SECRET})
            report = json.loads(done.stdout)
            broken = [row["id"] for row in outcome(report, "fail") if row["level"] == "MUST"]
            bad = broken + [row["id"] for row in outcome(report, "skipped")]
            equal(bad, [], f"no MUST of {len(report['rows'])} checks fails, and none is skipped")
            warned = [row["id"] for row in outcome(report, "fail")]
            equal(warned, LENIENT[speaks], "all others hold")
            equal(done.returncode, 0, "exit code 0")
            equal(report["left_behind"], [], "nothing is left behind")
            equal(len(report["rows"]) > 30, True, "the catalogue is whole")


main(steps)
