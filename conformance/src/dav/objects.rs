//! Checks of storing, reading and deleting objects.

use super::context::{Dav, Kind};
use super::samples;
use crate::check::{Check, Stop, Verdict, expect, fail, not_applicable, row, same};
use crate::client::Ask;
use crate::ical;

pub(super) fn checks(kind: Kind) -> Vec<Check<Dav>> {
    let mut checks = vec![
        row! { Must, "put.created", "PUT to a new path answers 201", "RFC 9110 9.3.4", created },
        row! {
            Must, "put.replaced", "PUT to an old one replaces the object", "RFC 9110 9.3.4",
            replaced
        },
        row! { Should, "put.etag", "PUT gives the new ETag", "RFC 4791 5.3.4", etag },
        row! {
            Must, "put.etag-honest", "where it does, GET gives these bytes and this ETag",
            "RFC 4791 5.3.4", etag_honest
        },
        row! {
            Must, "put.etag-changes", "another body has another ETag", "RFC 9110 8.8.3",
            etag_changes
        },
        row! {
            Must, "put.unknown-properties", "properties that nobody knows are kept",
            "RFC 4791 5.3.3", unknown_properties
        },
        row! {
            Must, "put.non-ascii", "characters beyond ASCII are kept", "RFC 4791 4.1", non_ascii
        },
        row! { Should, "put.large", "an object of 200 kB is kept", "RFC 4791 5.2.5", large },
        row! {
            Should, "put.folded", "lines that are folded within a character are read",
            "RFC 5545 3.1", folded
        },
        row! {
            Must, "put.parent-missing", "without a parent the answer is 409", "RFC 4918 9.7.1",
            parent_missing
        },
        row! { Must, "get.etag", "GET gives a strong ETag", "RFC 4791 5.3.4", get_etag },
        row! { Must, "get.type", "GET gives the media type", "RFC 4791 4.1", get_type },
        row! {
            May, "get.bytes", "GET gives back the bytes that were stored", "RFC 4791 5.3.4",
            get_bytes
        },
        row! {
            Must, "get.missing", "what is not there has the status 404", "RFC 9110 15.5.5",
            get_missing
        },
        row! {
            Must, "get.not-modified", "GET with the ETag that the client has answers 304",
            "RFC 9110 13.1.2", not_modified
        },
        row! {
            Must, "head.same", "HEAD gives the headers of GET and no body", "RFC 9110 9.3.2", head
        },
        row! {
            Must, "delete.gone", "DELETE removes an object, and only it", "RFC 4918 9.6", gone
        },
        row! {
            Must, "delete.missing", "DELETE of nothing answers 404", "RFC 4918 9.6",
            delete_missing
        },
        row! {
            Must, "delete.again", "a path can be used again after DELETE", "RFC 4918 9.6", again
        },
    ];
    if kind == Kind::Calendar {
        checks.extend([
            row! {
                Must, "put.override", "an event is kept with its overridden instance",
                "RFC 4791 4.1", overridden
            },
            row! { Should, "put.todo", "a task is kept", "RFC 4791 4.1", todo },
            row! { Should, "put.journal", "a journal entry is kept", "RFC 4791 4.1", journal },
            row! {
                Must, "put.timezone", "a time zone of the object's own is kept", "RFC 4791 4.1",
                timezone
            },
            row! { Should, "put.alarm", "an alarm is kept", "RFC 4791 8.6", alarm },
        ]);
    }
    checks
}

async fn created(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}new.{}", dav.kind.extension());
    dav.put(&path, &dav.sample(&dav.fresh(), "New")).await?.status("PUT", &[201])
}

async fn replaced(dav: &Dav) -> Verdict {
    let (at, uid) = (dav.collection().await?, dav.fresh());
    let path = dav.store(&at, "one", &dav.sample(&uid, "Before")).await?;
    dav.put(&path, &dav.sample(&uid, "After")).await?.status("PUT", &[200, 204])?;
    let text = dav.get(&path).await?.text();
    expect(text.contains("After") && !text.contains("Before"), "the new object", text)
}

/// Stores a sample: its path, its body, the ETag that PUT gave.
async fn put_sample(dav: &Dav) -> Result<(String, String, Option<String>), Stop> {
    let at = dav.collection().await?;
    let (path, body) =
        (format!("{at}one.{}", dav.kind.extension()), dav.sample(&dav.fresh(), "One"));
    let reply = dav.put(&path, &body).await?;
    reply.success("PUT")?;
    let etag = reply.header("etag").map(str::to_owned);
    Ok((path, body, etag))
}

async fn etag(dav: &Dav) -> Verdict {
    let (_, _, etag) = put_sample(dav).await?;
    expect(etag.is_some(), "an ETag in the answer to PUT", "none")
}

async fn etag_honest(dav: &Dav) -> Verdict {
    let (path, body, etag) = put_sample(dav).await?;
    let Some(etag) = etag else { return not_applicable("no ETag in the answer to PUT") };
    let reply = dav.get(&path).await?;
    same("ETag of GET", &reply.header("etag"), &Some(etag.as_str()))?;
    same("body of GET", &reply.text(), &body)
}

