//! `hosting:`, what the files are made ready for.

use std::collections::BTreeSet;

use super::switch;
use crate::ground::encoding::encoded;
use crate::reading::yaml::Fields;

/// A server whose configuration can take in a file of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
}

/// How a file is compressed for a server that sends it as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coding {
    /// Known everywhere.
    Gzip,
    /// Smaller, and known by all browsers of the last years.
    Brotli,
}

encoded!(enum Coding { 0 => Gzip, 1 => Brotli });

impl Coding {
    /// What is added to the name of a file.
    pub fn extension(self) -> &'static str {
        match self {
            Coding::Gzip => "gz",
            Coding::Brotli => "br",
        }
    }
}

/// What the files are made ready for, beside the hosts that need no asking.
#[derive(Clone, Debug, Default)]
pub struct Hosting {
    /// The servers for which there are files to include.
    pub servers: Vec<Server>,
    /// Whether GitHub Pages are told the host of `base_url`.
    pub cname: bool,
    /// How texts are compressed beside being there as they are, in order.
    pub compress: Vec<Coding>,
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
            let codings = [("gzip", Coding::Gzip), ("brotli", Coding::Brotli)];
            if let Some(chosen) = map.choices(&["compress"], &codings) {
                let chosen: BTreeSet<Coding> = chosen.into_iter().map(|coding| coding.value).collect();
                hosting.compress = chosen.into_iter().collect();
            }
            switch(&mut map, "cname", &mut hosting.cname);
            switch(&mut map, "hashed_names", &mut hosting.hashed_names);
            fields.absorb(map);
        }
        hosting
    }
}
