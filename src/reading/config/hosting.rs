//! `hosting:`, what the files are made ready for.

use super::switch;
use crate::reading::yaml::Fields;

/// A server whose configuration can take in a file of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
}

/// What the files are made ready for, beside the hosts that need no asking.
#[derive(Clone, Debug, Default)]
pub struct Hosting {
    /// The servers for which there are files to include.
    pub servers: Vec<Server>,
    /// Whether files that pages load have names which tell what they hold.
    pub hashed_names: bool,
}

impl Hosting {
    /// Reads the setting.
    pub fn read(fields: &mut Fields<'_>) -> Hosting {
        let mut hosting = Hosting::default();
        if let Some(mut map) = fields.map(&["hosting"], "the setting `hosting`") {
            let servers = [("nginx", Server::Nginx), ("caddy", Server::Caddy)];
            if let Some(chosen) = map.choices(&["servers"], &servers) {
                hosting.servers = chosen.into_iter().map(|server| server.value).collect();
            }
            switch(&mut map, "hashed_names", &mut hosting.hashed_names);
            fields.absorb(map);
        }
        hosting
    }
}
