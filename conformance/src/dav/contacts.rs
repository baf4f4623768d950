//! Checks of what addressbook-query selects and gives (RFC 6352, sections 8.6 and 10).

use super::context::Dav;
use super::reports::{everything, query};
use super::samples;
use super::select::{Object, case};
use crate::check::{Check, Verdict, expect, fail, row, same};
use crate::client::Ask;
use crate::ical;

const PEOPLE: &[Object] = &[
    (
        "ann",
        "3.0",
        &[&[
            "FN:Ann Müller",
            "N:Müller;Ann;;;",
            "EMAIL;TYPE=WORK:ann@work.example",
            "NICKNAME:Annie",
        ]],
    ),
    (
        "bob",
        "3.0",
        &[&["FN:Bob Mason", "N:Mason;Bob;;;", "EMAIL;TYPE=HOME:bob@home.example", "NICKNAME:"]],
    ),
    ("cy", "3.0", &[&["FN:Cy Young", "N:Young;Cy;;;", "item1.EMAIL:cy@work.example"]]),
];

const TWO_MAILS: &[Object] = &[
    (
        "apart",
        "3.0",
        &[&[
            "FN:Apart",
            "N:Apart;;;;",
            "EMAIL;TYPE=HOME:x@one.example",
            "EMAIL;TYPE=WORK:x@two.example",
        ]],
    ),
    ("joint", "3.0", &[&["FN:Joint", "N:Joint;;;;", "EMAIL;TYPE=HOME:x@two.example"]]),
];

pub(super) fn checks() -> Vec<Check<Dav>> {
    let mut checks = properties();
    checks.extend(texts());
    checks.extend(combined());
    checks.extend(vec![
        row! {
            Must, "limit.results", "nresults limits what is found, and the answer says so",
            "RFC 6352 8.6.1", limited
        },
        row! {
            Must, "get.accept", "GET takes a list of media types with parameters",
            "RFC 9110 12.5.1", accept
        },
        row! {
            Must, "data.partial", "only the properties that are asked for", "RFC 6352 10.4.2",
            partial
        },
        row! { Must, "card.version-3", "a vCard 3.0 is kept", "RFC 6352 3", version_3 },
        row! { Should, "card.version-4", "a vCard 4.0 is kept", "RFC 6350 3.3", version_4 },
        row! { Should, "card.group", "a group of vCard 4.0 is kept", "RFC 6350 6.1.4", group },
        row! { Must, "card.groups", "groups of properties are kept", "RFC 6352 6.3.2.2", grouped },
        row! { Must, "card.photo", "a photo within the card is kept", "RFC 2426 3.1.4", photo },
    ]);
    checks
}

fn properties() -> Vec<Check<Dav>> {
    vec![
        case! {
            Must, "filter.property", "a property that has to be there", "RFC 6352 10.5.1", PEOPLE,
            "<C:filter><C:prop-filter name=\"NICKNAME\"/></C:filter>", &["ann", "bob"]
        },
        case! {
            Must, "filter.property-case", "the name of a property in small letters",
            "RFC 6350 3.3", PEOPLE, "<C:filter><C:prop-filter name=\"nickname\"/></C:filter>",
            &["ann", "bob"]
        },
        case! {
            Must, "filter.not-defined", "a property that must not be there", "RFC 6352 10.5.3",
            PEOPLE,
            "<C:filter><C:prop-filter name=\"NICKNAME\"><C:is-not-defined/></C:prop-filter></C:filter>",
            &["cy"]
        },
        case! {
            Must, "filter.group", "a name without a group finds those with one",
            "RFC 6352 10.5.1", PEOPLE, "<C:filter><C:prop-filter name=\"EMAIL\"/></C:filter>",
            &["ann", "bob", "cy"]
        },
        case! {
            Must, "filter.with-group", "a name with a group finds only this one",
            "RFC 6352 10.5.1", PEOPLE,
            "<C:filter><C:prop-filter name=\"item1.EMAIL\"/></C:filter>", &["cy"]
        },
        case! {
            Must, "filter.parameter", "a parameter that has to be there", "RFC 6352 10.5.2",
            PEOPLE,
            "<C:filter><C:prop-filter name=\"EMAIL\"><C:param-filter name=\"TYPE\"/></C:prop-filter></C:filter>",
            &["ann", "bob"]
        },
        case! {
            Must, "filter.parameter-text", "a text in a parameter", "RFC 6352 10.5.2", PEOPLE,
            "<C:filter><C:prop-filter name=\"EMAIL\"><C:param-filter name=\"TYPE\"><C:text-match>home</C:text-match>\
            </C:param-filter></C:prop-filter></C:filter>", &["bob"]
        },
        case! {
            Must, "filter.parameter-not-defined", "a parameter that must not be there",
            "RFC 6352 10.5.3", PEOPLE,
            "<C:filter><C:prop-filter name=\"EMAIL\"><C:param-filter name=\"TYPE\"><C:is-not-defined/>\
            </C:param-filter></C:prop-filter></C:filter>", &["cy"]
        },
    ]
}

