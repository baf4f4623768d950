"""vdirsyncer, two ways: what is made, changed and deleted on either side arrives on the other, for
calendars and for contacts; the other side is a folder of files."""

import os
import sys
from pathlib import Path

from support import SECRET, USER, call, card, collection, dav, equal, event, folder, main, mock, must, say

PROGRAM = str(Path(sys.executable).parent / "vdirsyncer")
KINDS = [
    ("caldav", "calendars", "Work", ".ics", event, "text/calendar"),
    ("carddav", "addressbooks", "People", ".vcf", card, "text/vcard"),
]


def config(home, url, kind, extension):
    return (
        f'[general]\nstatus_path = "{home}/status"\n'
        f'[pair both]\na = "files"\nb = "server"\ncollections = ["from b"]\nconflict_resolution = null\n'
        f'[storage files]\ntype = "filesystem"\npath = "{home}/files"\nfileext = "{extension}"\n'
        f'[storage server]\ntype = "{kind}"\nurl = "{url}/dav/"\nusername = "{USER}"\npassword = "{SECRET}"\n'
    )


def sync_kind(kind, homes, name, extension, body, media):
    with folder() as home, mock("dav") as server:
        (home / "config").write_text(config(home, server.url, kind, extension))
        env = {**os.environ, "VDIRSYNCER_CONFIG": str(home / "config"), "HOME": str(home)}

        def vdirsyncer(*words):
            return call([PROGRAM, *words], env=env, input="y\n" * 20)

        segment = collection(server, homes, name)
        at = f"{server.url}/dav/{homes}/{USER}/{segment}/"

        def put(name, text):
            return dav("PUT", f"{at}{name}{extension}", text, [("Content-Type", media)])

        def get(name):
            return dav("GET", f"{at}{name}{extension}")

        say(f"vdirsyncer, {kind}")
        equal(put("theirs", body("theirs", "Theirs"))[0], 201, "an object is on the server")
        vdirsyncer("discover")
        vdirsyncer("sync")
        files = home / "files" / segment
        local = {path.name for path in files.glob("*" + extension)}
        equal(len(local), 1, "what was on the server arrives as a file")
        theirs = files / local.pop()
        must("Theirs" in theirs.read_text(), "with its content")

        (files / f"ours{extension}").write_text(body("ours", "Ours"), newline="")
        vdirsyncer("sync")
        equal(get("ours")[0], 200, "a new file arrives on the server")
        must("Ours" in get("ours")[2], "with its content")

        put("theirs", body("theirs", "Theirs changed"))
        (files / f"ours{extension}").write_text(body("ours", "Ours changed"), newline="")
        vdirsyncer("sync")
        must("Theirs changed" in theirs.read_text(), "a change on the server arrives in the file")
        must("Ours changed" in get("ours")[2], "a change of the file arrives on the server")

        equal(dav("DELETE", f"{at}theirs{extension}")[0], 204, "an object is deleted on the server")
        put("third", body("third", "Third"))
        vdirsyncer("sync")
        must(not theirs.exists(), "its file is deleted")
        (files / f"ours{extension}").unlink()
        vdirsyncer("sync")
        equal(get("ours")[0], 404, "a deleted file is deleted on the server")
        equal(get("third")[0], 200, "and nothing else is")

        before = len(server.writes())
        vdirsyncer("sync")
        equal(len(server.writes()) - before, 0, "a sync without changes writes nothing")


def steps():
    for kind in KINDS:
        sync_kind(*kind)


main(steps)
