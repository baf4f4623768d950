//! How values of rows are compared with those of a `$filter`.

use std::cmp::Ordering;

use super::filter::Literal;

/// What is asked of the value of an extended property, which is a text whatever its type is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Text { how: Match, to: String },
    Compare { operator: Operator, to: String },
}

/// `eq`, `ne`, `gt`, `ge`, `lt`, `le`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// How texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Equal,
    Unequal,
    Contains,
    StartsWith,
}

impl Operator {
    /// The operator of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gt" => Self::Gt,
            "ge" => Self::Ge,
            "lt" => Self::Lt,
            "le" => Self::Le,
            _ => return None,
        })
    }

    /// Whether two values of a row and of an expression stand so to each other.
    pub(super) fn holds(self, left: &Literal, right: &Literal) -> bool {
        let order = match (left, right) {
            (Literal::Instant(left), Literal::Instant(right)) => left.cmp(right),
            // Texts are compared without regard to case, as Exchange does.
            (Literal::Text(left), Literal::Text(right)) => {
                left.to_lowercase().cmp(&right.to_lowercase())
            }
            (Literal::Bool(left), Literal::Bool(right)) => left.cmp(right),
            (left, right) => {
                return match self {
                    Self::Eq => left == right,
                    Self::Ne => left != right,
                    _ => false,
                };
            }
        };
        self.fits(order)
    }

    fn fits(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
        }
    }
}

impl Match {
    /// Whether a text fits.
    pub(super) fn holds(self, value: &str, to: &str) -> bool {
        let (value, to) = (value.to_lowercase(), to.to_lowercase());
        match self {
            Self::Equal => value == to,
            Self::Unequal => value != to,
            Self::Contains => value.contains(&to),
            Self::StartsWith => value.starts_with(&to),
        }
    }
}

impl Test {
    /// Whether a value fits.
    pub(super) fn holds(&self, value: &str) -> bool {
        match self {
            Self::Text { how, to } => how.holds(value, to),
            Self::Compare { operator, to } => operator.fits(order_of(value, to)),
        }
    }
}

/// The order of two values of extended properties: of numbers as such, else of texts.
fn order_of(left: &str, right: &str) -> Ordering {
    let whole = |text: &str| text.trim().parse::<i64>().ok();
    let real = |text: &str| text.trim().parse::<f64>().ok();
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return left.cmp(&right);
    }
    let reals = real(left).zip(real(right)).and_then(|(left, right)| left.partial_cmp(&right));
    reals.unwrap_or_else(|| left.to_lowercase().cmp(&right.to_lowercase()))
}
