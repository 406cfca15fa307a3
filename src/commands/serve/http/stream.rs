//! Bodies of answers: bytes, a part of a file read as it is sent, or events for as long as anybody
//! listens.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Bytes, Frame, SizeHint};
use tokio::sync::mpsc;

/// How much of a file is read at a time.
const CHUNK: usize = 64 * 1024;

/// What an answer holds.
#[derive(Debug)]
pub enum Body {
    /// These bytes; nothing once they were sent.
    Bytes(Option<Bytes>),
    /// What is left of a part of a file.
    File(File, u64),
    /// Events, until the sender is gone.
    Events(mpsc::Receiver<String>),
}

impl Body {
    /// Some bytes.
    pub fn of(bytes: impl Into<Bytes>) -> Body {
        Body::Bytes(Some(bytes.into()))
    }

    /// A part of a file.
    pub fn of_file(path: &Path, from: u64, length: u64) -> io::Result<Body> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        Ok(Body::File(file, length))
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut *self {
            Body::Bytes(bytes) => {
                let bytes = bytes.take().filter(|bytes| !bytes.is_empty());
                Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
            }
            Body::File(_, 0) => Poll::Ready(None),
            Body::File(file, left) => {
                // Files of a site lie on this machine, mostly in memory: that is not worth a thread.
                let wanted = usize::try_from(*left).unwrap_or(CHUNK).min(CHUNK);
                let mut chunk = vec![0; wanted];
                Poll::Ready(Some(match file.read(&mut chunk) {
                    Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
                    Ok(read) => {
                        chunk.truncate(read);
                        *left -= read as u64;
                        Ok(Frame::data(chunk.into()))
                    }
                    Err(error) => Err(error),
                }))
            }
            Body::Events(events) => events
                .poll_recv(context)
                .map(|event| event.map(|event| Ok(Frame::data(event.into())))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Body::Bytes(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Body::File(_, left) => *left == 0,
            Body::Events(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Body::Bytes(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Body::File(_, left) => SizeHint::with_exact(*left),
            Body::Events(_) => SizeHint::default(),
        }
    }
}
