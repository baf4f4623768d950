"""python caldav: a calendar is made, events are made, found, changed and deleted, and a sync token
tells of each; then the calendar goes."""

import datetime

import caldav
from caldav.lib import error

from support import SECRET, USER, equal, event, main, mock, must, say

DAY = datetime.datetime(2026, 3, 10, tzinfo=datetime.timezone.utc)
PATIENCE = 30


def titles(objects):
    return sorted(str(found.icalendar_component["SUMMARY"]) for found in objects)


def told(collection):
    return sorted(str(found.url).rsplit("/", 1)[-1] for found in collection)


def steps():
    say("python caldav")
    with mock("dav") as server:
        url = server.url + "/"
        with caldav.DAVClient(url, username=USER, password=SECRET, timeout=PATIENCE) as client:
            principal = client.principal()
            must(USER in str(principal.url), "the principal is found")
            names = [str(found.get_display_name()) for found in principal.get_calendars()]
            must("Work" in names, "and the user's calendars")

            calendar = principal.make_calendar(name="Calamity")
            equal(str(calendar.get_display_name()), "Calamity", "a calendar is made")
            first = calendar.get_objects_by_sync_token(disable_fallback=True)
            equal(told(first), [], "a sync token of an empty calendar")

            one = calendar.add_event(event("one", "One", day=10))
            calendar.add_event(event("two", "Two", day=20))
            equal(titles(calendar.get_events()), ["One", "Two"], "two events are made")
            found = calendar.search(start=DAY, end=DAY + datetime.timedelta(days=1), event=True)
            equal(titles(found), ["One"], "a search by time finds one of them")
            equal(titles([calendar.get_event_by_uid("two")]), ["Two"], "a search by UID the other")

            after = calendar.get_objects_by_sync_token(first.sync_token, disable_fallback=True)
            equal(len(list(after)), 2, "the token tells of both")

            one.icalendar_component["SUMMARY"] = "One changed"
            one.save()
            one.load()
            equal(titles([one]), ["One changed"], "an event is changed")
            changed = calendar.get_objects_by_sync_token(
                after.sync_token, load_objects=True, disable_fallback=True
            )
            equal(titles(changed), ["One changed"], "the token tells of the change")

            one.delete()
            equal(titles(calendar.get_events()), ["Two"], "an event is deleted")
            gone = calendar.get_objects_by_sync_token(changed.sync_token, disable_fallback=True)
            equal(len(list(gone)), 1, "the token tells of that")
            nothing = calendar.get_objects_by_sync_token(gone.sync_token, disable_fallback=True)
            equal(told(nothing), [], "and then of nothing")

            calendar.delete()
            try:
                calendar.get_events()
                must(False, "a deleted calendar is gone")
            except error.NotFoundError:
                must(True, "a deleted calendar is gone")


main(steps)
