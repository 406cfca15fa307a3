//! `hosting:`, what the files are made ready for.

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
            fields.absorb(map);
        }
        hosting
    }
}
