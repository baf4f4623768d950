//! PROPFIND, PROPPATCH, MKCOL, MKCALENDAR and LOCK.

use super::{name, refused, tree, within};
use crate::dav::xml::names::{caldav, dav, xml};
use crate::dav::xml::request::{
    Instruction, Mkcalendar, Mkcol, Properties, PropertyUpdate, Propfind,
};
use crate::dav::xml::{Element, Namespace};

fn propfind(inner: &str) -> Result<Properties, String> {
    let read = Propfind::read(&within(&Namespace::DAV, "propfind", inner));
    match read {
        Ok(found) => Ok(found.properties),
        Err(_) => Err(refused(read)),
    }
}

fn dav_element(root: &str, inner: &str) -> Element {
    within(&Namespace::DAV, root, inner)
}

#[test]
fn a_propfind_asks_for_one_of_three() {
    assert_eq!(propfind("<allprop/>"), Ok(Properties::All { include: vec![] }));
    assert_eq!(propfind("<propname/>"), Ok(Properties::Names));
    let listed =
        propfind("<prop><getetag/><x xmlns='urn:x'/><getetag/><D:owner>value</D:owner></prop>");
    assert_eq!(listed, Ok(Properties::Listed(vec![dav::GETETAG, name("urn:x", "x"), dav::OWNER])));
    assert_eq!(propfind("<prop/>"), Ok(Properties::Listed(vec![])));
    let include = propfind("<include><acl/></include><allprop/>");
    assert_eq!(include, Ok(Properties::All { include: vec![dav::ACL] }));
    assert_eq!(Propfind::default().properties, Properties::All { include: vec![] });
}

#[test]
fn what_a_propfind_does_not_know_is_as_if_it_were_not_there() {
    // RFC 4918 appendix A.4.
    let additive = "<propname/><e:leave-out xmlns:e='urn:e'>*boss*<prop/></e:leave-out>";
    assert_eq!(propfind(additive), Ok(Properties::Names));
    assert_eq!(propfind("<e:expired-props xmlns:e='urn:e'/>"), Err("400".to_owned()));
}

#[test]
fn a_propfind_against_its_definition_is_refused() {
    let bad = [
        "",
        "<allprop/><propname/>",
        "<prop/><prop/>",
        "<prop/><include/>",
        "<include/>",
        "<propname/><include/>",
        "<allprop/><include/><include/>",
    ];
    for inner in bad {
        assert_eq!(propfind(inner), Err("400".to_owned()), "{inner}");
    }
    assert_eq!(refused(Propfind::read(&dav_element("prop", "<allprop/>"))), "400");
}

#[test]
fn an_update_keeps_the_order_of_its_instructions() {
    let root = dav_element(
        "propertyupdate",
        "<remove><prop><a xmlns='urn:x'/></prop></remove>\
         <set><prop><displayname>Work</displayname><b xmlns='urn:x'>1</b></prop></set>\
         <e:other xmlns:e='urn:e'><set/></e:other>\
         <remove><prop><displayname>ignored</displayname></prop></remove>",
    );
    let found = PropertyUpdate::read(&root).unwrap().instructions;
    let expected = vec![
        Instruction::Remove(name("urn:x", "a")),
        Instruction::Set(Element::new(dav::DISPLAYNAME).with_text("Work")),
        Instruction::Set(Element::new(name("urn:x", "b")).with_text("1")),
        Instruction::Remove(dav::DISPLAYNAME),
    ];
    assert_eq!(found, expected);
    assert_eq!(found.last().unwrap().name(), &dav::DISPLAYNAME);
}

#[test]
fn a_property_takes_the_language_in_whose_scope_it_stands() {
    // RFC 4918 section 4.3.
    let root = tree(
        "<D:propertyupdate xmlns:D='DAV:' xml:lang='en'><D:set xml:lang='fr'><D:prop>\
         <D:displayname>Travail</D:displayname><a xml:lang='de'/></D:prop></D:set>\
         <D:set><D:prop><b/></D:prop></D:set></D:propertyupdate>",
    );
    let languages = PropertyUpdate::read(&root).unwrap().instructions.into_iter().map(|one| {
        let Instruction::Set(property) = one else { panic!("{one:?}") };
        property.language().unwrap().to_owned()
    });
    assert_eq!(languages.collect::<Vec<_>>(), ["fr", "de", "en"]);
    let plain = dav_element("propertyupdate", "<set><prop><a/></prop></set>");
    let Instruction::Set(property) = &PropertyUpdate::read(&plain).unwrap().instructions[0] else {
        panic!("no set")
    };
    assert!(property.attributes.iter().all(|(name, _)| *name != xml::LANG));
}

#[test]
fn an_update_without_an_instruction_is_refused() {
    let bad = ["", "<prop/>", "<set/>", "<remove/>", "<set><prop/><prop/></set>"];
    for inner in bad {
        let read = PropertyUpdate::read(&dav_element("propertyupdate", inner));
        assert_eq!(refused(read), "400", "{inner}");
    }
    let empty = PropertyUpdate::read(&dav_element("propertyupdate", "<set><prop/></set>"));
    assert_eq!(empty.unwrap().instructions, []);
}

#[test]
fn a_collection_is_made_with_its_types_and_properties() {
    let root = dav_element(
        "mkcol",
        "<set><prop><resourcetype><collection/><C:calendar \
         xmlns:C='urn:ietf:params:xml:ns:caldav'/></resourcetype></prop></set>\
         <set><prop><displayname>Work</displayname></prop></set>",
    );
    let mkcol = Mkcol::read(&root).unwrap();
    assert_eq!(mkcol.resource_types(), Some(vec![dav::COLLECTION, caldav::CALENDAR]));
    assert_eq!(mkcol.set[1], Element::new(dav::DISPLAYNAME).with_text("Work"));
    let plain = Mkcol::read(&dav_element("mkcol", "<set><prop><displayname/></prop></set>"));
    assert_eq!(plain.unwrap().resource_types(), None);
}

#[test]
fn a_collection_cannot_be_made_of_another_body() {
    assert_eq!(refused(Mkcol::read(&dav_element("propfind", "<allprop/>"))), "415");
    assert_eq!(refused(Mkcol::read(&dav_element("mkcol", ""))), "400");
    assert_eq!(refused(Mkcalendar::read(&dav_element("mkcol", "<set><prop/></set>"))), "400");
    assert_eq!(refused(Mkcalendar::read(&within(&Namespace::CALDAV, "mkcalendar", ""))), "400");
    let root = within(&Namespace::CALDAV, "mkcalendar", "<D:set><D:prop/></D:set>");
    assert_eq!(Mkcalendar::read(&root), Ok(Mkcalendar::default()));
}
