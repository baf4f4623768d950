//! Holds one source file against the rules, by its tokens: comments and string literals never fire.
//!
//! It does not expand macros and resolves no names: `select!` means the macro of that name whatever
//! path leads to it.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::{
    rules::{BANNED_ATTRIBUTES, BLIND, CRATE_ROOTS, MAY_BE_UNSAFE, Package, TEST_PARTS},
    violation::Violation,
};

/// Holds one file against the rules of its package.
pub(super) fn check(package: &Package, file: &str, text: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    if !text.starts_with("//!") {
        found.push(Violation::new(
            file,
            1,
            "the file does not open with `//!`",
            "say what it is for, which rule it keeps and what it does not do",
        ));
    }
    found.extend(blind(file, text));
    let stream: TokenStream = match text.parse() {
        Ok(stream) => stream,
        Err(error) => {
            found.push(Violation::new(
                file,
                error.span().start().line.max(1),
                "the file is not Rust",
                "mend it, or name it otherwise than `.rs`",
            ));
            return found;
        }
    };
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    found.extend(forbids_unsafe(package, file, &tokens));
    let code = if is_test(file) { Code::Test } else { Code::Product };
    walk(file, &tokens, code, &mut found);
    found
}

/// Words that a module must not know.
fn blind(file: &str, text: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    for rule in BLIND {
        let below = stem.strip_prefix(rule.module);
        if !below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = rule.words.iter().find(|&&word| line.contains(word)) {
                let what = format!("`{word}` stands in {}", rule.module);
                found.push(Violation::new(file, index + 1, what, rule.way_out));
            }
        }
    }
    found
}

fn forbids_unsafe(package: &Package, file: &str, tokens: &[TokenTree]) -> Option<Violation> {
    let inside = file.strip_prefix(package.folder).and_then(|rest| rest.strip_prefix('/'));
    let root = inside.is_some_and(|inside| CRATE_ROOTS.contains(&inside));
    if !root || MAY_BE_UNSAFE.contains(&package.folder) {
        return None;
    }
    // Inner attributes come first, documentation among them; the first other token ends them.
    let mut rest = tokens;
    while let [hash, bang, TokenTree::Group(attribute), more @ ..] = rest {
        if !is_punct(hash, '#') || !is_punct(bang, '!') {
            break;
        }
        let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
        if let [TokenTree::Ident(lint), TokenTree::Group(lints)] = tokens.as_slice()
            && lint == "forbid"
            && lints.stream().into_iter().any(|token| is_ident(&token, "unsafe_code"))
        {
            return None;
        }
        rest = more;
    }
    Some(Violation::new(
        file,
        1,
        "the crate does not open with `#![forbid(unsafe_code)]`",
        "add it below the `//!` lines",
    ))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Product,
    Test,
}

fn is_test(file: &str) -> bool {
    file.split('/').any(|part| TEST_PARTS.contains(&part))
}

fn walk(file: &str, tokens: &[TokenTree], code: Code, found: &mut Vec<Violation>) {
    let mut at = 0;
    // Where a `#[cfg(test)]` item ends, no other code is known to be test code.
    let mut here = code;
    while let Some(token) = tokens.get(at) {
        if let Some(attribute) = attribute(&tokens[at..]) {
            banned(file, attribute, found);
            if is_cfg_test(attribute) {
                here = Code::Test;
            }
        }
        if let Some((name, body)) = select(&tokens[at..])
            && here == Code::Product
            && !is_biased(body)
        {
            found.push(Violation::new(
                file,
                name.span().start().line,
                "a `select!` draws its order from no seed",
                "write `biased;` as its first token (`select_biased!` in the futures crate)",
            ));
        }
        if let TokenTree::Group(group) = token {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            walk(file, &inner, here, found);
        }
        let ends_item = is_punct(token, ';')
            || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        if ends_item {
            here = code;
        }
        at += 1;
    }
}

/// The bracket of an attribute that begins here, outer or inner.
fn attribute(tokens: &[TokenTree]) -> Option<&Group> {
    let group = match tokens {
        [hash, TokenTree::Group(group), ..] if is_punct(hash, '#') => group,
        [hash, bang, TokenTree::Group(group), ..] if is_punct(hash, '#') && is_punct(bang, '!') => {
            group
        }
        _ => return None,
    };
    (group.delimiter() == Delimiter::Bracket).then_some(group)
}

/// Reports a banned attribute, also one that a `cfg_attr` brings in.
fn banned(file: &str, attribute: &Group, found: &mut Vec<Violation>) {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let Some(TokenTree::Ident(name)) = tokens.first() else { return };
    if let Some((banned, way_out)) = BANNED_ATTRIBUTES.iter().find(|(banned, _)| name == banned) {
        let line = name.span().start().line;
        found.push(Violation::new(file, line, format!("`#[{banned}]` stands here"), *way_out));
    }
    if name == "cfg_attr"
        && let Some(TokenTree::Group(group)) = tokens.get(1)
    {
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        for part in inner.split(|token| is_punct(token, ',')).skip(1) {
            let brought = part.iter().cloned().collect();
            banned(file, &Group::new(Delimiter::Bracket, brought), found);
        }
    }
}

/// Whether the attribute is `cfg(test)`, or a `cfg` that needs `test` among others.
fn is_cfg_test(attribute: &Group) -> bool {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [TokenTree::Ident(name), TokenTree::Group(condition)] = tokens.as_slice() else {
        return false;
    };
    if name != "cfg" {
        return false;
    }
    let condition: Vec<TokenTree> = condition.stream().into_iter().collect();
    match condition.as_slice() {
        [token] => is_ident(token, "test"),
        [all, TokenTree::Group(parts)] if is_ident(all, "all") => {
            parts.stream().into_iter().any(|token| is_ident(&token, "test"))
        }
        _ => false,
    }
}

/// The macro call that begins here, if it is a `select!`.
fn select(tokens: &[TokenTree]) -> Option<(&Ident, &Group)> {
    match tokens {
        [TokenTree::Ident(name), bang, TokenTree::Group(body), ..]
            if name == "select" && is_punct(bang, '!') =>
        {
            Some((name, body))
        }
        _ => None,
    }
}

fn is_biased(body: &Group) -> bool {
    let mut tokens = body.stream().into_iter();
    tokens.next().is_some_and(|token| is_ident(&token, "biased"))
        && tokens.next().is_some_and(|token| is_punct(&token, ';'))
}

fn is_ident(token: &TokenTree, text: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == text)
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}
