"""vdirsyncer 0.21.0 and a listing in which the server refuses 7 of 10 items: each has a 503 of its own in
the 207, or is left out of it. vdirsyncer passes over both, takes the 7 for deleted, deletes them on the
other side and ends with exit code 0. The other server's journal shows the 7 DELETEs. When the first server
is well again, the 7 come back as new objects: the end looks right, and 14 writes happened that nobody
asked for."""

import os
import sys
from pathlib import Path
from xml.etree import ElementTree

from support import SECRET, USER, call, collection, dav, equal, event, folder, main, mock, must, say

PROGRAM = str(Path(sys.executable).parent / "vdirsyncer")
ALL, LACKING = 10, 7


def storage(name, url):
    return (
        f'[storage {name}]\ntype = "caldav"\nurl = "{url}/dav/"\n'
        f'username = "{USER}"\npassword = "{SECRET}"\n'
    )


def kinds(writes):
    """How often each operation was applied."""
    applied = [write["op"] for write in writes if write["applied"]]
    return {op: applied.count(op) for op in sorted(set(applied))}


def refused():
    """A 503 for each of the first 7 items that the listing would have held."""
    return [{
        "id": "refused", "site": "item", "op": "feed.query", "when": {"times": LACKING},
        "what": {"error": {"status": 503}}, "origin": "observed",
    }]


def left_out():
    return [
        {"id": f"lacking-{nth}", "site": "feed", "op": "feed.*", "item": {"uid": f"item-{nth}"},
         "what": "omit", "origin": "observed"}
        for nth in range(LACKING)
    ]


def arm(server, rules):
    """The rules, with their counts at nought."""
    server.clear()
    for rule in rules:
        server.arm(rule)


def answered(at):
    """How many responses a query of the whole calendar has, and how many of them are a 503 of their own."""
    query = (
        '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop>'
        '<C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>'
    )
    _, _, body = dav("REPORT", at, query, [("Depth", "1"), ("Content-Type", "application/xml")])
    responses = ElementTree.fromstring(body).findall("{DAV:}response")
    statuses = [response.findtext("{DAV:}status") or "" for response in responses]
    return len(responses), sum(" 503" in status for status in statuses)


def steps():
    drill("a 503 for each of them", refused(), (ALL, LACKING))
    drill("left out of the 207", left_out(), (ALL - LACKING, 0))


def drill(how, rules, shown):
    say(f"vdirsyncer, a 207 that lacks {LACKING} of {ALL} items: {how}")
    with folder() as home, mock("dav") as one, mock("dav") as other:
        segments = [collection(server, "calendars", "Work") for server in (one, other)]
        (home / "config").write_text(
            f'[general]\nstatus_path = "{home}/status"\n'
            f'[pair both]\na = "one"\nb = "other"\ncollections = [["work", "{segments[0]}", "{segments[1]}"]]\n'
            + storage("one", one.url) + storage("other", other.url)
        )
        env = {**os.environ, "VDIRSYNCER_CONFIG": str(home / "config"), "HOME": str(home)}

        def vdirsyncer(word):
            return call([PROGRAM, word], env=env, input="y\n" * 20)

        at = f"{one.url}/dav/calendars/{USER}/{segments[0]}/"
        for nth in range(ALL):
            dav("PUT", f"{at}{nth}.ics", event(f"item-{nth}", f"Item {nth}"), [("Content-Type", "text/calendar")])
        vdirsyncer("discover")
        vdirsyncer("sync")
        seen = len(other.writes())
        equal(kinds(other.writes()).get("create"), ALL, f"{ALL} items are on both servers")

        arm(one, rules)
        equal(answered(at), shown, f"a query shows {shown[0]} responses, {shown[1]} of them 503")
        arm(one, rules)
        vdirsyncer("sync")
        new = other.writes()[seen:]
        equal(kinds(new), {"delete": LACKING}, f"exit code 0, and the other server's journal shows {LACKING} DELETEs")
        for write in new:
            say(f"        {write['at']}  {write['op']}  {write['item']}")
        seen = len(other.writes())

        one.clear()
        vdirsyncer("sync")
        equal(kinds(other.writes()[seen:]), {"create": LACKING}, "after the recovery they are made again")
        equal(kinds(one.writes()).get("delete", 0), 0, "and all the while nobody deleted anything on the first")


main(steps)
