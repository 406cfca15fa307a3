//! A connection for SFTP, made by the system's own `ssh`, which knows the keys, the agent, the known hosts and the
//! settings of whoever publishes.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openssh_sftp_client::{Sftp as Connection, SftpOptions};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::trouble::{Kind, Trouble};

/// How long anything may take that is not sending.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

/// Where to, and with which program.
pub(super) struct Login {
    /// The program, `ssh` as a rule.
    pub(super) program: String,
    pub(super) user: Option<String>,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// The folder of the site: absolute, or below the home of the user.
    pub(super) path: String,
}

/// A connection, and the process that carries it.
pub(super) struct Line {
    pub(super) connection: Connection,
    _process: Child,
}

impl Line {
    /// Makes a connection.
    pub(super) async fn open(login: &Login) -> Result<Line, Trouble> {
        let Login {
            program,
            user,
            host,
            port,
            ..
        } = login;
        let mut command = Command::new(program);
        // Nobody is there to answer questions, and a dead line must show.
        for option in [
            "BatchMode=yes",
            "ConnectTimeout=20",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=3",
            "ClearAllForwardings=yes",
            "LogLevel=ERROR",
        ] {
            command.arg("-o").arg(option);
        }
        if let Some(port) = port {
            command.arg("-p").arg(port.to_string());
        }
        if let Some(user) = user {
            command.arg("-l").arg(user);
        }
        command.args(["-s", "--", host, "sftp"]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().map_err(|error| {
            let why = crate::ground::world::describe(&error);
            Trouble::lasting(Kind::Local, format!("`{program}` does not start: {why}"))
        })?;
        let missing = || Trouble::lasting(Kind::Local, format!("`{program}` has no streams"));
        let stdin = process.stdin.take().ok_or_else(missing)?;
        let stdout = process.stdout.take().ok_or_else(missing)?;
        let mut stderr = process.stderr.take().ok_or_else(missing)?;
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = said.clone();
        let listener = tokio::spawn(async move {
            let mut piece = [0; 1024];
            while let Ok(count @ 1..) = stderr.read(&mut piece).await {
                let mut said = heard.lock().unwrap_or_else(PoisonError::into_inner);
                if said.len() < 16 * 1024 {
                    said.extend_from_slice(&piece[..count]);
                }
            }
        });
        let opened = timeout(LIMIT, Connection::new(stdin, stdout, SftpOptions::default())).await;
        match opened {
            Ok(Ok(connection)) => Ok(Line {
                connection,
                _process: process,
            }),
            failed => {
                // What `ssh` says is worth more than that it is gone.
                let _ = timeout(Duration::from_secs(5), listener).await;
                let said = said.lock().unwrap_or_else(PoisonError::into_inner);
                let said = String::from_utf8_lossy(&said).into_owned();
                Err(match failed {
                    Err(_) => {
                        Trouble::passing(Kind::Unreachable, format!("`{host}` does not answer over ssh"))
                    }
                    Ok(_) => of_ssh(host, &said),
                })
            }
        }
    }
}

/// What the last words of `ssh` mean.
fn of_ssh(host: &str, said: &str) -> Trouble {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let kind = if has(&["Host key verification failed", "REMOTE HOST IDENTIFICATION"]) {
        Kind::HostKey
    } else if has(&[
        "Permission denied",
        "Too many authentication failures",
        "no matching host key",
    ]) {
        Kind::Credentials
    } else if has(&["Could not resolve"]) {
        Kind::NoHost
    } else if has(&["subsystem request failed"]) {
        Kind::Unsupported
    } else {
        Kind::Unreachable
    };
    let said = match said.trim() {
        "" => format!("`ssh` lost the connection to `{host}` without a word"),
        said => said.to_owned(),
    };
    match kind {
        Kind::Unreachable => Trouble::passing(kind, said),
        _ => Trouble::lasting(kind, said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_of_ssh_are_understood() {
        let check = |said: &str, kind: Kind, is_passing: bool| {
            let trouble = of_ssh("h", said);
            assert_eq!((trouble.kind, trouble.is_passing), (kind, is_passing), "{said}");
        };
        check("a@h: Permission denied (publickey).", Kind::Credentials, false);
        check("Host key verification failed.", Kind::HostKey, false);
        check(
            "ssh: Could not resolve hostname h: Name or service not known",
            Kind::NoHost,
            false,
        );
        check(
            "ssh: connect to host h port 22: Connection refused",
            Kind::Unreachable,
            true,
        );
        check("subsystem request failed on channel 0", Kind::Unsupported, false);
        check("", Kind::Unreachable, true);
    }
}
