//! Whether a request and the state of the server are what a rule selects.

use calamity_evidence::Lineage;
use serde_json::Value;

use super::asker::Asker;
use super::glob::fits;
use super::probe::{Known, Probe};
use super::select::{BodySelector, HeaderSelector, ItemSelector, Selector, Stored};
use crate::dav::xml::Element;

/// How many places of a body a path is followed to.
const PLACES_MAX: usize = 10_000;

impl ItemSelector {
    /// Whether an item is meant.
    pub(super) fn selects(&self, known: &Known) -> bool {
        match self {
            Self::Lineage(lineage) => Lineage::find(&known.title).as_ref() == Some(lineage),
            Self::Uid(uid) => known.uid == *uid,
            Self::Title(pattern) => fits(pattern, &Lineage::strip(&known.title)),
            Self::Index(index) => known.index == *index,
        }
    }
}

impl Selector {
    /// Whether the request and what is stored are meant. What asks for a request fits none that is
    /// unknown.
    pub(super) fn selects(&self, probe: &Probe<'_>) -> bool {
        let asked = |wanted: &dyn Fn(&Asker) -> bool| probe.asker.is_some_and(wanted);
        self.protocol.is_none_or(|protocol| protocol == probe.protocol)
            && self.account.as_ref().is_none_or(|account| {
                asked(&|asker| asker.account == crate::scheduling::address(account))
            })
            && self
                .client
                .as_ref()
                .is_none_or(|pattern| asked(&|asker| fits(pattern, asker.client())))
            && self
                .target
                .as_ref()
                .is_none_or(|pattern| asked(&|asker| fits(pattern, &asker.uri.to_string())))
            && self.header.as_ref().is_none_or(|header| asked(&|asker| header.selects(asker)))
            && self.json.as_ref().is_none_or(|body| asked(&|asker| body.in_json(asker)))
            && self.xml.as_ref().is_none_or(|body| asked(&|asker| body.in_xml(asker)))
    }
}

impl Stored {
    /// Whether it holds; `item` is the one that is hit, where it is known.
    pub(super) fn holds(&self, probe: &Probe<'_>, item: Option<&Known>) -> bool {
        let stored = probe.stored as u64;
        self.items_min.is_none_or(|least| stored >= least)
            && self.items_max.is_none_or(|most| stored <= most)
            && self
                .token_age_ms_min
                .is_none_or(|least| probe.token_age_ms.is_some_and(|age| age >= least))
            && self.has_attendees.is_none_or(|wanted| match item {
                Some(known) => (known.attendees > 0) == wanted,
                None => probe.items.iter().any(|known| (known.attendees > 0) == wanted),
            })
    }
}

impl HeaderSelector {
    fn selects(&self, asker: &Asker) -> bool {
        let Some(found) = asker.header(&self.name) else { return false };
        self.value.as_ref().is_none_or(|pattern| fits(pattern, found))
    }
}

impl BodySelector {
    fn accepts(&self, text: &str) -> bool {
        self.value.as_ref().is_none_or(|pattern| fits(pattern, text))
    }

    fn in_json(&self, asker: &Asker) -> bool {
        let Some(body) = asker.json() else { return false };
        let mut places = vec![body];
        for step in self.path.split('/').skip(1) {
            let mut next = Vec::new();
            for place in places {
                below(place, step, &mut next);
            }
            next.truncate(PLACES_MAX);
            places = next;
        }
        places.iter().any(|place| match place {
            Value::String(text) => self.accepts(text),
            other => self.accepts(&other.to_string()),
        })
    }

    fn in_xml(&self, asker: &Asker) -> bool {
        let Some(root) = asker.xml() else { return false };
        let (path, attribute) = match self.path.rsplit_once("/@") {
            Some((path, attribute)) => (path, Some(attribute)),
            None => (self.path.as_str(), None),
        };
        let steps: Vec<&str> = path.split('/').skip(1).collect();
        let mut found = Vec::new();
        follow(root, &steps, &mut found);
        found.iter().any(|element| match attribute {
            Some(name) => element.attribute(name).is_some_and(|text| self.accepts(text)),
            None => self.accepts(&element.trimmed()),
        })
    }
}

fn below<'a>(place: &'a Value, step: &str, found: &mut Vec<&'a Value>) {
    match place {
        Value::Object(members) if step == "*" => found.extend(members.values()),
        Value::Array(elements) if step == "*" => found.extend(elements),
        Value::Object(members) => {
            found.extend(members.get(&step.replace("~1", "/").replace("~0", "~")));
        }
        Value::Array(elements) => {
            found.extend(step.parse().ok().and_then(|at: usize| elements.get(at)));
        }
        _ => {}
    }
}

/// The elements at the end of a path that begins with the element itself. The depth of the tree is
/// bounded by its reader.
fn follow<'a>(element: &'a Element, steps: &[&str], found: &mut Vec<&'a Element>) {
    if found.len() >= PLACES_MAX {
        return;
    }
    match steps {
        [] => {}
        [""] => {
            found.push(element);
            for inside in element.elements() {
                follow(inside, steps, found);
            }
        }
        ["", rest @ ..] => {
            follow(element, rest, found);
            for inside in element.elements() {
                follow(inside, steps, found);
            }
        }
        [name, rest @ ..] if *name == "*" || *name == element.name.local() => {
            if rest.is_empty() {
                found.push(element);
            }
            for inside in element.elements() {
                follow(inside, rest, found);
            }
        }
        _ => {}
    }
}
