"""curl speaks the basics of JMAP: the session, Core/echo, Calendar/get, an event set, got, changed and
destroyed. Over TLS the session's URLs are https in both versions of HTTP."""

import json

from support import SECRET, PATIENCE, call, equal, main, mock, must, say

USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"]


def curl(*words):
    """Status and body as JSON; redirects are followed, as --location-trusted says."""
    done = call(["curl", "-sS", "--max-time", str(PATIENCE), "-w", "\n%{http_code}", *words])
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), json.loads(body) if body.strip() else None


def steps():
    over_tls()
    basics()


def over_tls():
    say("curl, JMAP over TLS")
    with mock("jmap", tls="generated") as server:
        trust = ["--cacert", server.authority, "-H", f"Authorization: Bearer {SECRET}"]
        for version in ("--http1.1", "--http2"):
            status, session = curl(version, *trust, f"{server.url}/jmap/session")
            equal((status, session["apiUrl"].startswith(server.url)), (200, True), f"the session, {version}")
            must(server.url.startswith("https://"), "and its URLs are https")


def basics():
    say("curl, JMAP")
    with mock("jmap") as server:
        login = ["-H", f"Authorization: Bearer {SECRET}"]
        status, session = curl("--location-trusted", *login, f"{server.url}/.well-known/jmap")
        equal(status, 200, "the well-known URL leads to the session")
        account = session["primaryAccounts"]["urn:ietf:params:jmap:calendars"]
        equal(curl(f"{server.url}/jmap/session")[0], 401, "not without a token")

        def calls(*method_calls):
            body = json.dumps({"using": USING, "methodCalls": list(method_calls)})
            status, answer = curl(*login, "-H", "Content-Type: application/json", "-d", body, session["apiUrl"])
            equal(status, 200, " and ".join(name for name, *_ in method_calls) + " is answered")
            return answer["methodResponses"]

        echo = ["Core/echo", {"hello": True}, "0"]
        equal(calls(echo), [echo], "Core/echo gives back its arguments")
        (name, got, _), = calls(["Calendar/get", {"accountId": account, "ids": None}, "0"])
        work = next(one["id"] for one in got["list"] if one["name"] == "Work")

        event = {
            "@type": "Event", "uid": "curl-1", "calendarIds": {work: True}, "title": "Curled",
            "start": "2026-05-04T09:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H",
        }
        (name, made, _), = calls(["CalendarEvent/set", {"accountId": account, "create": {"e": event}}, "0"])
        must(made["created"] and not made["notCreated"], "an event is created")
        id, state = made["created"]["e"]["id"], made["newState"]

        query = {"accountId": account, "filter": {"inCalendar": work}}
        ref = {"resultOf": "0", "name": "CalendarEvent/query", "path": "/ids"}
        _, (name, got, _) = calls(
            ["CalendarEvent/query", query, "0"],
            ["CalendarEvent/get", {"accountId": account, "#ids": ref, "properties": ["title"]}, "1"],
        )
        equal([one["title"] for one in got["list"]], ["Curled"], "a query and a reference to it find the event")

        update = {"accountId": account, "ifInState": state, "update": {id: {"title": "Straight"}}}
        (name, done, _), = calls(["CalendarEvent/set", update, "0"])
        must(id in done["updated"], "the event is changed")
        (name, refused, _), = calls(["CalendarEvent/set", update, "0"])
        equal((name, refused["type"]), ("error", "stateMismatch"), "not with an old state")
        (name, changes, _), = calls(["CalendarEvent/changes", {"accountId": account, "sinceState": state}, "0"])
        equal(changes["updated"], [id], "changes tell of it")
        (name, done, _), = calls(["CalendarEvent/set", {"accountId": account, "destroy": [id]}, "0"])
        equal(done["destroyed"], [id], "the event is destroyed")


main(steps)