async fn etag_changes(dav: &Dav) -> Verdict {
    let (at, uid) = (dav.collection().await?, dav.fresh());
    let path = dav.store(&at, "one", &dav.sample(&uid, "Before")).await?;
    let before = dav.etag(&path).await?;
    dav.put(&path, &dav.sample(&uid, "After")).await?.success("PUT")?;
    let after = dav.etag(&path).await?;
    expect(before != after, "another ETag", after)
}

/// Stores an object and fails unless each of these texts is in what GET gives, unfolded.
async fn kept(dav: &Dav, body: &str, texts: &[&str]) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}one.{}", dav.kind.extension());
    dav.put(&path, body).await?.success("PUT")?;
    let reply = dav.get(&path).await?;
    reply.status("GET", &[200])?;
    let text = reply.text().replace("\r\n", "\n").replace("\n ", "");
    for wanted in texts {
        expect(text.contains(wanted), *wanted, text.clone())?;
    }
    Ok(())
}

/// An object of the kind with more lines.
fn with_lines(dav: &Dav, lines: &[&str]) -> String {
    let uid = dav.fresh();
    match dav.kind {
        Kind::Calendar => samples::event_of(&uid, &[&["DTSTART:20260310T090000Z"], lines].concat()),
        Kind::Contacts => {
            samples::card_of("3.0", &uid, &[&["FN:One", "N:One;;;;"], lines].concat())
        }
    }
}

async fn unknown_properties(dav: &Dav) -> Verdict {
    let line = "X-CALAMITY-NOTE;X-CALAMITY-KIND=some:a value";
    let body = with_lines(dav, &[line]);
    kept(dav, &body, &["X-CALAMITY-NOTE", "X-CALAMITY-KIND=some", "a value"]).await
}

async fn non_ascii(dav: &Dav) -> Verdict {
    let text = "Grüße aus 東京 🗼 e\u{301} \u{5e9}\u{5dc}\u{5d5}\u{5dd}";
    let line = match dav.kind {
        Kind::Calendar => format!("SUMMARY:{text}"),
        Kind::Contacts => format!("NOTE:{text}"),
    };
    kept(dav, &with_lines(dav, &[&line]), &[text]).await
}

async fn large(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let bound = super::collection::max_resource_size(dav, &at).await?;
    if bound.is_some_and(|bound| bound < 256 * 1024) {
        return not_applicable("max-resource-size is smaller");
    }
    let name = if dav.kind == Kind::Calendar { "DESCRIPTION" } else { "NOTE" };
    let words = "twelve words ".repeat(16_000);
    let mut lines = vec![format!("{name}:")];
    lines.extend(
        words.as_bytes().chunks(70).map(|part| format!(" {}", String::from_utf8_lossy(part))),
    );
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    kept(dav, &with_lines(dav, &lines), &[words.trim_end()]).await
}

async fn folded(dav: &Dav) -> Verdict {
    let name = if dav.kind == Kind::Calendar { "SUMMARY" } else { "NOTE" };
    let whole = with_lines(dav, &[&format!("{name}:caf\u{e9} noir")]);
    let mut body = whole.into_bytes();
    // RFC 5545, section 3.1: an implementation might fold within a character of several bytes.
    let at = body.windows(2).position(|pair| pair == "\u{e9}".as_bytes()).unwrap_or(0) + 1;
    body.splice(at..at, *b"\r\n ");
    let collection = dav.collection().await?;
    let path = format!("{collection}one.{}", dav.kind.extension());
    dav.client.send(dav.put_ask(&path, body)).await?.success("PUT")?;
    let reply = dav.get(&path).await?;
    let bytes: Vec<u8> = reply.body.to_vec();
    let mut unfolded = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let fold = [&b"\r\n "[..], b"\n "].into_iter().find_map(|fold| rest.strip_prefix(fold));
        rest = fold.unwrap_or_else(|| {
            unfolded.push(*first);
            after
        });
    }
    let text = String::from_utf8_lossy(&unfolded).into_owned();
    expect(text.contains("caf\u{e9} noir"), "café noir", text)
}

async fn parent_missing(dav: &Dav) -> Verdict {
    let missing = dav.new_path()?;
    let path = format!("{missing}one.{}", dav.kind.extension());
    dav.put(&path, &dav.sample(&dav.fresh(), "One")).await?.status("PUT without a parent", &[409])
}

async fn get_etag(dav: &Dav) -> Verdict {
    let (path, ..) = put_sample(dav).await?;
    let reply = dav.get(&path).await?;
    let found = reply.header("etag");
    let strong =
        found.is_some_and(|etag| etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"'));
    expect(strong, "a quoted ETag without W/", format!("{found:?}"))
}

async fn get_type(dav: &Dav) -> Verdict {
    let (path, ..) = put_sample(dav).await?;
    let reply = dav.get(&path).await?;
    let found = reply.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let wanted = dav.kind.media_type().split(';').next().unwrap_or_default();
    expect(found.starts_with(wanted), format!("Content-Type {wanted}"), found)
}

async fn get_bytes(dav: &Dav) -> Verdict {
    let (path, body, _) = put_sample(dav).await?;
    same("body", &dav.get(&path).await?.text(), &body)
}

async fn get_missing(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}nothing.{}", dav.kind.extension());
    dav.get(&path).await?.status("GET of nothing", &[404])
}

