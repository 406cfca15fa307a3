//! Telling hosts something: that a feed has news, that a page is to be forgotten. The same client asks about links;
//! here hosts are those that the site's own settings name.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use super::client::{Client, Message};
use super::network::Guard;
use super::verdict::Trouble;

/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The longest pause that a host may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How many messages are on their way at a time.
const AT_ONCE: usize = 8;

/// Tells hosts something.
pub struct Teller {
    client: Arc<Client>,
    runtime: Runtime,
    /// How long a host is left alone before it is told once more.
    pause: Duration,
}

/// What a host answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; empty where it is too long for an answer.
    pub body: Vec<u8>,
}

impl Teller {
    /// A teller that waits for `limit` for a connection, again for the head of an answer, and again for its body; and
    /// for `pause` before it tries a second time.
    pub fn new(guard: Guard, limit: Duration, pause: Duration) -> io::Result<Teller> {
        Ok(Teller {
            client: Arc::new(Client::new(guard, limit).map_err(io::Error::other)?),
            runtime: Builder::new_current_thread().enable_all().build()?,
            pause,
        })
    }

    /// Tells one thing. Where the host is busy or does not answer it is told once more.
    pub fn tell(&self, message: &Message) -> Result<Answer, Trouble> {
        self.runtime.block_on(tell(&self.client, message, self.pause))
    }

    /// Tells several things, some at a time; the answers are in their order. Once a host cannot be reached or takes
    /// none of what it is told at a time, the rest is not told.
    pub fn tell_all(
        &self,
        messages: &[Message],
        is_taken: impl Fn(&Answer) -> bool,
    ) -> Vec<Result<Answer, Trouble>> {
        let mut answers = Vec::with_capacity(messages.len());
        for wave in messages.chunks(AT_ONCE) {
            let wave = self.runtime.block_on(self.wave(wave));
            let is_any_taken = wave.iter().any(|answer| answer.as_ref().is_ok_and(&is_taken));
            answers.extend(wave);
            if !is_any_taken {
                break;
            }
        }
        answers
    }

    async fn wave(&self, messages: &[Message]) -> Vec<Result<Answer, Trouble>> {
        let tasks: Vec<_> = messages
            .iter()
            .map(|message| {
                let (client, message, pause) = (self.client.clone(), message.clone(), self.pause);
                tokio::spawn(async move { tell(&client, &message, pause).await })
            })
            .collect();
        let mut answers = Vec::with_capacity(tasks.len());
        for task in tasks {
            // A task that was ended from outside has no answer.
            answers.push(task.await.unwrap_or(Err(Trouble::Cut)));
        }
        answers
    }
}

async fn tell(client: &Client, message: &Message, pause: Duration) -> Result<Answer, Trouble> {
    let first = client.tell(message, MAX_ANSWER_BYTES).await;
    let pause = match &first {
        Ok((reply, _)) if reply.status == 429 || reply.status >= 500 => reply.wait.unwrap_or(pause),
        Err(Trouble::NoLookup | Trouble::NoConnection | Trouble::Silence | Trouble::Cut) => pause,
        _ => return first.map(answer),
    };
    sleep(pause.min(LONGEST_PAUSE)).await;
    client.tell(message, MAX_ANSWER_BYTES).await.map(answer)
}

fn answer((reply, body): (super::client::Reply, Option<Vec<u8>>)) -> Answer {
    Answer {
        status: reply.status,
        body: body.unwrap_or_default(),
    }
}
