//! Sinks: where finished files go. A build hands them to an output folder; a test, a verification or a
//! build that has failed already to something lighter.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::output::{Output, Placed};
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::OutputPath;

/// Where finished files go.
pub trait Sink: Sync {
    /// Takes a file's bytes.
    fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<Placed, Diagnostic>;

    /// Whether anything comes of the bytes. Where nothing does, what takes long to make need not be made.
    fn wants_bytes(&self) -> bool {
        true
    }

    /// Takes a file that is copied from the disk.
    fn put_file(&self, path: &OutputPath, source: &Path) -> Result<Placed, Diagnostic>;

    /// Takes files as an earlier build left them and notes how they stand; `false`, and none is taken, where one of
    /// them is not there any more.
    fn keep(&self, files: &mut [(OutputPath, Placed)]) -> Result<bool, Diagnostic>;
}

impl Sink for Output {
    fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<Placed, Diagnostic> {
        Output::put(self, path, bytes)
    }

    fn put_file(&self, path: &OutputPath, source: &Path) -> Result<Placed, Diagnostic> {
        Output::put_file(self, path, source)
    }

    fn keep(&self, files: &mut [(OutputPath, Placed)]) -> Result<bool, Diagnostic> {
        Output::keep(self, files)
    }
}

/// A sink that keeps nothing: pages are rendered only to find what is wrong with them.
pub(super) struct Nowhere;

impl Sink for Nowhere {
    fn wants_bytes(&self) -> bool {
        false
    }

    fn put(&self, _: &OutputPath, bytes: &[u8]) -> Result<Placed, Diagnostic> {
        Ok(Placed::of(bytes))
    }

    fn put_file(&self, _: &OutputPath, _: &Path) -> Result<Placed, Diagnostic> {
        Ok(Placed::of(&[]))
    }

    fn keep(&self, _: &mut [(OutputPath, Placed)]) -> Result<bool, Diagnostic> {
        Ok(true)
    }
}

/// A sink in memory, for tests.
#[derive(Debug, Default)]
pub struct MemorySink {
    files: Mutex<BTreeMap<OutputPath, Vec<u8>>>,
}

impl MemorySink {
    /// The files, by path.
    pub fn into_files(self) -> BTreeMap<OutputPath, Vec<u8>> {
        self.files.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for MemorySink {
    fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<Placed, Diagnostic> {
        self.files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path.clone(), bytes.to_vec());
        Ok(Placed::of(bytes))
    }

    fn put_file(&self, path: &OutputPath, source: &Path) -> Result<Placed, Diagnostic> {
        let bytes = std::fs::read(source).map_err(|error| unreadable(source, &error))?;
        self.put(path, &bytes)
    }

    fn keep(&self, _: &mut [(OutputPath, Placed)]) -> Result<bool, Diagnostic> {
        Ok(false)
    }
}

/// A sink that keeps only the fingerprints of what it takes.
#[derive(Debug, Default)]
pub(super) struct FingerprintSink {
    files: Mutex<BTreeMap<OutputPath, Fingerprint>>,
}

impl FingerprintSink {
    /// The fingerprints, by path.
    pub(super) fn into_fingerprints(self) -> BTreeMap<OutputPath, Fingerprint> {
        self.files.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, path: &OutputPath, placed: Placed) -> Placed {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(path.clone(), placed.content.fingerprint);
        placed
    }
}

impl Sink for FingerprintSink {
    fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<Placed, Diagnostic> {
        Ok(self.note(path, Placed::of(bytes)))
    }

    fn put_file(&self, path: &OutputPath, source: &Path) -> Result<Placed, Diagnostic> {
        let file = std::fs::File::open(source).and_then(Fingerprint::of_reader);
        let fingerprint = file.map_err(|error| unreadable(source, &error))?;
        let mut placed = Placed::of(&[]);
        placed.content.fingerprint = fingerprint;
        Ok(self.note(path, placed))
    }

    fn keep(&self, _: &mut [(OutputPath, Placed)]) -> Result<bool, Diagnostic> {
        Ok(false)
    }
}

fn unreadable(source: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableFile,
        format!("`{}` cannot be read: {error}", source.display()),
    )
}
