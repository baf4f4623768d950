"""curl speaks the basics of Graph: list, create, patch with If-Match, delete, delta."""

import json

from support import SECRET, PATIENCE, call, equal, main, mock, must, say

WINDOW = "startDateTime=2026-05-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z"


def steps():
    say("curl, Graph")
    with mock("graph") as server:
        def curl(method, at, body=None, *headers):
            url = at if at.startswith("http") else f"{server.url}/v1.0{at}"
            words = ["-X", method, "-H", f"Authorization: Bearer {SECRET}"]
            for header in headers:
                words += ["-H", header]
            if body is not None:
                words += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
            done = call(["curl", "-sS", "--max-time", str(PATIENCE), "-w", "\n%{http_code}", *words, url])
            text, status = done.stdout.rsplit("\n", 1)
            return int(status), json.loads(text) if text.strip() else None

        status, listed = curl("GET", "/me/calendars")
        equal(status, 200, "calendars are listed")
        work = next(one["id"] for one in listed["value"] if one["name"] == "Work")
        events = f"/me/calendars/{work}/events"

        feed = f"/me/calendars/{work}/calendarView/delta?{WINDOW}"
        status, first = curl("GET", feed)
        equal((status, first["value"]), (200, []), "a first delta round of an empty calendar")

        event = {
            "subject": "Curled",
            "start": {"dateTime": "2026-05-04T09:00:00", "timeZone": "UTC"},
            "end": {"dateTime": "2026-05-04T10:00:00", "timeZone": "UTC"},
        }
        status, made = curl("POST", events, event)
        equal(status, 201, "an event is created")
        at, etag = f"/me/events/{made['id']}", made["@odata.etag"]
        status, listed = curl("GET", events)
        equal([one["subject"] for one in listed["value"]], ["Curled"], "and listed")

        status, changed = curl("PATCH", at, {"subject": "Straight"}, f"If-Match: {etag}")
        equal((status, changed["subject"]), (200, "Straight"), "PATCH with If-Match changes it")
        status, refused = curl("PATCH", at, {"subject": "Bent"}, f"If-Match: {etag}")
        equal((status, refused["error"]["code"]), (412, "ErrorIrresolvableConflict"), "not with an old etag")

        status, second = curl("GET", first["@odata.deltaLink"])
        equal([one["subject"] for one in second["value"]], ["Straight"], "the delta feed tells of it")
        equal(curl("DELETE", at)[0], 204, "the event is deleted")
        equal(curl("GET", at)[0], 404, "and gone")
        status, third = curl("GET", second["@odata.deltaLink"])
        must([one["id"] for one in third["value"] if "@removed" in one] == [made["id"]], "the delta feed tells of that")
        equal(curl("GET", third["@odata.deltaLink"])[1]["value"], [], "and then of nothing")


main(steps)
