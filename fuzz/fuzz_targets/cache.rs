//! Any bytes as a cache, and as its parts. Checksums are made to hold, since no fuzzer finds those; the
//! first byte says where the articles end and the pages begin.

#![no_main]

use std::io::Cursor;

use brief::building::cache::{Cache, ENGINE, Head, Told};
use brief::ground::diagnostic::Diagnostics;
use brief::ground::encoding;
use brief::ground::fingerprint::Fingerprint;
use brief::reading::article;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    read(input);
    read(&sealed(&[], &[], input));
    if let Some((first, rest)) = input.split_first() {
        let (articles, pages) = rest.split_at(usize::from(*first) * rest.len() / 256);
        read(&sealed(articles, pages, &encoding::encode(&head())));
    }
});

fn head() -> Head {
    let nothing = Fingerprint::of("");
    Head {
        request: nothing,
        started: Timestamp::UNIX_EPOCH,
        now: Timestamp::UNIX_EPOCH,
        until: None,
        sources: Vec::new(),
        discovered: Diagnostics::new(),
        reading: nothing,
        look: nothing,
        assets: Vec::new(),
        told: Told::default(),
        pages: 0,
    }
}

fn sealed(articles: &[u8], pages: &[u8], head: &[u8]) -> Vec<u8> {
    let checksum = |bytes: &[u8]| encoding::encode(&Fingerprint::of(bytes));
    let mut bytes = b"brief cache 1\r\n\x1a".to_vec();
    bytes.extend(checksum(ENGINE.as_bytes()));
    let mut footer = Vec::new();
    for frame in [articles, pages] {
        bytes.extend((frame.len() as u32).to_le_bytes());
        bytes.extend(checksum(frame));
        bytes.extend(frame);
        footer.extend((bytes.len() as u64).to_le_bytes());
    }
    bytes.extend(head);
    footer.extend(checksum(head));
    footer.extend(checksum(&footer));
    bytes.extend(footer);
    bytes
}

fn read(bytes: &[u8]) {
    let Some(mut cache) = Cache::read(|| Some(Cursor::new(bytes))) else {
        return;
    };
    while let Some(records) = cache.articles.frame() {
        for record in records {
            let _ = encoding::decode::<article::Read>(&record.read);
        }
    }
    while let Some(records) = cache.pages.frame() {
        for record in records {
            let _ = record.trace.answers(None);
        }
    }
}
