//! The order in which the requests of a batch are carried out: as they stand there, but none before
//! those that it depends on.

/// The places in order; none where some depend on each other in a circle.
pub(super) fn sequence(depends: &[&[usize]]) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = Vec::with_capacity(depends.len());
    let mut done = vec![false; depends.len()];
    while order.len() < depends.len() {
        let ready = |place: &usize| !done[*place] && depends[*place].iter().all(|on| done[*on]);
        let next = (0..depends.len()).find(ready)?;
        done[next] = true;
        order.push(next);
    }
    Some(order)
}
