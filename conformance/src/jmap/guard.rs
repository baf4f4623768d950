//! The rule of JMAP runs: no request changes anything.

use serde_json::Value;

use crate::client::{Ask, Guard, Outside, Reply};

/// Permits what only reads.
#[derive(Debug)]
pub(crate) struct ReadOnly;

impl Guard for ReadOnly {
    fn permit(&self, ask: &Ask) -> Result<(), Outside> {
        match ask.method.as_str() {
            "GET" => Ok(()),
            "POST" if reads(&ask.body) => Ok(()),
            _ => Err(ask.outside("it might change something")),
        }
    }

    fn learn(&self, _: &Ask, _: &Reply) {}
}

/// Whether a body changes nothing: it is no request at all, or of methods that read, or of a `set`
/// with nothing to do.
fn reads(body: &[u8]) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return true };
    let Some(calls) = body.get("methodCalls").and_then(Value::as_array) else { return true };
    calls.iter().all(|call| {
        let (name, arguments) = (call[0].as_str().unwrap_or_default(), &call[1]);
        let verb = name.rsplit('/').next().unwrap_or_default();
        match verb {
            "get" | "changes" | "query" | "queryChanges" | "echo" | "unheardOf" => true,
            "set" => arguments.as_object().is_some_and(|arguments| {
                arguments.keys().all(|key| key == "accountId" || key == "ifInState")
            }),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::reads;

    #[test]
    fn only_what_reads_is_permitted() {
        for (calls, holds) in [
            (r#"[["Calendar/get", {}, "0"]]"#, true),
            (r#"[["Calendar/set", {"accountId": "a", "ifInState": "x"}, "0"]]"#, true),
            (r#"[["Calendar/get", {}, "0"], ["Calendar/set", {"destroy": ["a"]}, "1"]]"#, false),
            (r##"[["Calendar/set", {"#destroy": {}}, "1"]]"##, false),
            (r#"[["Email/import", {}, "0"]]"#, false),
        ] {
            let body = format!("{{\"methodCalls\": {calls}}}");
            assert_eq!(reads(body.as_bytes()), holds, "{calls}");
        }
        assert!(reads(b"{") && reads(b"[]"));
    }
}