fn texts() -> Vec<Check<Dav>> {
    vec![
        case! {
            Must, "text.contains", "a text within a value is the default", "RFC 6352 10.5.4",
            PEOPLE,
            "<C:filter><C:prop-filter name=\"EMAIL\"><C:text-match>work</C:text-match></C:prop-filter></C:filter>",
            &["ann", "cy"]
        },
        case! {
            Must, "text.equals", "a whole value", "RFC 6352 10.5.4", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match match-type=\"equals\">bob mason</C:text-match>\
            </C:prop-filter></C:filter>", &["bob"]
        },
        case! {
            Must, "text.equals-part", "a part is not the whole value", "RFC 6352 10.5.4", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match match-type=\"equals\">Bob</C:text-match>\
            </C:prop-filter></C:filter>", &[]
        },
        case! {
            Must, "text.starts-with", "the beginning of a value", "RFC 6352 10.5.4", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match match-type=\"starts-with\">bob</C:text-match>\
            </C:prop-filter></C:filter>", &["bob"]
        },
        case! {
            Must, "text.structured", "the beginning of a value of several parts",
            "RFC 6352 10.5.4", PEOPLE,
            "<C:filter><C:prop-filter name=\"N\"><C:text-match match-type=\"starts-with\">M</C:text-match>\
            </C:prop-filter></C:filter>", &["ann", "bob"]
        },
        case! {
            Must, "text.ends-with", "the end of a value", "RFC 6352 10.5.4", PEOPLE,
            "<C:filter><C:prop-filter name=\"EMAIL\"><C:text-match match-type=\"ends-with\">home.example\
            </C:text-match></C:prop-filter></C:filter>", &["bob"]
        },
        case! {
            Must, "text.negate", "a text that must not be there", "RFC 6352 10.5.4", PEOPLE,
            "<C:filter><C:prop-filter name=\"EMAIL\"><C:text-match negate-condition=\"yes\">work</C:text-match>\
            </C:prop-filter></C:filter>", &["bob"]
        },
        case! {
            Must, "text.unicode-casemap", "capitals beyond ASCII make no difference by default",
            "RFC 6352 8.3", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match>MÜLLER</C:text-match></C:prop-filter></C:filter>",
            &["ann"]
        },
        case! {
            Must, "text.ascii-casemap", "with i;ascii-casemap they do", "RFC 4790 9.2.1", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match collation=\"i;ascii-casemap\">MÜLLER</C:text-match>\
            </C:prop-filter></C:filter>", &[]
        },
        case! {
            Must, "text.ascii-casemap-ascii", "but not within ASCII", "RFC 4790 9.2.1", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match collation=\"i;ascii-casemap\">MASON</C:text-match>\
            </C:prop-filter></C:filter>", &["bob"]
        },
        row! {
            Must, "text.unknown-collation", "a collation that it does not know is refused",
            "RFC 6352 8.3", unknown_collation
        },
    ]
}

fn combined() -> Vec<Check<Dav>> {
    vec![
        case! {
            Must, "test.default", "one of several properties is enough by default",
            "RFC 6352 10.5", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match>cy</C:text-match></C:prop-filter>\
            <C:prop-filter name=\"NICKNAME\"><C:text-match>annie</C:text-match></C:prop-filter></C:filter>",
            &["ann", "cy"]
        },
        case! {
            Must, "test.allof", "all have to match where that is asked for", "RFC 6352 10.5",
            PEOPLE,
            "<C:filter test=\"allof\"><C:prop-filter name=\"EMAIL\"><C:text-match>work</C:text-match></C:prop-filter>\
            <C:prop-filter name=\"NICKNAME\"/></C:filter>", &["ann"]
        },
        case! {
            Must, "test.property-anyof",
            "one of several texts of a property is enough by default", "RFC 6352 10.5.1", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match>bob</C:text-match><C:text-match>cy</C:text-match>\
            </C:prop-filter></C:filter>", &["bob", "cy"]
        },
        case! {
            Must, "test.property-allof", "all texts have to match where that is asked for",
            "RFC 6352 10.5.1", PEOPLE,
            "<C:filter><C:prop-filter name=\"FN\" test=\"allof\"><C:text-match>m</C:text-match>\
            <C:text-match>bob</C:text-match></C:prop-filter></C:filter>", &["bob"]
        },
        case! {
            Must, "test.same-property", "text and parameter have to match in one property",
            "RFC 6352 10.5.1", TWO_MAILS,
            "<C:filter><C:prop-filter name=\"EMAIL\" test=\"allof\"><C:text-match>two.example</C:text-match>\
            <C:param-filter name=\"TYPE\"><C:text-match>home</C:text-match></C:param-filter></C:prop-filter></C:filter>",
            &["joint"]
        },
    ]
}

