//! Which servers a request is about.

use calamity_base::http::Problem;

use super::call::Call;
use super::fail;
use crate::acting::Acting;
use crate::control::Fleet;
use crate::control::fleet::Member;

/// The one server that is meant: the named one, or the only one.
pub(super) fn one<'f>(fleet: &'f Fleet, call: &Call) -> Result<&'f Member, Problem> {
    match (call.text("server"), fleet.shared().members.as_slice()) {
        (Some(name), _) => named(fleet, name),
        (None, [only]) => Ok(only),
        (None, _) => Err(fail::bad(format!(
            "say which server is meant: ?server={}",
            names(fleet).join(", or ?server=")
        ))),
    }
}

/// The named server, or all of them.
pub(super) fn all<'f>(fleet: &'f Fleet, call: &Call) -> Result<Vec<&'f Member>, Problem> {
    match call.text("server") {
        Some(name) => Ok(vec![named(fleet, name)?]),
        None => Ok(fleet.shared().members.iter().collect()),
    }
}

/// The server of a name.
pub(super) fn named<'f>(fleet: &'f Fleet, name: &str) -> Result<&'f Member, Problem> {
    let found = fleet.shared().members.iter().find(|member| member.name == name);
    found.ok_or_else(|| {
        let names = names(fleet).join("`, `");
        fail::missing(format!("there is no server `{name}`; there are `{names}`"))
    })
}

fn names(fleet: &Fleet) -> Vec<&str> {
    fleet.servers().map(|(name, _)| name).collect()
}

/// The user that a path names, on the one server that is meant or has such a user.
pub(super) fn user<'f>(fleet: &'f Fleet, call: &Call) -> Result<(&'f Member, Acting), Problem> {
    let address = call.segment("user");
    let found = |member: &'f Member| Some((member, member.server.acting(address)?));
    let members = all(fleet, call)?;
    let mut having = members.into_iter().filter_map(found);
    match (having.next(), having.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => one(fleet, call).and_then(|member| {
            found(member).ok_or_else(|| fail::missing(format!("there is no user `{address}`")))
        }),
        (None, _) => {
            let detail = format!("there is no user `{address}`; GET /actors tells who there is");
            Err(fail::missing(detail))
        }
    }
}
