//! The `If` header as a parser that faces the network.

use proptest::prelude::*;

use super::condition::{Condition, List, parse};

#[test]
fn lists_with_and_without_a_tag_are_read() {
    let lists = parse("<http://h/a> (Not <t:1> [\"e\"]) ([W/\"f\"])").unwrap();
    let tagged = Some("http://h/a".to_owned());
    let first = vec![
        Condition::Token { not: true, token: "t:1".to_owned() },
        Condition::Tag { not: false, tag: "\"e\"".to_owned() },
    ];
    let second = vec![Condition::Tag { not: false, tag: "W/\"f\"".to_owned() }];
    assert_eq!(
        lists,
        [
            List { resource: tagged.clone(), conditions: first },
            List { resource: tagged, conditions: second }
        ]
    );
    for wrong in ["", "(", "()", "<a>", "<a> <b> (<c>)", "(<a>", "(Not)", "x (<a>)", "(<a>) x"] {
        assert_eq!(parse(wrong), None, "{wrong}");
    }
    assert_eq!(parse(&format!("({})", "<a>".repeat(1_001))), None);
}

proptest! {
    #[test]
    fn any_header_is_read_or_refused(text in "[<>()\\[\\]\" NotA-c:/]{0,60}") {
        if let Some(lists) = parse(&text) {
            prop_assert!(lists.iter().all(|list| !list.conditions.is_empty()));
        }
    }
}
