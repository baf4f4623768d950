//! A run writes to what it made and to nothing else, whatever the server answers.

use calamity_conformance::Protocol;

use crate::server::{Wrong, written};

#[test]
fn a_run_writes_only_below_collections_of_its_own() {
    for wrong in Wrong::ALL {
        let paths = written(wrong, Protocol::Caldav);
        let outside = paths.iter().find(|path| !path.starts_with("/home/calamity-conform-"));
        assert_eq!(outside, None, "{wrong:?}");
        if matches!(wrong, Wrong::Agreeable | Wrong::Forgetful) {
            assert!(paths.len() > 100, "{wrong:?} saw {} writes", paths.len());
        }
    }
}
