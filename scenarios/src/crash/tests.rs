//! Addresses of points. Sweeps themselves are tested by the crash drill.

use super::{Moment, Point};

#[test]
fn points_are_read_as_they_are_written() {
    for point in [
        Point::DurableOp(17),
        Point::Request(4, Moment::Unsent),
        Point::Request(4, Moment::Committed),
        Point::Request(12, Moment::Answered),
    ] {
        assert_eq!(point.to_string().parse(), Ok(point));
    }
}

#[test]
fn what_is_no_point_is_refused_with_the_way_to_write_one() {
    for text in
        ["", "durable-op", "durable-op 0", "request 4", "request 4 later", "request x unsent"]
    {
        let error = text.parse::<Point>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{text:?} is no point; write `durable-op 17` or \
                 `request 4 unsent|committed|answered`"
            )
        );
    }
}
