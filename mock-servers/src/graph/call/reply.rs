//! Answers to a request: a resource, a page of a collection, a number.

use std::fmt::Debug;

use http::{HeaderName, StatusCode, header};
use serde_json::{Map, Value, json};

use super::Call;
use crate::account::Form;
use crate::faults::Site;
use crate::graph::failure::Failure;
use crate::graph::odata::{Page, encode};
use crate::native::Reply;
use crate::spliced::{self, List};
use crate::turn::Turn;
use crate::wire;

impl Call {
    /// A page of a listing that follows from the account, from what the URL asks for and from `more`:
    /// the one that was made before and still holds, or one that is made.
    pub(crate) fn listed(
        &self,
        turn: &mut Turn<'_>,
        more: &dyn Debug,
        make: impl FnOnce(&mut Turn<'_>) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        if self.counts || turn.is_asked(Site::Feed) || turn.is_asked(Site::Item) {
            return make(turn);
        }
        let url = (&self.origin, &self.path, &self.query);
        let form = Form::of("page", &(url, &self.prefer, more));
        if let Some(kept) = turn.account().pages().get(form) {
            return Ok(self.answered(self.names.json_text(StatusCode::OK, kept)));
        }
        let reply = make(turn)?;
        turn.account().pages().keep(form, reply.body());
        Ok(reply)
    }

    /// A page of a listing of so many objects in all, with the link to the next one unless it shall
    /// look like the last.
    pub(crate) fn page(
        &self,
        context: &str,
        rows: List,
        page: Page,
        total: usize,
        goes_on: bool,
    ) -> Reply {
        if self.counts {
            return self.names.number(total);
        }
        let next = page.next(&self.query, total).filter(|_| goes_on);
        let link = next.map(|query| ("@odata.nextLink", self.link(&query.to_text())));
        let total = self.query.flag("$count").then_some(total);
        self.rows(context, rows, total, link)
    }

    /// A page of a feed.
    pub(crate) fn collection(
        &self,
        context: &str,
        rows: List,
        link: Option<(&str, String)>,
    ) -> Reply {
        self.rows(context, rows, None, link)
    }

    fn rows(
        &self,
        context: &str,
        rows: List,
        total: Option<usize>,
        link: Option<(&str, String)>,
    ) -> Reply {
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), self.context(context));
        if let Some(total) = total {
            body.insert("@odata.count".to_owned(), json!(total));
        }
        if let Some((name, link)) = link {
            body.insert(name.to_owned(), json!(link));
        }
        let mut text = String::new();
        spliced::with(&mut text, &body, "value", |text| rows.write(text));
        self.answered(self.names.json_text(StatusCode::OK, text))
    }

    /// One resource that is written already.
    pub(crate) fn entity_text(&self, context: &str, entity: &str) -> Reply {
        let context = self.context(&format!("{context}/$entity"));
        let text = spliced::with_first("@odata.context", &context, entity);
        self.answered(self.names.json_text(StatusCode::OK, text))
    }

    /// One resource. Of one that was made it is said where it is to be found (OData Protocol 4.01
    /// section 11.4.2).
    pub(crate) fn entity(
        &self,
        status: StatusCode,
        context: &str,
        entity: Map<String, Value>,
    ) -> Reply {
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), self.context(&format!("{context}/$entity")));
        body.extend(entity);
        let made = body.get("id").and_then(Value::as_str).filter(|_| status == StatusCode::CREATED);
        let place = made.map(|id| self.place(id));
        let reply = self.answered(self.names.json(status, body));
        place
            .into_iter()
            .fold(reply, |reply, place| wire::with_header(reply, header::LOCATION, &place))
    }

    /// The URL of what was made in the collection of this request.
    fn place(&self, id: &str) -> String {
        format!("{}{}/{}", self.origin, self.path.trim_end_matches('/'), encode(id))
    }

    /// A resource that there is once in a mailbox.
    pub(crate) fn singleton(&self, context: &str, members: Map<String, Value>) -> Reply {
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), self.context(context));
        body.extend(members);
        self.answered(self.names.json(StatusCode::OK, body))
    }

    fn answered(&self, reply: Reply) -> Reply {
        match self.prefer.applied() {
            Some(applied) => {
                wire::with_header(reply, HeaderName::from_static("preference-applied"), &applied)
            }
            None => reply,
        }
    }
}
