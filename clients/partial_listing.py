"""vdirsyncer 0.21.0 and a listing that lacks 7 of 10 items, which the server left out of its 207 (one
that it refuses there looks the same to vdirsyncer: it passes over a response without properties). It
deletes the 7 on the other side and ends with exit code 0. The other server's journal shows the 7 DELETEs.
When the first server is well again, the 7 come back as new objects: the end looks right, and 14 writes
happened that nobody asked for."""

import os
import sys
from pathlib import Path

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


def steps():
    say("vdirsyncer, a 207 that lacks 7 of 10 items")
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

        for nth in range(LACKING):
            one.arm({
                "id": f"lacking-{nth}", "site": "feed", "op": "feed.*", "item": {"uid": f"item-{nth}"},
                "what": "omit", "origin": "observed",
            })
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