async fn unknown_collation(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let filter = "<C:filter><C:prop-filter name=\"FN\"><C:text-match collation=\"i;unheard-of\">x\
                  </C:text-match></C:prop-filter></C:filter>";
    let body = super::reports::query_xml(dav.kind, "<D:getetag/>", filter);
    dav.report_reply(&at, "1", &body).await?.refused("an unknown collation")
}

async fn limited(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    for name in ["one", "two", "three"] {
        dav.store_sample(&at, name).await?;
    }
    let rest = format!("{}<C:limit><C:nresults>2</C:nresults></C:limit>", everything(dav.kind));
    let found = query(dav, &at, "<D:getetag/>", &rest).await?;
    let objects = found.names().into_iter().filter(|name| name.ends_with(".vcf")).count();
    same("objects found", &objects, &2)?;
    let status = found.find(&at).and_then(|response| response.status);
    same("status of the collection in the answer", &status, &Some(507))
}

async fn partial(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let lines = ["FN:One", "N:One;;;;", "NOTE:Not asked for", "NICKNAME:Oney"];
    let path = dav.store(&at, "one", &samples::card_of("3.0", &dav.fresh(), &lines)).await?;
    let property = "<C:address-data><C:prop name=\"VERSION\"/><C:prop name=\"UID\"/><C:prop name=\"NICKNAME\"/>\
                    </C:address-data>";
    let found = query(dav, &at, property, everything(dav.kind)).await?;
    let Some(data) = found.of(&path)?.property(dav.kind.data()) else {
        return fail("address-data", "none");
    };
    same("NICKNAME", &ical::values(&data.text, "VCARD", "NICKNAME"), &vec!["Oney".to_owned()])?;
    same("NOTE", &ical::values(&data.text, "VCARD", "NOTE"), &Vec::new())
}

/// Stores a card and fails unless GET gives each of these texts.
async fn kept(dav: &Dav, body: &str, texts: &[&str]) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}one.vcf");
    dav.put(&path, body).await?.success("PUT")?;
    let reply = dav.get(&path).await?;
    reply.status("GET", &[200])?;
    let text = reply.text().replace("\r\n", "\n").replace("\n ", "");
    for wanted in texts {
        expect(text.contains(wanted), *wanted, text.clone())?;
    }
    Ok(())
}

async fn accept(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let ask = Ask::new("GET", &path).header("accept", "text/vcard;version=4.0, text/vcard, */*");
    let reply = dav.client.send(ask).await?;
    reply.status("GET that prefers vCard 4.0 and takes anything", &[200])
}

async fn version_3(dav: &Dav) -> Verdict {
    let lines = [
        "FN:Ann",
        "N:Example;Ann;;;",
        "TEL;TYPE=CELL,VOICE:+4912345",
        "ADR;TYPE=HOME:;;Street 1;Town;;12345;Land",
    ];
    let texts = ["VERSION:3.0", "FN:Ann", "+4912345", ";;Street 1;Town;;12345;Land"];
    kept(dav, &samples::card_of("3.0", &dav.fresh(), &lines), &texts).await
}

async fn version_4(dav: &Dav) -> Verdict {
    let lines =
        ["FN:Ann", "N:Example;Ann;;;", "TEL;VALUE=uri;PREF=1:tel:+4912345", "ANNIVERSARY:20200229"];
    let texts = ["VERSION:4.0", "tel:+4912345", "ANNIVERSARY:20200229"];
    kept(dav, &samples::card_of("4.0", &dav.fresh(), &lines), &texts).await
}

async fn group(dav: &Dav) -> Verdict {
    let member = format!("MEMBER:urn:uuid:{}", "03a0e51f-d1aa-4385-8a53-e29025acd8af");
    let lines = ["FN:Friends", "KIND:group", &member];
    kept(dav, &samples::card_of("4.0", &dav.fresh(), &lines), &["KIND:group", &member]).await
}

async fn grouped(dav: &Dav) -> Verdict {
    let lines = ["FN:Ann", "N:;Ann;;;", "item1.URL:http://ann.example", "item1.X-ABLABEL:Blog"];
    let texts = ["item1.URL", "item1.X-ABLABEL", "Blog"];
    kept(dav, &samples::card_of("3.0", &dav.fresh(), &lines), &texts).await
}

async fn photo(dav: &Dav) -> Verdict {
    let data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let photo = format!("PHOTO;ENCODING=b;TYPE=PNG:{data}");
    kept(dav, &samples::card_of("3.0", &dav.fresh(), &["FN:Ann", "N:;Ann;;;", &photo]), &[data])
        .await
}
