//! Any bytes as what was read of an article. What decodes must encode to something that decodes to the
//! same bytes again.

#![no_main]

use brief::ground::encoding;
use brief::reading::article;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Some(read) = encoding::decode::<article::Read>(input) {
        let once = encoding::encode(&read);
        let again = encoding::decode::<article::Read>(&once).map(|read| encoding::encode(&read));
        assert_eq!(again.as_deref(), Some(once.as_slice()));
    }
});