async fn not_modified(dav: &Dav) -> Verdict {
    let (path, ..) = put_sample(dav).await?;
    let etag = dav.etag(&path).await?;
    let ask = Ask::new("GET", &path).header("if-none-match", etag);
    dav.client.send(ask).await?.status("GET with If-None-Match", &[304])
}

async fn head(dav: &Dav) -> Verdict {
    let (path, ..) = put_sample(dav).await?;
    let (get, head) = (dav.get(&path).await?, dav.client.send(Ask::new("HEAD", &path)).await?);
    head.status("HEAD", &[200])?;
    for name in ["etag", "content-type"] {
        same(name, &head.header(name), &get.header(name))?;
    }
    expect(head.body.is_empty(), "no body", format!("{} bytes", head.body.len()))
}

async fn gone(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let (one, two) = (dav.store_sample(&at, "one").await?, dav.store_sample(&at, "two").await?);
    dav.delete(&one).await?.status("DELETE", &[200, 204])?;
    dav.get(&one).await?.status("GET afterwards", &[404, 410])?;
    dav.get(&two).await?.status("GET of another object", &[200])
}

async fn delete_missing(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}nothing.{}", dav.kind.extension());
    dav.delete(&path).await?.status("DELETE of nothing", &[404])
}

async fn again(dav: &Dav) -> Verdict {
    let (path, body, _) = put_sample(dav).await?;
    dav.delete(&path).await?.success("DELETE")?;
    dav.put(&path, &body).await?.status("PUT to the same path", &[201])?;
    dav.get(&path).await?.status("GET", &[200])
}

async fn overridden(dav: &Dav) -> Verdict {
    let uid = dav.fresh();
    let master = ["DTSTART:20260310T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:All"];
    let other = ["RECURRENCE-ID:20260311T090000Z", "DTSTART:20260311T140000Z", "SUMMARY:Later"];
    let parts = [master, other].map(|lines| samples::component("VEVENT", &uid, &lines));
    let (at, body) = (dav.collection().await?, samples::calendar(&parts.concat()));
    let path = format!("{at}one.ics");
    dav.put(&path, &body).await?.success("PUT")?;
    let text = dav.get(&path).await?.text();
    same("events in it", &ical::count(&text, "VEVENT"), &2)?;
    let mut titles = ical::values(&text, "VCALENDAR/VEVENT", "SUMMARY");
    titles.sort();
    same("titles", &titles, &vec!["All".to_owned(), "Later".to_owned()])
}

/// Stores an object of another component, if the collection takes it.
async fn kept_component(dav: &Dav, kind: &str, lines: &[&str]) -> Verdict {
    let at = dav.collection().await?;
    let name = (crate::xml::CALDAV, "supported-calendar-component-set");
    if let Some(set) = dav.property(&at, name).await? {
        let names = super::makes::component_names(&set);
        if !names.is_empty() && !names.iter().any(|name| name == kind) {
            return not_applicable(format!("new calendars take {names:?}"));
        }
    }
    let body = samples::calendar(&samples::component(kind, &dav.fresh(), lines));
    let path = format!("{at}one.ics");
    dav.put(&path, &body).await?.success("PUT")?;
    let text = dav.get(&path).await?.text();
    if ical::count(&text, kind) == 1 && text.contains("SUMMARY:Kept") {
        return Ok(());
    }
    fail(format!("the {kind}"), text)
}

async fn todo(dav: &Dav) -> Verdict {
    kept_component(dav, "VTODO", &["DUE:20260310T090000Z", "SUMMARY:Kept"]).await
}

async fn journal(dav: &Dav) -> Verdict {
    kept_component(dav, "VJOURNAL", &["DTSTART;VALUE=DATE:20260310", "SUMMARY:Kept"]).await
}

async fn timezone(dav: &Dav) -> Verdict {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Calamity/Own\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\n\
                TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    let lines = ["DTSTART;TZID=Calamity/Own:20260310T090000", "DURATION:PT1H"];
    let event = samples::component("VEVENT", &dav.fresh(), &lines);
    let body = samples::calendar(&format!("{zone}{event}"));
    kept(dav, &body, &["TZID:Calamity/Own", "TZOFFSETTO:+0530", "TZID=Calamity/Own"]).await
}

async fn alarm(dav: &Dav) -> Verdict {
    let lines =
        ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Now", "TRIGGER:-PT10M", "END:VALARM"];
    kept(dav, &with_lines(dav, &lines), &["BEGIN:VALARM", "TRIGGER:-PT10M"]).await
}
