//! The lock that keeps two builds from writing to one output.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// Held as long as it lives. The operating system lets go of it when the process ends, however it
/// ends; so the file itself may stay, and nobody ever has to delete it by hand.
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// `None` where another build holds it.
    pub(super) fn take(path: &Path) -> io::Result<Option<Lock>> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            // Some network disks have no locks. To build without one is better than not to build.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                Ok(Some(Lock { file }))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // To close the file is not enough: a program that another thread is starting right now holds
        // it open for a moment. Where it cannot be unlocked, closing it is what is left.
        let _ = self.file.unlock();
    }
}
